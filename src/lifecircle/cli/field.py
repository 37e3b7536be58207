"""The command about timed field walks: calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lifecircle.cli.bundles import Json
from lifecircle.cli.show import echo_json
from lifecircle.cli.walking import find_profile
from lifecircle.errors import InputError, Issue

if TYPE_CHECKING:
    from lifecircle.engine.network import TimedWalk

_NUMBERS = ("from_lon", "from_lat", "to_lon", "to_lat", "seconds")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(calibrate)


def calibrate(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    walks: Annotated[
        Path,
        typer.Argument(help="Timed walks: profile, from_lon, from_lat, to_lon, to_lat, seconds."),
    ],
    as_json: Json = False,
) -> None:
    """Fit walking speeds to timed field walks. 用实测步行校准步速。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.network import calibrate as fit  # noqa: PLC0415
    from lifecircle.moment import Moment  # noqa: PLC0415

    timed = _read(walks)
    district = read_district(folder)
    profiles = {who: find_profile(district, who) for who in timed}
    network, moment = network_of(district), Moment.parse(district.moment)
    said = {}
    for who, rows in timed.items():
        found = fit(network, profiles[who], rows, moment=moment)
        said[who] = {
            "overrides": found.overrides(),
            "walks": len(rows),
            "lost_rows": found.lost,
            "rmse_before_s": round(found.rmse_before_s, 1),
            "rmse_after_s": round(found.rmse_after_s, 1),
            "residuals": [
                {"row": r.row, "seconds": r.seconds, "before_s": round(r.before_s, 1),
                 "after_s": round(r.after_s, 1), "disagrees": r.disagrees}
                for r in found.residuals
            ],
            "ways_that_disagree": {str(way): round(off, 2) for way, off in found.ways.items()},
        }  # fmt: skip
    if as_json:
        echo_json(said)
        return
    for who, one in said.items():
        typer.echo(
            f"{who}: {one['walks']} walks, rmse {one['rmse_before_s']} s → {one['rmse_after_s']} s"
            f" / {one['walks']} 次实测, 均方根误差 {one['rmse_before_s']} → {one['rmse_after_s']} 秒"
        )
        for row in one["residuals"]:  # type: ignore[attr-defined]
            mark = "  ← disagrees / 不符" if row["disagrees"] else ""
            off = row["seconds"] - row["after_s"]
            typer.echo(f"  row {row['row']}: {row['seconds']:g} s, {off:+.0f} s{mark}")
        if one["lost_rows"]:
            typer.echo(f"  no route / 无路可达: rows {', '.join(map(str, one['lost_rows']))}")  # type: ignore[call-overload]
        for way, off in one["ways_that_disagree"].items():  # type: ignore[attr-defined]
            typer.echo(f"  way {way}: {off:+.0%} – check it on the ground / 请实地核对")
    typer.echo("\n[standards]")
    for one in said.values():
        for path, value in one["overrides"].items():  # type: ignore[attr-defined]
            typer.echo(f'"{path}" = {value}')


def _read(path: Path) -> dict[str, list[TimedWalk]]:
    """Read timed walks by profile; every bad cell is named."""
    from lifecircle.engine.bundle.cells import number_of, text_of  # noqa: PLC0415
    from lifecircle.engine.bundle.readers import read_table  # noqa: PLC0415
    from lifecircle.engine.network import TimedWalk  # noqa: PLC0415

    if not path.is_file():
        issue = Issue("missing_file", path.name, "a table of timed walks", "实测步行表")
        raise InputError(f"{path}: not there / 没有此文件", (issue,))
    raw = read_table(path, "walks")
    missing = [name for name in ("profile", *_NUMBERS) if name not in raw.columns]
    issues = [
        Issue("missing_column", path.name, f"a column {name}", f"应有列“{name}”", column=name)
        for name in missing
    ]
    timed: dict[str, list[TimedWalk]] = {}
    for k, row in enumerate(raw.rows.tolist() if not missing else []):
        values = [number_of(raw.columns[name][k]) for name in _NUMBERS]
        limits = (180, 90, 180, 90, 86_400)
        for name, value, most in zip(_NUMBERS, values, limits, strict=True):
            if not abs(value) <= most or (name == "seconds" and not value > 0):
                expected = f"a number up to {most}", f"不超过 {most} 的数字"
                shown = text_of(raw.columns[name][k])[:40]
                issues.append(Issue("value", path.name, *expected, row, name, shown))
        walk = TimedWalk(row, (values[0], values[1]), (values[2], values[3]), values[4])
        timed.setdefault(text_of(raw.columns["profile"][k]), []).append(walk)
    if issues:
        raise InputError(f"{path}: cannot be used / 不能使用", tuple(issues))
    return timed
