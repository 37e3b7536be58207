"""A new bundle from a bare map: what the map says, and, where asked for, what it lacks made up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np

from lifecircle.atomic import FolderKind, atomic_folder, check_folder
from lifecircle.engine.bundle import extract, synthesis
from lifecircle.engine.bundle.extract import BareMap
from lifecircle.engine.bundle.model import Floats
from lifecircle.engine.bundle.synthesis import Division, Name, Setting, tables
from lifecircle.engine.bundle.write import write_csv
from lifecircle.engine.standards import default
from lifecircle.errors import BundleError, Issue
from lifecircle.progress import Progress

Table = Literal["places", "population", "facilities", "spaces", "surveys"]
NEW = FolderKind("nothing else", "不含其他文件", "", ())
"""A bundle is made once: what people then put into it is not written over."""
DEMO = FolderKind(
    "the demo's own bundle", "演示区自己的数据包", "district.toml",
    ("district.toml", "network.osm.pbf", "elevation.tif", "places.geojson", "buildings.parquet",
     "population.csv", "facilities.csv", "spaces.csv", "surveys.csv"),
)  # fmt: skip

FLOOR_M2_PER_PERSON = 35.0
"""Lived-in floor area a resident, where the population is made up (proposal)."""

_SPACES = 60
_NO_CODE = "D"
_OF_THE_MAP = frozenset({"buildings", "network", "elevation"})


def new_bundle(  # noqa: PLR0913
    folder: Path,
    *,
    osm: Path,
    elevation: Path | None = None,
    boundary: Path | None = None,
    people: Path | None = None,
    counts: Mapping[str, str] | None = None,
    code: str = "",
    name_zh: str = "",
    name_en: str = "",
    population: float | None = None,
    names: Path | None = None,
    synthesise: frozenset[Table] = frozenset(),
    made_up_map: bool = False,
    oldtown: bool = False,
    seed: int = 500103,
    progress: Progress | None = None,
) -> None:
    """Make a bundle (docs/reference/bundle.md) from an OpenStreetMap extract.

    Buildings, and facilities as far as the map has them, are the map's own. What `synthesise`
    names is made up, is listed in `district.toml`, and facilities say so in their `source`. Without
    `places` the district is one street and one community. The same input gives the same tables,
    byte for byte.

    Parameters
    ----------
    folder
        The bundle to make: a new or empty folder, complete or not there at all.
    osm
        The map: `.osm.pbf`, `.osm` or a compressed one; it is copied in.
    elevation
        GeoTIFF in metres, copied in; None for none.
    boundary
        GeoJSON (WGS84) or GeoPackage with the district's polygon; with `people` it may be left out,
        and an outline of the cells stands for it.
    people
        A table of cells with people (columns `lon`, `lat`, `population`) in place of the map's
        buildings: squares stand for homes, and are marked synthetic; the people are the table's.
    counts
        Facility type by the column of `people` that counts its facilities.
    code, name_zh, name_en
        The district's code (`D` where it has none) and names; without `name_zh` the boundary's
        `name` counts, else the folder's.
    population
        Residents of the district, persons. When left out it is made up, if `synthesise` has
        `population`: a resident for every `FLOOR_M2_PER_PERSON` of lived-in floor.
    names
        Official names of streets and communities: a CSV file or a folder
        (`synthesis.read_names`); without it made-up places are numbered.
    synthesise
        Tables to make up.
    made_up_map
        Whether the map itself is (the demo): its buildings, streets and heights are marked too.
    oldtown
        Whether the district takes the old-town factor on green space.
    seed
        Chooses one made-up world of many.
    progress
        Told of the stages.

    Raises
    ------
    BundleError
        With an issue for whatever is missing, cannot be read or does not fit together.
    """
    folder, osm = Path(folder), Path(osm)
    elevation, boundary, people, names = (
        None if path is None else Path(path) for path in (elevation, boundary, people, names)
    )
    kind = DEMO if made_up_map else NEW
    check_folder(folder, kind)
    progress = progress or Progress()
    if people is not None:
        synthesise = synthesise - {"population"}  # the cells tell it
    made_up: set[str] = set(synthesise | _OF_THE_MAP if made_up_map else synthesise)
    if people is not None:
        made_up |= {"buildings"} if boundary is not None else {"buildings", "places"}
    _check(osm, elevation, boundary, people, population, names, synthesise, counts or {})
    with progress.stage("map"):
        cells = None if people is None else extract.read_cells(people, dict(counts or {}))
        if boundary is not None:
            outline = extract.read_boundary(boundary)
        elif cells is not None:
            outline = cells.outline()
        bare = extract.read_map(osm, elevation, outline, cells)
    named = extract.area_name(boundary) if boundary is not None else ""
    name_zh = name_zh.strip() or named or folder.absolute().name
    district = Name(code or _NO_CODE, name_zh, name_en)
    lived = _lived(bare, cells)
    if population is None:
        floor = bare.homes().floor_area_m2().sum() / FLOOR_M2_PER_PERSON
        population = float(round(floor if lived is None else float(lived[bare.inside].sum())))
    with progress.stage("places"):
        division = (
            _divide(bare, osm, names, code, population)
            if "places" in synthesise
            else synthesis.undivided(bare.area, district)
        )
    with progress.stage("population"):
        setting = synthesis.settle(
            bare.buildings, bare.slope, division, population, default(), seed
        )
    with progress.stage("tables"), atomic_folder(folder, kind) as target:
        extract.copy_map(osm, target)
        if elevation is not None:
            shutil.copyfile(elevation, target / "elevation.tif")
        tables.write_places(target, district, bare.area, division, bare.projection)
        tables.write_buildings(
            target, bare.buildings, setting, population, bare.projection, lived=lived
        )
        if "population" in synthesise:
            tables.write_population(target, setting)
        _write_services(target, bare, setting, synthesise, seed)
        facts = {
            "code": district.code,
            "name_zh": name_zh,
            "name_en": name_en,
            "population": population,
        }
        facts |= {"oldtown": oldtown, "moment": "Mo 10:00", "synthetic": sorted(made_up)}
        _write_toml(target, facts, bare)


def _lived(bare: BareMap, cells: extract.PeopleCells | None) -> Floats | None:
    """The people of each home, where cells tell them; None where the map's buildings are homes."""
    if cells is None:
        return None
    people = dict(zip(cells.id, cells.people, strict=True))
    return np.array([people[i] for i in bare.buildings.id], dtype=np.float64)


