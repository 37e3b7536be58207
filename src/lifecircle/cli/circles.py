"""The command about circles: circles."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json, echo_synthetic

_WISHES = {"compact": "紧凑", "streets": "不拆街道", "even": "人数均衡", "between": "兼顾"}


class By(StrEnum):
    """What circles are drawn of."""

    community = "community"
    grid = "grid"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(circles)


def circles(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    count: Annotated[
        int | None, typer.Option(help="How many circles; else every number that fits.")
    ] = None,
    least: Annotated[float, typer.Option(help="People of a circle at least.")] = 50_000,
    most: Annotated[float, typer.Option(help="People of a circle at most.")] = 100_000,
    soft: Annotated[
        bool, typer.Option("--soft", help="Bounds may be missed; by how many is said.")
    ] = False,
    by: Annotated[By, typer.Option(help="What is grouped.")] = By.community,
    steps: Annotated[int, typer.Option(min=1, help="Moves of one search.")] = 60_000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same circles.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Write a bundle with the circles of one division.")
    ] = None,
    choose: Annotated[int, typer.Option(min=1, help="Which division is written.")] = 1,
    as_json: Json = False,
) -> None:
    """Draw life circles of communities or grids: in one piece, within bounds, walkable. 划定生活圈。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.circles import draw_circles, keep_circles, units_of  # noqa: PLC0415

    progress = Bars()
    district = read_district(folder)
    units = units_of(district, network_of(district, progress=progress), by.value)
    found = draw_circles(
        units, count, least=least, most=most, hard=not soft, steps=steps, seed=seed, progress=progress
    )  # fmt: skip
    if choose > len(found):
        raise typer.BadParameter(f"1 to {len(found)} / 1 至 {len(found)}", param_hint="--choose")
    if out is not None:
        keep_circles(folder, out, units, found[choose - 1])
    if as_json:
        rows = [{**asdict(one), "label": one.label.tolist()} for one in found]
        echo_json(
            {"synthetic": sorted(district.synthetic), "units": list(units.code), "divisions": rows}
        )
        return
    echo_synthetic(district.synthetic)
    name = dict(zip(units.code, units.name, strict=True))
    for number, one in enumerate(found, start=1):
        typer.echo(f"{number}. {len(one.circles)} circles / 个圈, {one.wish} / {_WISHES[one.wish]}")
        typer.echo(
            f"   {one.walk_s / 60:.1f} min to the centre / 分钟到中心, {one.split:.0%} apart from their street / 与街道分开, "
            f"{one.uneven:.0%} uneven / 不均"
        )
        if number == choose:
            for circle in one.circles:
                beyond = (
                    f", {circle.beyond:+,.0f} beyond the bounds / 超出上下限"
                    if circle.beyond
                    else ""
                )
                typer.echo(
                    f"   {name[circle.centre]}: {circle.people:,.0f} people / 人, {len(circle.members)} {by.value}, "
                    f"{circle.walk_s / 60:.1f} min{beyond}"
                )
    if out is not None:
        typer.echo(f"{out}")
