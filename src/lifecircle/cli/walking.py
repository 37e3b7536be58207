"""Commands about walking: network, isochrone, route."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lifecircle.atomic import atomic_file, check_folder
from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json
from lifecircle.errors import InputError, Issue, NotFoundError

if TYPE_CHECKING:
    from lifecircle.engine.bundle.model import District
    from lifecircle.engine.standards.model import Profile

Folder = Annotated[Path, typer.Argument(help="The bundle.")]
Who = Annotated[str, typer.Option("--profile", help="adult, elder_60, elder_75, child ...")]
MOST_MINUTES = 240.0
"""Farther isochrones are no walk to a service."""

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
    from lifecircle.engine.network.model import SAVED  # noqa: PLC0415

    progress = Bars()
    if out is not None:
        check_folder(out, SAVED)
    district = read_district(folder)
    built = network_of(district, progress=progress)
    if out is not None:
        built.save(out)
    said: dict[str, float] = {"nodes": len(built.nodes.x), "edges": len(built.edges), **built.notes}
    said["seconds"] = round(progress.seconds["network"], 3)
    if as_json:
        echo_json({**said, "synthetic": _made_up(district)})
        return
    _say_made_up(_made_up(district))
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
        raise _bad("--way", way, "out, back or both", "out、back 或 both")
    limits = [_minutes(text) for text in minutes.split(",")]
    spot = _spot("--at", at)
    district = read_district(folder)
    profile = find_profile(district, who)
    results = isochrones(
        network_of(district), profile, spot, limits,
        way=way, moment=Moment.parse(district.moment),  # type: ignore[arg-type]
    )  # fmt: skip
    made_up = _made_up(district)
    features = [
        _feature(one.area, minutes=one.minutes, profile=who, way=way, area_m2=round(one.area_m2),
                 network_m=round(one.length_m), synthetic=made_up)
        for one in reversed(results)
    ]  # fmt: skip
    _write({"type": "FeatureCollection", "features": features}, out)
    if out is not None:
        _say_made_up(made_up)
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

    ends = _spot("--from", start), _spot("--to", end)
    district = read_district(folder)
    profile = find_profile(district, who)
    found = journey(
        network_of(district), profile, *ends, moment=Moment.parse(district.moment),
    )  # fmt: skip
    facts = {
        "minutes": round(found.seconds / 60, 1),
        "length_m": round(found.length_m),
        "climb_m": round(found.climb_m),
        "descent_m": round(found.descent_m),
        "stairs": found.stairs,
        "profile": who,
        "synthetic": _made_up(district),
    }
    if out is not None:
        collection = {"type": "FeatureCollection", "features": [_feature(found.line, **facts)]}
        _write(collection, out)
    if as_json:
        echo_json({**facts, "steps": [asdict(step) for step in found.steps]})
        return
    _say_made_up(_made_up(district))
    typer.echo(", ".join(f"{name} {value}" for name, value in facts.items() if name != "synthetic"))
    for number, step in enumerate(found.steps, start=1):
        typer.echo(f"{number}. {step.zh} / {step.en}")


def find_profile(district: District, who: str) -> Profile:
    """Return a profile of a district's standard."""
    profiles = district.standards.profiles
    if who not in profiles:
        raise NotFoundError(
            f"no profile {who!r}; there are {', '.join(profiles)} / 没有这个步行画像"
        )
    return profiles[who]


def _made_up(district: District) -> list[str]:
    """Which parts of the map are made up; the tables do not matter to a walk."""
    return sorted(district.synthetic & {"network", "elevation"})


def _say_made_up(parts: list[str]) -> None:
    if parts:
        typer.echo(f"SYNTHETIC / 合成数据: {', '.join(parts)}")


def _spot(option: str, text: str) -> tuple[float, float]:
    parts = text.split(",")
    if len(parts) != 2:
        raise _bad(
            option, text, "longitude,latitude such as 106.56,29.55", "经度,纬度, 如 106.56,29.55"
        )
    lon, lat = (_number(option, part) for part in parts)
    if abs(lon) <= 90 < abs(lat) <= 180:
        raise _bad(option, text, "longitude, then latitude: swapped?", "先经度后纬度, 是否颠倒?")
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        expected = "longitude in -180..180, then latitude in -90..90"
        raise _bad(option, text, expected, "经度 -180..180, 纬度 -90..90")
    return lon, lat


def _minutes(text: str) -> float:
    value = _number("--minutes", text)
    if not 0 < value <= MOST_MINUTES:
        expected = f"minutes above 0, at most {MOST_MINUTES:g}"
        raise _bad("--minutes", text, expected, f"大于 0 且不超过 {MOST_MINUTES:g} 分钟")
    return value


def _number(option: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _bad(option, text, "a number", "数字")
    return value


def _bad(option: str, value: str, expected: str, expected_zh: str) -> InputError:
    issue = Issue("option", option, expected, expected_zh, value=value)
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
