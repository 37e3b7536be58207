"""The command about sites: site."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(site)


def site(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    kind: Annotated[str, typer.Option("--type", help="A facility type: elder_canteen ...")],
    count: Annotated[int, typer.Option(help="How many idle spaces to use.")] = 1,
    seconds: Annotated[float, typer.Option(min=0, help="Search no longer.")] = 30.0,
    as_json: Json = False,
) -> None:
    """Choose idle spaces for a type of facility, by the people newly reached. 为一类设施选用闲置空间。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.siting import propose  # noqa: PLC0415

    progress = Bars()
    district = read_district(folder)
    network = network_of(district, progress=progress)
    found = propose(district, network, kind, count, seconds=seconds, progress=progress)
    siting = found.siting
    if as_json:
        about = {
            "value": siting.value, "bound": siting.bound, "gap": siting.gap,
            "seconds": siting.seconds, "nodes": siting.nodes,
        }  # fmt: skip
        echo_json(
            {
                "type": kind, "synthetic": sorted(district.synthetic), "candidates": found.candidates,
                "unreached": found.unreached, **about,
                "sites": [asdict(one) for one in found.sites], "by_community": found.by_community,
                "cards": [asdict(one) for one in found.cards],
            }
        )  # fmt: skip
        return
    if district.synthetic:
        typer.echo(f"SYNTHETIC / 合成数据: {', '.join(sorted(district.synthetic))}")
    name = district.standards.types[kind].name_zh
    typer.echo(
        f"{name} {kind}: {siting.value:,.0f} of {found.unreached:,.0f} people newly reached / 新覆盖人数; "
        f"{count} of {found.candidates} spaces / 处空间"
    )
    typer.echo(
        f"within {siting.gap:.2%} of the best, {siting.seconds:.1f} s / 距最优不超过 {siting.gap:.2%}"
    )
    for number, one in enumerate(found.sites, start=1):
        cost = "" if math.isnan(one.cost_cny) else f", {one.cost_cny:,.0f} CNY"
        typer.echo(
            f"{number}. {one.name} ({one.space}): +{one.reached:,.0f} people / 人, "
            f"{one.area_m2:,.0f} m2{cost}"
        )
    zh = dict(zip(district.places.code, district.places.name_zh, strict=True))
    for card in found.cards:
        if card.scope == "type" and card.colour_before != card.colour_after:
            typer.echo(f"{zh[card.area]} {card.area}: {card.colour_before} -> {card.colour_after}")
