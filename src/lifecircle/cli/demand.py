"""The command about demand: demand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json, echo_synthetic


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demand)


def demand(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    years: Annotated[int, typer.Option(min=0, max=50, help="How much older people get.")] = 5,
    homes: Annotated[
        str | None, typer.Option(help="A facility type: every home instead of places.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the table as CSV.")] = None,
    as_json: Json = False,
) -> None:
    """Who needs what against what there is, today and in some years. 各类人群现在与几年后的需求与供给。"""
    from lifecircle.engine import demand as room  # noqa: PLC0415
    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.bundle.write import write_csv  # noqa: PLC0415

    progress = Bars()
    district = read_district(folder)
    network = network_of(district, progress=progress)
    if homes is None:
        table = room.demand(district, network, years=years, progress=progress)
    else:
        table = room.demand_by_home(district, network, homes, years=years, progress=progress)
    if out is not None:
        write_csv(out, {name: table[name] for name in table.column_names})
    rows = table.to_pylist()
    if as_json:
        echo_json({"synthetic": sorted(district.synthetic), "years": years, "rows": rows})
        return
    echo_synthetic(district.synthetic)
    if homes is not None:
        typer.echo(f"{len(rows):,} homes / 处住宅")
        return
    top = [row for row in rows if row["level"] == "district" and row["beyond_now"] is not None]
    for row in sorted(top, key=lambda one: -one["beyond_then"]):
        short = "" if row["short_now"] is None else (
            f"; short of / 缺 {row['short_now']:,.0f} -> {row['short_then']:,.0f} {row['unit']}"
        )  # fmt: skip
        typer.echo(
            f"{row['type_zh']} {row['type']}: {row['people_now']:,.0f} -> {row['people_then']:,.0f} people / 人, beyond the walk / "
            f"步行不及 {row['beyond_now']:,.0f} -> {row['beyond_then']:,.0f}{short}"
        )
