"""Commands about two runs, or one made again: compare, verify."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lifecircle.atomic import atomic_file
from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json

if TYPE_CHECKING:
    from lifecircle.engine.runs import Comparison

_SHOWN = 30
_WORDS = {
    "rose": "上升", "fell": "下降", "better": "得分升", "worse": "得分降", "new": "新评", "gone": "不再评",
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(compare)
    app.command()(verify)


def compare(
    before: Annotated[Path, typer.Argument(help="Results of the earlier run.")],
    after: Annotated[Path, typer.Argument(help="Results of the later run.")],
    out: Annotated[Path | None, typer.Option(help="Write every change there (.csv).")] = None,
    as_json: Json = False,
) -> None:
    """Say what rose, what fell and why. 比较两次评估: 升降与原因。"""
    from lifecircle.engine.bundle import write_csv  # noqa: PLC0415
    from lifecircle.engine.report import safe_text  # noqa: PLC0415
    from lifecircle.engine.runs import Run  # noqa: PLC0415
    from lifecircle.engine.runs import compare as run  # noqa: PLC0415

    found = run(Run.open(before), Run.open(after))
    rows = found.changes.to_pylist()
    if out is not None:
        columns = {
            name: [safe_text(";".join(v) if isinstance(v, list) else v)
                   if isinstance(v, str | list) else v for v in (row[name] for row in rows)]
            for name in found.changes.column_names
        }  # fmt: skip
        with atomic_file(out) as temporary:
            write_csv(temporary, columns)
    if as_json:
        said = {"inputs": found.inputs, "counts": found.counts, "same": found.same, "changes": rows}
        echo_json(said)
        return
    _tell(found)


def _tell(found: Comparison) -> None:
    typer.echo(f"inputs that differ / 有变的输入: {', '.join(found.inputs) or '–'}")
    for scope, counts in found.counts.items():
        said = ", ".join(f"{_WORDS[c]} {c} {n}" for c, n in counts.items())
        typer.echo(f"{scope}: {said}")
    typer.echo(f"same / 不变: {found.same:,}")
    rows = [r for r in found.changes.to_pylist() if r["change"] in {"rose", "fell", "new", "gone"}]
    for row in rows[:_SHOWN]:
        typer.echo(
            f"{_WORDS[row['change']]} {row['area_zh']} · {row['key_zh']}: "
            f"{row['colour_before'] or '–'} → {row['colour_after'] or '–'}  {row['why_zh']}"
        )
        typer.echo(
            f"    {row['change']} {row['area_en'] or row['area_zh']} · {row['key_en']}  {row['why_en']}"
        )
    if len(rows) > _SHOWN:
        typer.echo(f"… {len(rows) - _SHOWN} more; --json or --out has them all / 其余见 --out")


def verify(
    run: Annotated[Path, typer.Argument(help="A folder of results.")],
    bundle: Annotated[Path, typer.Option(help="The bundle that it was made from.")],
    card: Annotated[
        tuple[str, str] | None, typer.Option(help="A place and a type: only that card.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Make a run again and say whether it is equal, or what differs. 按清单复现并核对。"""
    from lifecircle.engine.verifying import verify as prove  # noqa: PLC0415

    proof = prove(run, bundle, card=card, progress=Bars())
    if as_json:
        echo_json({"equal": proof.equal, **asdict(proof)})
    else:
        for zh, en, names in (
            ("结果文件被改动", "result files were touched", proof.touched),
            ("输入文件不同", "input files differ", proof.inputs),
            ("复现的文件不同", "files came out differently", proof.files),
        ):
            if names:
                typer.echo(f"{zh} {en}: {', '.join(names)}")
        for area, key, column, then, now in proof.cards:
            typer.echo(f"  {area} {key} {column}: {then} → {now}")
        if proof.versions[0] != proof.versions[1]:
            typer.echo(f"程序版本 program: {proof.versions[0]} → {proof.versions[1]}")
        if proof.card is not None:
            typer.echo(
                f"{proof.card['area_zh']} · {proof.card['key_zh']}: {proof.card['reason_zh']}"
            )
            typer.echo(f"  {proof.card['reason_en']}")
        typer.echo("一致 equal" if proof.equal else "不一致 not equal")
    if not proof.equal:
        raise typer.Exit(1)
