"""Commands about walking: network, isochrone, route."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lifecircle.atomic import atomic_file
from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json
from lifecircle.errors import InputError, Issue, NotFoundError

if TYPE_CHECKING:
    from lifecircle.engine.bundle.model import District
    from lifecircle.engine.standards.model import Profile

Folder = Annotated[Path, typer.Argument(help="The bundle.")]
Who = Annotated[str, typer.Option("--profile", help="adult, elder_60, elder_75, child ...")]
OutFile = Annotated[Path | None, typer.Option(help="Write GeoJSON there.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(network)
    app.command()(isochrone)
    app.command()(route)


def network(
    folder: Folder,
    out: Annotated[Path | None, typer.Option(help="Save it there (Arrow).")] = None,
    as_json: Json = False,
) -> None:
    """Build the walking network and say what was noticed. 构建步行网络。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415

    progress = Bars()
    built = network_of(read_district(folder), progress=progress)
    if out is not None:
        built.save(out)
    said: dict[str, float] = {"nodes": len(built.nodes.x), "edges": len(built.edges), **built.notes}
    said["seconds"] = round(progress.seconds["network"], 3)
    if as_json:
        echo_json(said)
        return
    for name, value in said.items():
        typer.echo(f"{name.replace('_', ' ')}: {value:,}")


def isochrone(
    folder: Folder,
    at: Annotated[str, typer.Option(help="lon,lat (WGS84).")],
    minutes: Annotated[str, typer.Option(help="Comma-separated.")] = "5,10,15",
    who: Who = "adult",
    way: Annotated[str, typer.Option(help="back (from here), out (to here), both.")] = "both",
    out: OutFile = None,
) -> None:
    """Draw what is within a walk of a point. 步行等时圈。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.network import isochrones  # noqa: PLC0415
    from lifecircle.moment import Moment  # noqa: PLC0415

    if way not in {"out", "back", "both"}:
        raise _bad("--way", way, "out, back or both")
    limits = [_number("--minutes", text) for text in minutes.split(",")]
    district = read_district(folder)
    results = isochrones(
        network_of(district), _profile(district, who), _spot("--at", at), limits,
        way=way, moment=Moment.parse(district.moment),  # type: ignore[arg-type]
    )  # fmt: skip
    features = [
        _feature(one.area, minutes=one.minutes, profile=who, way=way, area_m2=round(one.area_m2),
                 network_m=round(one.length_m))
        for one in reversed(results)
    ]  # fmt: skip
    _write({"type": "FeatureCollection", "features": features}, out)
    if out is not None:
        for one in results:
            typer.echo(
                f"{one.minutes:g} min: {one.area_m2 / 1e4:,.1f} ha, {one.length_m / 1e3:,.1f} km"
            )


def route(
    folder: Folder,
    start: Annotated[str, typer.Option("--from", help="lon,lat (WGS84).")],
    end: Annotated[str, typer.Option("--to", help="lon,lat (WGS84).")],
    who: Who = "adult",
    out: OutFile = None,
    as_json: Json = False,
) -> None:
    """Walk from one point to another. 步行路线。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.network import journey  # noqa: PLC0415
    from lifecircle.moment import Moment  # noqa: PLC0415

    district = read_district(folder)
    found = journey(
        network_of(district), _profile(district, who), _spot("--from", start), _spot("--to", end),
        moment=Moment.parse(district.moment),
    )  # fmt: skip
    facts = {
        "minutes": round(found.seconds / 60, 1),
        "length_m": round(found.length_m),
        "climb_m": round(found.climb_m),
        "descent_m": round(found.descent_m),
        "stairs": found.stairs,
    }
    if out is not None:
        collection = {"type": "FeatureCollection", "features": [_feature(found.line, **facts)]}
        _write(collection, out)
    if as_json:
        echo_json({**facts, "steps": [asdict(step) for step in found.steps]})
        return
    typer.echo(", ".join(f"{name} {value}" for name, value in facts.items()))
    for number, step in enumerate(found.steps, start=1):
        typer.echo(f"{number}. {step.zh} / {step.en}")


def _profile(district: District, who: str) -> Profile:
    profiles = district.standards.profiles
    if who not in profiles:
        raise NotFoundError(
            f"no profile {who!r}; there are {', '.join(profiles)} / 没有这个步行画像"
        )
    return profiles[who]


def _spot(option: str, text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != 2:
        raise _bad(option, text, "longitude,latitude such as 106.56,29.55")
    lon, lat = (_number(option, part) for part in parts)
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise _bad(option, text, "longitude in -180..180, then latitude in -90..90")
    return lon, lat


def _number(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise _bad(option, text, "a number") from None


def _bad(option: str, value: str, expected: str) -> InputError:
    issue = Issue("option", option, expected, expected, value=value)
    return InputError(f"{option} cannot be read / 参数有误", (issue,))


def _feature(shape: Any, **properties: Any) -> dict[str, Any]:
    import shapely  # noqa: PLC0415

    return {
        "type": "Feature",
        "properties": properties,
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def _write(collection: dict[str, Any], out: Path | None) -> None:
    text = json.dumps(collection, ensure_ascii=False)
    if out is None:
        typer.echo(text)
        return
    with atomic_file(out) as temporary:
        temporary.write_text(text, encoding="utf-8")
