"""Commands that make and check bundles: demo, new, check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lifecircle.cli.show import Bars, echo_json
from lifecircle.errors import InputError, Issue, LifecircleError

SYNTHESISED = ("places", "population", "facilities", "spaces", "surveys")
Json = Annotated[bool, typer.Option("--json", help="For machines.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(demo)
    app.command()(new)
    app.command()(check)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where to put it.")] = Path("out/demo"),
    once: Annotated[
        bool, typer.Option("--once", help="Only make, assess and say where the results are.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the synthetic demo district, assess it, and open its report. 生成并评估演示区。"""
    from lifecircle.atomic import check_folder  # noqa: PLC0415
    from lifecircle.cli.results import summary, tell  # noqa: PLC0415
    from lifecircle.engine.assess import assess  # noqa: PLC0415
    from lifecircle.engine.bundle.demo import make_demo  # noqa: PLC0415
    from lifecircle.engine.report import RESULTS, incomplete  # noqa: PLC0415

    progress = Bars()
    bundle, out = folder / "bundle", folder / "results"
    check_folder(out, RESULTS)
    with progress.stage("demo"):
        make_demo(bundle)
    said = summary(assess(bundle, out, progress=progress), out)
    tell(said, as_json)
    wrong = incomplete(out)
    if wrong:
        raise LifecircleError(f"{out}: not complete / 结果不完整: {', '.join(wrong)}")
    if not once and not as_json:
        typer.launch(str(out / "report.html"))


def new(
    folder: Annotated[Path, typer.Argument(help="The bundle to make.")],
    osm: Annotated[Path, typer.Option(help="OpenStreetMap extract (.osm.pbf, .osm).")],
    boundary: Annotated[
        Path | None, typer.Option(help="District polygon (GeoJSON, GeoPackage).")
    ] = None,
    people: Annotated[
        Path | None,
        typer.Option(help="Cells with people (lon, lat, population) where a map has no buildings."),
    ] = None,
    count: Annotated[
        str,
        typer.Option(help="Columns of the cells that count facilities: schools=primary_school."),
    ] = "",
    population: Annotated[
        float | None,
        typer.Option(help="Residents of the district; may be left out where it is made up."),
    ] = None,
    elevation: Annotated[Path | None, typer.Option(help="GeoTIFF of heights.")] = None,
    name: Annotated[
        str, typer.Option(help="Its Chinese name; else the boundary's, else the folder's.")
    ] = "",
    name_en: Annotated[str, typer.Option(help="Its English name.")] = "",
    code: Annotated[str, typer.Option(help="Its code.")] = "",
    names: Annotated[
        Path | None, typer.Option(help="Folder with streets.csv and communities.csv (code, name).")
    ] = None,
    synthesise: Annotated[
        str,
        typer.Option(
            help="What to make up, comma-separated: places,population,facilities,spaces,surveys."
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Make a bundle from an OpenStreetMap extract. 由地图生成数据包。"""
    from lifecircle.engine.bundle.create import new_bundle  # noqa: PLC0415
    from lifecircle.engine.bundle.settings import read_settings  # noqa: PLC0415

    wanted = frozenset(word.strip() for word in synthesise.split(",") if word.strip())
    if wanted - set(SYNTHESISED):
        raise InputError(
            "unknown table to synthesise / 无法合成的表",
            (
                Issue(
                    "synthesise",
                    "--synthesise",
                    "any of " + ", ".join(SYNTHESISED),
                    "、".join(SYNTHESISED) + " 中的若干项",
                    value=",".join(sorted(wanted - set(SYNTHESISED))),
                ),
            ),
        )
    progress = Bars()
    with progress.stage("new"):
        new_bundle(
            folder, osm=osm, elevation=elevation, boundary=boundary, people=people,
            counts=_pairs(count), code=code, name_zh=name, name_en=name_en,
            population=population, names=names,
            synthesise=wanted,  # type: ignore[arg-type]
        )  # fmt: skip
    settings, _ = read_settings(folder)
    if as_json:
        echo_json({"bundle": str(folder), "synthetic": sorted(settings.synthetic)})
        return
    typer.echo(f"{folder}: {settings.population:,.0f} residents, made / 已生成")
    if settings.synthetic:
        typer.echo(f"SYNTHETIC / 合成数据: {', '.join(sorted(settings.synthetic))}")


def _pairs(text: str) -> dict[str, str]:
    pairs = [part.split("=") for part in text.split(",") if part.strip()]
    if any(len(pair) != 2 for pair in pairs):
        expected = (
            "column=type pairs such as schools=primary_school",
            "列=类型, 如 schools=primary_school",
        )
        issue = Issue("option", "--count", *expected, value=text)
        raise InputError("--count cannot be read / 参数有误", (issue,))
    return {column.strip(): kind.strip() for column, kind in pairs}


def check(
    folder: Annotated[Path, typer.Argument(help="A bundle, or a survey workbook (.xlsx).")],
    bundle: Annotated[
        Path | None, typer.Option(help="The district that a workbook belongs to.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the workbook back there, bad cells marked.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check a bundle or a survey workbook: every bad cell at once. 检查数据包或调查表, 一次列出所有错误。"""
    from lifecircle.engine.bundle import check_district  # noqa: PLC0415

    workbook = folder.suffix.lower() == ".xlsx"
    issues = _check_workbook(folder, bundle, out) if workbook else check_district(folder)
    errors = sum(issue.severity == "error" for issue in issues)
    if as_json:
        echo_json({"errors": errors, "issues": [issue.to_json() for issue in issues]})
    else:
        for issue in issues:
            typer.echo(f"{issue.severity}: {issue}")
        typer.echo(
            f"{errors} errors, {len(issues) - errors} warnings / 错误 {errors}, 警告 {len(issues) - errors}"
        )
    if errors:
        raise typer.Exit(3)


def _check_workbook(path: Path, bundle: Path | None, out: Path | None) -> tuple[Issue, ...]:
    from lifecircle.engine.bundle import read_district  # noqa: PLC0415
    from lifecircle.engine.bundle.survey import check_workbook  # noqa: PLC0415

    if bundle is None:
        expected = "the district that the workbook belongs to", "调查表所属区域的数据包"
        raise InputError(
            "--bundle is missing / 缺少 --bundle", (Issue("option", "--bundle", *expected),)
        )
    return check_workbook(path, read_district(bundle), out).issues
