"""Commands about grades: assess, explain."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from lifecircle.cli.bundles import Json
from lifecircle.cli.show import Bars, echo_json
from lifecircle.errors import InputError, Issue, NotFoundError
from lifecircle.moment import Moment

if TYPE_CHECKING:
    from lifecircle.engine.grading import Assessment


FEWEST_DRAWS = 3
"""One a walking speed."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(assess)
    app.command()(explain)


def assess(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    out: Annotated[Path, typer.Option(help="Folder of results; replaced whole.")],
    way: Annotated[
        Literal["both", "out", "back"], typer.Option(help="There and back, or one way.")
    ] = "both",
    moments: Annotated[
        str, typer.Option(help="Grade these moments too: evening,night or 'Sa 20:00'.")
    ] = "",
    draws: Annotated[
        int,
        typer.Option("--uncertainty", min=0, max=10_000, help="Draws for the odds of each colour."),
    ] = 0,
    as_json: Json = False,
) -> None:
    """Assess a district: cards, gaps, workbook, report. 评估并写出五色卡、缺口、表格与报告。"""
    from lifecircle.engine.assess import assess as run  # noqa: PLC0415

    extra = _moments(moments)
    if 0 < draws < FEWEST_DRAWS:
        expected = f"0, or at least {FEWEST_DRAWS} draws", f"0, 或至少 {FEWEST_DRAWS} 次"
        issue = Issue("option", "--uncertainty", *expected, value=str(draws))
        raise InputError("--uncertainty cannot be read / 参数有误", (issue,))
    tell(
        summary(run(folder, out, way=way, moments=extra, draws=draws, progress=Bars()), out),
        as_json,
    )


def _moments(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        try:
            Moment.parse(name)
        except ValueError:
            expected = (
                "evening, night, day, or such as 'Sa 20:00'",
                "evening、night、day 或如 'Sa 20:00'",
            )
            issue = Issue("option", "--moments", *expected, value=name)
            raise InputError("--moments cannot be read / 参数有误", (issue,)) from None
    return names


def summary(assessment: Assessment, out: Path) -> dict[str, Any]:
    """What `--json` prints: seconds by stage, places, cards by colour, what is synthetic."""
    district = assessment.district
    rows = zip(
        assessment.cards["scope"].to_pylist(), assessment.cards["colour"].to_pylist(), strict=True
    )
    by_scope: dict[str, Counter[str]] = {}
    for scope, colour in rows:
        by_scope.setdefault(scope, Counter())[colour] += 1
    overall = assessment.card(str(district.places.code[0]), "overall")
    return {
        "district": {
            "code": district.code,
            "name_zh": district.name_zh,
            "name_en": district.name_en,
        },
        "population": district.population,
        "places": dict(Counter(str(level) for level in district.places.level)),
        "facilities": len(district.facilities.id),
        "overall": {"colour": overall["colour"], "score": overall["score"]},
        "cards": {scope: dict(sorted(count.items())) for scope, count in by_scope.items()},
        "gaps": assessment.gaps.num_rows,
        "network": assessment.network,
        "synthetic": sorted(district.synthetic),
        "warnings": [str(issue) for issue in assessment.warnings],
        "seconds": {name: round(seconds, 3) for name, seconds in assessment.seconds.items()},
        "results": sorted(str(path) for path in out.iterdir()),
    }


def tell(said: dict[str, Any], as_json: bool) -> None:
    """Print a summary, for a person or a machine."""
    if as_json:
        echo_json(said)
        return
    if said["synthetic"]:
        typer.echo(f"SYNTHETIC / 合成数据: {', '.join(said['synthetic'])}")
    typer.echo(
        f"{said['district']['name_zh']} {said['district']['name_en']}: "
        f"{said['population']:,.0f} residents, {said['facilities']:,} facilities, "
        f"{said['network']['nodes']:,} walk nodes"
    )
    cards = said["cards"]["type"]
    typer.echo("type cards / 类型卡: " + ", ".join(f"{k} {v}" for k, v in cards.items()))
    if said["warnings"]:
        typer.echo(f"{len(said['warnings'])} warnings, in the report / 警告见报告")
    typer.echo(f"{sum(said['seconds'].values()):.1f} s")
    for path in said["results"]:
        typer.echo(f"  {path}")


def explain(
    place: Annotated[str, typer.Argument(help="Code or name of a place.")],
    key: Annotated[str, typer.Argument(help="A type, category, theme, or 'overall'.")],
    run: Annotated[Path, typer.Option(help="Folder of results.")] = Path("out/demo/results"),
    as_json: Json = False,
) -> None:
    """Say why a card has its colour. 说明一张卡的等级从何而来。"""
    from lifecircle.engine.grading.find import find_card  # noqa: PLC0415
    from lifecircle.engine.runs import Run  # noqa: PLC0415

    if not (run / "cards.parquet").is_file():
        raise NotFoundError(f"{run}: no results there; run `lifecircle assess` first / 没有结果")
    row = find_card(Run.open(run).cards, place, key)
    if as_json:
        echo_json(row)
        return
    typer.echo(f"{row['area_zh']} · {row['key_zh']} ({row['key_en']}): {row['colour']}")
    typer.echo(f"  {row['reason_zh']}\n  {row['reason_en']}")
    if row["gap"]:
        amount = f"{row['gap']:,.0f}" if row["gap"] >= 10 else f"{row['gap']:.1f}"
        typer.echo(f"  缺口 gap: {amount} {row['gap_unit_zh']} ({row['gap_unit']})")
    if row["lift_zh"]:
        typer.echo(f"  {row['lift_zh']}\n  {row['lift_en']}")
    if row["edge"]:
        typer.echo(
            "  边界外的资料不全, 见提示 what lies beyond the boundary is not known, see the warnings"
        )
    if (run / "probabilities.parquet").is_file():
        _tell_odds(find_card(Run.open(run).table("probabilities"), row["area"], row["key"]))
    if row["synthetic"]:
        typer.echo("  SYNTHETIC / 含合成数据")


def _tell_odds(odds: dict[str, Any]) -> None:
    likely = sorted((-p, c[2:]) for c, p in odds.items() if c.startswith("p_") and p > 0)
    said = ", ".join(f"{colour} {-p:.0%}" for p, colour in likely)
    border = " · 临界 borderline" if odds["borderline"] else ""
    typer.echo(f"  可能性 odds: {said}{border}")
    if odds["rank"] is not None:
        stable = "稳定 stable" if odds["rank_stable"] else "不稳定 unstable"
        typer.echo(
            f"  名次 rank: {odds['rank']} ({odds['rank_low']}–{odds['rank_high']}, {stable})"
        )
