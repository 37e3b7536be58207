"""Commands that make what is sent on: report (PDF, HTML), geopackage."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lifecircle.cli.show import Bars

Run = Annotated[Path, typer.Argument(help="A folder of results.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(report)
    app.command()(geopackage)


def report(
    run: Run,
    out: Annotated[Path, typer.Option(help="The paper: .pdf or .html.")],
    area: Annotated[
        str, typer.Option(help="A street or community, by code or name; else the district.")
    ] = "",
    lang: Annotated[Literal["zh", "en"], typer.Option(help="Chinese or English.")] = "zh",
    since: Annotated[
        Path | None, typer.Option(help="An earlier run: tell what changed since.")
    ] = None,
) -> None:
    """Write a report to send on or pin up. 写出可转发、可张贴的报告。"""
    from lifecircle.engine.papers import write_paper  # noqa: PLC0415

    with Bars().stage("paper"):
        write_paper(run, out, area=area, lang=lang, since=since)
    typer.echo(str(out))


def geopackage(run: Run, out: Annotated[Path, typer.Option(help="The .gpkg file.")]) -> None:
    """Write a GeoPackage with QGIS styles. 写出带 QGIS 样式的 GeoPackage。"""
    from lifecircle.engine.papers import write_geopackage  # noqa: PLC0415

    with Bars().stage("paper"):
        write_geopackage(run, out)
    typer.echo(str(out))
