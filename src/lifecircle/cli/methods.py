"""Commands about other methods: rank, surface."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from lifecircle.atomic import atomic_file
from lifecircle.cli.bundles import Json
from lifecircle.cli.show import echo_json, echo_synthetic
from lifecircle.errors import InputError, Issue


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(rank)
    app.command()(surface)


def rank(
    run: Annotated[Path, typer.Argument(help="A folder of results.")],
    level: Annotated[
        Literal["street", "community", "grid", "circle"], typer.Option(help="Which places.")
    ] = "community",
    by: Annotated[Literal["category", "theme"], typer.Option(help="The criteria.")] = "category",
    weights: Annotated[Literal["equal", "entropy", "ahp"], typer.Option()] = "entropy",
    composite: Annotated[Literal["topsis", "mean"], typer.Option()] = "topsis",
    classes: Annotated[Literal["jenks", "equal", "quantile"], typer.Option()] = "jenks",
    pairwise: Annotated[
        Path | None, typer.Option(help="Judgements for ahp: a CSV table, a row a criterion.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Rank places by another method, beside the default. 用其他方法排名。"""
    from lifecircle.engine.methods import rank_places  # noqa: PLC0415
    from lifecircle.engine.runs import Run  # noqa: PLC0415

    judged = None if pairwise is None else _judgements(pairwise)
    try:
        table, found, goodness = rank_places(
            Run.open(run).cards, level=level, scope=by, weights=weights, composite=composite,
            classes=classes, pairwise=judged,
        )  # fmt: skip
    except ValueError as error:
        issue = Issue("method", "rank", str(error), "数据或判断不适用于所选方法")
        raise InputError("cannot be ranked so / 不能这样排名", (issue,)) from error
    rows = table.to_pylist()
    if as_json:
        echo_json({"weights": found, "goodness": goodness, "places": rows})
        return
    typer.echo("weights / 权重: " + ", ".join(f"{key} {value:.3f}" for key, value in found.items()))
    typer.echo(f"classes / 分级: {classes}, goodness / 拟合优度 {goodness:.3f}")
    for row in rows:
        usual = f"default / 默认 {row['grade_rank']}"
        typer.echo(
            f"{row['rank']:4} {row['value']:6.1f}  class {row['grade']}  {row['area_zh']}  ({usual})"
        )


def surface(
    folder: Annotated[Path, typer.Argument(help="The bundle.")],
    out: Annotated[Path, typer.Option(help="The table (.parquet, with points).")],
    measure: Annotated[
        str, typer.Option(help="connectivity, or a facility type.")
    ] = "connectivity",
    of: Annotated[
        Literal["gravity", "supply"], typer.Option(help="Of a type: gravity, or supply a head.")
    ] = "gravity",
    decay: Annotated[Literal["gaussian", "exponential", "power"], typer.Option()] = "gaussian",
    sensitivity: Annotated[
        float | None, typer.Option(help="d0 in minutes, beta a minute, or the exponent.")
    ] = None,
    minutes: Annotated[float, typer.Option(min=0.1, max=240, help="Of connectivity.")] = 15.0,
    who: Annotated[str, typer.Option("--profile")] = "adult",
    by: Annotated[Literal["building", "h3"], typer.Option()] = "building",
) -> None:
    """Write a surface of access by home or hexagon. 写出逐楼或逐格的可达性。"""
    import shapely  # noqa: PLC0415

    from lifecircle.engine.assess import network_of  # noqa: PLC0415
    from lifecircle.engine.bundle import read_district, write_geoparquet  # noqa: PLC0415
    from lifecircle.engine.methods import surface as measured  # noqa: PLC0415

    district = read_district(folder)
    table = measured(
        district, network_of(district), measure, of=of, decay=decay, sensitivity=sensitivity,
        minutes=minutes, profile=who, by=by,
    )  # fmt: skip
    points = shapely.points(table["lon"].to_numpy(), table["lat"].to_numpy())
    with atomic_file(out) as temporary:
        write_geoparquet(temporary, {name: table[name] for name in table.column_names}, points)
    echo_synthetic(district.synthetic)
    typer.echo(f"{out}: {table.num_rows:,}")


def _judgements(path: Path) -> list[list[float]]:
    """A square CSV of numbers or fractions such as 1/3, without headers."""

    def refused(number: int, value: str) -> InputError:
        expected = "numbers or fractions such as 1/3", "数字或分数, 如 1/3"
        issue = Issue("pairwise", path.name, *expected, number, value=value[:60])
        return InputError(f"{path}: cannot be read / 无法读取", (issue,))

    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise refused(0, str(error)) from None
    rows = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip() for cell in line.split(",") if cell.strip()]
        try:
            rows.append([float(a) / float(b or 1) for a, _, b in (c.partition("/") for c in cells)])
        except (ValueError, ZeroDivisionError):
            raise refused(number, line) from None
    return [row for row in rows if row]
