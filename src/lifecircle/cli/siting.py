"""The commands about sites: site, plan, ways."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json, echo_synthetic


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(site)
    app.command()(plan)
    app.command()(ways)


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
    from lifecircle.engine.drafting import Draft  # noqa: PLC0415
    from lifecircle.engine.siting import propose  # noqa: PLC0415

    progress = Bars()
    district = read_district(folder)
    network = network_of(district, progress=progress)
    draft = Draft(district, network, progress=progress)
    found = propose(draft, kind, count, seconds=seconds, progress=progress)
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
    echo_synthetic(district.synthetic)
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


def plan(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    budget: Annotated[
        list[float] | None, typer.Option(min=0, help="CNY of a year; once a year.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--type", help="A facility type; several may be given.")
    ] = None,
    hours: Annotated[
        list[str] | None, typer.Option(help="TYPE=OPENING_HOURS: types may share a room.")
    ] = None,
    apart: Annotated[list[str] | None, typer.Option(help="TYPE,TYPE: never in one space.")] = None,
    from_year: Annotated[
        int | None, typer.Option(help="The calendar year of the first budget.")
    ] = None,
    fair: Annotated[
        float, typer.Option(min=0, help="How much more people count where more is lacking.")
    ] = 0.0,
    gap_between: Annotated[
        float | None, typer.Option(min=0, max=1, help="Bound between communities.")
    ] = None,
    seconds: Annotated[float, typer.Option(min=0, help="Search no longer.")] = 10.0,
    exact: Annotated[
        bool, typer.Option("--exact", help="Then as an integer program, for as long again.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="Write what is built as CSV.")] = None,
    as_json: Json = False,
) -> None:
    """Choose what to build in idle spaces: several types, a budget a year. 用闲置空间编制建设计划。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.bundle.write import write_csv  # noqa: PLC0415
    from lifecircle.engine.drafting import Draft  # noqa: PLC0415
    from lifecircle.engine.siting import Wishes  # noqa: PLC0415
    from lifecircle.engine.siting import plan as make_plan  # noqa: PLC0415

    wishes = Wishes(
        kinds=kind, hours=dict(_pair(one, "=", "--hours") for one in hours or ()), from_year=from_year,
        apart=[_pair(one, ",", "--apart") for one in apart or ()], fair=fair, gap_between=gap_between,
    )  # fmt: skip
    progress = Bars()
    district = read_district(folder)
    draft = Draft(district, network_of(district, progress=progress), progress=progress)
    found = make_plan(draft, budget, wishes, seconds=seconds, exact=exact, progress=progress)
    rows = [asdict(one) for one in found.builds]
    if out is not None:
        write_csv(
            out, {name: [row[name] for row in rows] for name in rows[0]} if rows else {"year": []}
        )
    best = found.programme
    if as_json:
        echo_json(
            {
                "synthetic": sorted(district.synthetic), "options": found.options, "value": best.value,
                "bound": best.bound, "gap": best.gap, "seconds": best.seconds, "builds": rows,
                "promised": found.promised, "reached": found.reached, "cost_by_year": found.cost_by_year,
                "cost_per_person": found.cost_per_person,
                "shares": [asdict(one) for one in found.shares], "gap_between": found.gap_between,
                "cards": [asdict(one) for one in found.cards], "notes": [one.to_json() for one in found.notes],
            }
        )  # fmt: skip
        return
    echo_synthetic(district.synthetic)
    name = {one.id: one.name_zh for one in district.standards.types.values()}
    typer.echo(
        f"{len(found.builds)} of {found.options} options / 项; {found.cost_cny:,.0f} CNY; within {best.gap:.1%} of the best / "
        f"距最优不超过 {best.gap:.1%}"
    )
    for one in found.builds:
        cost = "" if budget is None else f", {one.cost_cny:,.0f} CNY"
        typer.echo(
            f"{one.year}: {name[one.kind]} {one.kind}, {one.name} {one.space or one.facility}: +{one.serves:,.0f} people / 人{cost}"
        )
    for key, people in found.promised.items():
        typer.echo(
            f"{name[key]} {key}: {people:,.0f} served on paper / 计划新增服务, {found.reached[key]:,.0f} newly within the walk / 新覆盖"
        )
    if budget is not None and found.builds:
        typer.echo(f"{found.cost_per_person:,.0f} CNY a person / 元每人")
    before, after = found.gap_between
    typer.echo(f"between communities / 社区间差距: {before:.1%} -> {after:.1%}")
    better = sum(1 for c in found.cards if c.scope == "type" and c.colour_before != c.colour_after)
    typer.echo(f"{better} cards change colour / 张卡变色")
    for note in found.notes:
        typer.echo(str(note))


def ways(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    options: Annotated[
        Path, typer.Argument(help="A table: name, kind, lon, lat, to_lon, to_lat, cost_cny.")
    ],
    count: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    budget: Annotated[float | None, typer.Option(min=0, help="At most so many CNY.")] = None,
    seconds: Annotated[float, typer.Option(min=0, help="Choose no further one after that.")] = 60.0,
    as_json: Json = False,
) -> None:
    """Choose lifts, stairs and paths, each with those before it: a heuristic. 选择电梯、梯道、步道 (启发式)。"""
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.drafting import Draft  # noqa: PLC0415
    from lifecircle.engine.siting import choose_ways, read_ways  # noqa: PLC0415

    given = read_ways(options)
    progress = Bars()
    district = read_district(folder)
    draft = Draft(district, network_of(district, progress=progress), progress=progress)
    found = choose_ways(
        draft, given, count=count, budget=budget, seconds=seconds, progress=progress
    )
    if as_json:
        echo_json({"synthetic": sorted(district.synthetic), "heuristic": True, **asdict(found)})
        return
    echo_synthetic(district.synthetic)
    typer.echo(
        f"{len(found.steps)} of {len(given)} / 项: {found.reached:,.0f} newly reached over all types / 各类设施新覆盖人次; "
        f"{found.cost_cny:,.0f} CNY; heuristic / 启发式"
    )
    for number, step in enumerate(found.steps, start=1):
        typer.echo(
            f"{number}. {step.option.name} ({step.option.kind}): +{step.adds:,.0f} with those before / 与前项一起, "
            f"{step.alone:,.0f} alone / 单独"
        )
    if found.stopped:
        typer.echo("time ran out / 时间用尽")


def _pair(text: str, mark: str, option: str) -> tuple[str, str]:
    first, found, second = text.partition(mark)
    if not (found and first and second):
        raise typer.BadParameter(f"A{mark}B", param_hint=option)
    return first.strip(), second.strip()
