"""All commands in one list."""

from __future__ import annotations

from typing import Annotated

import typer

from lifecircle import __version__
from lifecircle.cli import (
    bundles,
    circles,
    demand,
    field,
    hub,
    methods,
    papers,
    proof,
    results,
    siting,
    standards,
    survey,
    walking,
)

app = typer.Typer(
    name="lifecircle",
    help="15-minute life circles: cards, gaps, walking reach. 15分钟生活圈: 五色卡、缺口、步行可达。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
bundles.register(app)
survey.register(app)
results.register(app)
proof.register(app)
papers.register(app)
walking.register(app)
field.register(app)
methods.register(app)
siting.register(app)
circles.register(app)
demand.register(app)
hub.register(app)
app.add_typer(standards.app, name="standards")


def _version(show: bool) -> None:
    if show:
        typer.echo(f"lifecircle {__version__}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of every command."""