def _check(
    osm: Path,
    elevation: Path | None,
    boundary: Path | None,
    people: Path | None,
    population: float | None,
    names: Path | None,
    synthesise: frozenset[Table],
    counts: Mapping[str, str],
) -> None:
    issues = [
        Issue("create.missing", file.name, f"a file: {what}", f"文件:{what_zh}", value=str(file))
        for file, what, what_zh in (
            (osm, "the map", "地图"),
            (elevation, "the elevation model", "高程"),
            (boundary, "the boundary", "边界"),
            (people, "the cells with people", "人口网格"),
        )
        if file is not None and not file.is_file()
    ]
    if boundary is None and people is None:
        expected = "a boundary, or cells with people", "边界, 或带人口的网格"
        issues.append(Issue("create.boundary", "boundary", *expected))
    for column, kind in counts.items():
        if people is None or kind not in default().types:
            expected = (
                f"a facility type for the column {column} of the cells",
                f"列 {column} 的设施类型",
            )
            issues.append(Issue("create.counts", "counts", *expected, value=kind))
    if population is None and people is None and "population" not in synthesise:
        expected = (
            "residents of the district, or a population that is made up",
            "全区常住人口, 或合成的人口 (synthesise population)",
        )
        issues.append(Issue("create.population", "district.toml", *expected))
    elif population is not None and not (np.isfinite(population) and 1 <= population <= 1e9):
        expected = "residents of the district, at least 1", "全区常住人口,至少 1 人"
        issues.append(Issue("create.population", "district.toml", *expected, value=str(population)))
    if names is not None and "places" not in synthesise:
        expected = "no names without places to be made up", "不合成地方时不需要名称表"
        issues.append(Issue("create.names", names.name, *expected))
    if issues:
        raise BundleError("no bundle can be made of this / 无法生成数据包", tuple(issues))


def _divide(bare: BareMap, osm: Path, names: Path | None, code: str, population: float) -> Division:
    official = synthesis.read_names(names) if names else synthesis.numbered_names(code, population)
    stems = [name.stem for name in official.streets + official.communities]
    landmarks = extract.read_landmarks(osm, bare.projection, stems)
    homes = bare.homes()
    points, first = np.unique(np.column_stack([homes.x, homes.y]), axis=0, return_index=True)
    return synthesis.divide(bare.area, points, homes.floor_area_m2()[first], official, landmarks)


def _write_services(
    target: Path, bare: BareMap, setting: Setting, synthesise: frozenset[Table], seed: int
) -> None:
    """Facilities, idle premises and surveys."""
    standards, real = default(), bare.facilities
    made = None
    if "facilities" in synthesise:
        made = synthesis.synthesise_facilities(standards, setting, real, seed)
    tables.write_facilities(target, real, made, standards, bare.projection)
    if "spaces" in synthesise:
        rng = synthesis.generator(seed, "spaces")
        spaces = synthesis.synthesise_spaces(standards, setting, _SPACES, rng)
        write_csv(target / "spaces.csv", tables.with_degrees(spaces, bare.projection))
    if "surveys" in synthesise:
        rng = synthesis.generator(seed, "surveys")
        surveys = synthesis.synthesise_surveys(standards, setting, rng)
        write_csv(target / "surveys.csv", surveys)


def _write_toml(target: Path, facts: dict[str, Any], bare: BareMap) -> None:
    buildings = bare.buildings
    unknown = int(np.isnan(buildings.storeys[buildings.lived_in]).sum())
    files = {path.stem.split(".")[0]: path.name for path in sorted(target.iterdir())}
    lines = [
        f"# The map: {len(buildings.id)} buildings, {int(buildings.lived_in.sum())} of",
        f"# them homes; {unknown} homes without storeys; building:levels=1 was dropped as an unset",
        f"# default on {buildings.levels_dropped} large ones.",
        "[district]",
        *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in facts.items()),
        "",
        "[crs]",
        'default = "EPSG:4326"',
        "",
        "[files]",
        *(f'{key} = "{files[key]}"' for key in ("network", "elevation") if key in files),
    ]
    (target / "district.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
