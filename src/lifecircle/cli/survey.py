"""Commands about the survey workbook: template, import. (`check` checks it.)"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Bundle = Annotated[Path, typer.Option(help="The district that it belongs to.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(template)
    app.command("import")(take_in)


def template(
    out: Annotated[Path, typer.Argument(help="The workbook to make (.xlsx).")],
    bundle: Annotated[
        Path | None, typer.Option(help="A district whose places are filled in.")
    ] = None,
) -> None:
    """Make a survey workbook to fill in. 生成供填报的调查表。"""
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.bundle.survey import write_template  # noqa: PLC0415

    write_template(out, None if bundle is None else read_district(bundle))
    typer.echo(str(out))


def take_in(
    workbook: Annotated[Path, typer.Argument(help="A filled-in workbook (.xlsx).")],
    bundle: Bundle,
    out: Annotated[Path, typer.Option(help="The new bundle.")],
) -> None:
    """Make a new bundle of an old one and a survey workbook. 把填好的调查表导入为新的数据包。"""
    from lifecircle.engine.bundle.survey import import_workbook  # noqa: PLC0415

    district = import_workbook(workbook, bundle, out)
    typer.echo(
        f"{out}: {len(district.facilities.id):,} facilities, {district.population:,.0f} residents / 已导入"
    )
