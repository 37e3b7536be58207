"""Commands about the standard: show, check, export."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from lifecircle.cli.bundles import Json
from lifecircle.cli.show import echo_json
from lifecircle.errors import NotFoundError

app = typer.Typer(
    help="The standard: types, norms, groups, profiles, colours. 标准。", no_args_is_help=True
)
Folder = Annotated[
    Path | None, typer.Option("--standard", help="A folder of TOML; else the default.")
]


@app.command()
def show(
    key: Annotated[str, typer.Argument(help="A type, category, theme, group or profile.")] = "",
    folder: Folder = None,
    as_json: Json = False,
) -> None:
    """Show the list of types, or one entry with the source of each number. 查看标准。"""
    standards = _load(folder)
    if key:
        entry = next(
            (
                table[key]
                for table in (
                    standards.types, standards.categories, standards.themes, standards.groups,
                    standards.bands, standards.profiles,
                )
                if key in table
            ),
            None,
        )  # fmt: skip
        if entry is None:
            raise NotFoundError(f"nothing called {key!r} in the standard / 标准中没有")
        _print(asdict(entry), as_json)
        return
    rows = [
        {
            "id": t.id, "name_zh": t.name_zh, "name_en": t.name_en, "category": t.category,
            "theme": t.theme, "tier": t.tier, "class": t.type_class, "measure": t.measure,
            "walk_min": None if t.walk_min is None else t.walk_min.value,
            "norm": None if t.norm is None else f"{t.norm.value:g} {t.norm.unit}/{t.norm_base}",
        }
        for t in standards.types.values()
    ]  # fmt: skip
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        typer.echo(
            f"{row['id']:24}{row['category']} {row['theme']} {row['tier']:>2} {row['class']:8}"
            f"{row['measure']:10}{row['walk_min'] or '-':>5} {row['norm'] or '':32}{row['name_zh']}"
        )


@app.command()
def check(folder: Folder = None, as_json: Json = False) -> None:
    """Check that a standard holds together. 检查标准。"""
    from lifecircle.engine.standards import check as run  # noqa: PLC0415

    issues = run(_load(folder))
    if as_json:
        echo_json([issue.to_json() for issue in issues])
    else:
        for issue in issues:
            typer.echo(str(issue))
        typer.echo(f"{len(issues)} issues / 问题 {len(issues)} 个")
    if issues:
        raise typer.Exit(3)


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="Folder for the TOML files.")], folder: Folder = None
) -> None:
    """Write the standard as TOML, to change and read back. 导出标准。"""
    from lifecircle.engine.standards import export as run  # noqa: PLC0415

    run(_load(folder), out)
    typer.echo(str(out))


def _load(folder: Path | None) -> Any:
    from lifecircle.engine.standards import default, read  # noqa: PLC0415

    return default() if folder is None else read(folder)


def _print(entry: dict[str, Any], as_json: bool) -> None:
    if as_json:
        echo_json(entry)
        return
    for name, value in entry.items():
        if isinstance(value, dict):
            flags = value["origin"] + (", to be verified / 待核" if value["verify"] else "")
            typer.echo(f"{name}: {value['value']:g} {value['unit']} ({flags}; {value['source']})")
        else:
            typer.echo(f"{name}: {value}")
