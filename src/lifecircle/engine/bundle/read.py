"""Reading a bundle: every table is checked before anything is refused, so all faults are named."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import shapely

from lifecircle.atomic import sha256
from lifecircle.engine.bundle.buildings import build_buildings
from lifecircle.engine.bundle.counts import check_sums, counts_of
from lifecircle.engine.bundle.crs import crosses_antimeridian, to_metres, unwrap, utm_of
from lifecircle.engine.bundle.files import Maps, find_maps, read_through
from lifecircle.engine.bundle.model import Demand, District, Places
from lifecircle.engine.bundle.people import spread_people
from lifecircle.engine.bundle.position import Witness, check_position
from lifecircle.engine.bundle.readers import find_table, read_table
from lifecircle.engine.bundle.references import RESIDENTS, Tables, check_references
from lifecircle.engine.bundle.schema import TABLES, TableSpec
from lifecircle.engine.bundle.services import build_facilities, build_spaces, build_surveys
from lifecircle.engine.bundle.settings import (
    ALL_TYPES,
    FILE,
    Settings,
    check_surveyed,
    read_settings,
)
from lifecircle.engine.bundle.shapes import Shapes, shapes_of
from lifecircle.engine.bundle.streets import street_nodes
from lifecircle.engine.bundle.tree import build_places, check_tree, without_shape
from lifecircle.engine.bundle.validate import Table, validate
from lifecircle.engine.standards import Standards, default, override
from lifecircle.errors import BundleError, Issue, StandardsError
from lifecircle.progress import Progress

_DIFFERENCE = 0.01


def read_district(folder: Path | str, *, progress: Progress | None = None) -> District:
    """Read and validate a district on disk (docs/reference/bundle.md).

    Parameters
    ----------
    folder
        Holds `district.toml` and the tables.
    progress
        Told of the stages `tables`, `positions` and `people`.

    Raises
    ------
    BundleError
        It cannot be used: `issues` names every file, row, column and value at fault, errors first.
    """
    progress = progress or Progress()
    with progress.stage("tables"):
        reading = _Reading(Path(folder))
        reading.read_tables()
    with progress.stage("positions"):
        reading.read_shapes()
    reading.stop_at_errors()
    with progress.stage("people"):
        return reading.district()


def check_district(folder: Path | str) -> tuple[Issue, ...]:
    """Check a district on disk: errors first, then warnings. Never raises for bad data.

    Beyond what `read_district` checks, the map and the elevation model are read to their ends.
    """
    try:
        reading = _Reading(Path(folder))
        reading.read_tables()
        reading.read_shapes()
        if reading.maps_found:
            reading.issues += read_through(reading.maps)
        reading.stop_at_errors()
        return reading.district().warnings
    except BundleError as error:
        return _errors_first(error.issues)


def _errors_first(issues: list[Issue] | tuple[Issue, ...]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: issue.severity))


@dataclass
class _Reading:
    """One pass over a folder; `issues` gathers what is wrong with any of it."""

    folder: Path
    issues: list[Issue] = field(default_factory=list)
    inputs: dict[str, str] = field(default_factory=dict)
    tables: Tables = field(default_factory=dict)
    shapes: dict[str, Shapes] = field(default_factory=dict)
    settings: Settings = field(init=False)
    standards: Standards = field(init=False)
    maps: Maps = field(init=False)
    maps_found: bool = field(init=False, default=False)

    def read_tables(self) -> None:
        """Read what is on disk and check every cell, reference and file."""
        self.settings, found = read_settings(self.folder)
        self.issues += found
        self.inputs[FILE] = sha256(self.folder / FILE)
        self.standards = self._standards()
        self.tables = {name: self._table(spec) for name, spec in TABLES.items()}
        places = self.tables["places"]
        if places is not None:
            self.issues += check_tree(places)
        self.issues += check_references(self.tables, self.standards)
        self.issues += check_surveyed(self.settings.surveyed, self.standards)
        self.maps, found = find_maps(self.folder, self.settings)
        self.maps_found = not found
        self.issues += found

    def read_shapes(self) -> None:
        """Read the geometries and hold them against the district."""
        if any(issue.file == FILE and issue.column.startswith("crs") for issue in self.issues):
            return
        for name, table in self.tables.items():
            wanted = TABLES[name].geometry
            if table is not None and wanted != "none":
                optional = without_shape(table) if name == "places" else None
                crs = self.settings.crs_of(name, table.raw.crs)
                self.shapes[name], found = shapes_of(table.raw, crs, wanted, optional=optional)
                self.issues += found
        outline = self._outline()
        if outline is not None and crosses_antimeridian(outline):
            self.shapes = {name: unwrap(shapes) for name, shapes in self.shapes.items()}
            outline = self._outline()
        if outline is not None:
            self._check_positions(outline)

    def district(self) -> District:
        """Build the district from tables that hold together."""
        outline = self._outline()
        crs = utm_of(outline)
        metric = {name: to_metres(found, crs) for name, found in self.shapes.items()}
        places, found = build_places(self._have("places"), metric["places"])
        self.issues += found
        table = self._have("buildings")
        buildings, found = build_buildings(table, metric["buildings"], places)
        self.issues += found
        counts = self._counts(places)
        demand, found = spread_people(
            counts, places, buildings, table["residents"], self.standards, self._population_file()
        )
        self.issues += found
        facilities = build_facilities(
            self._have("facilities"), metric["facilities"], places, self.standards
        )
        population = self._population(demand)
        self._check_code(places)
        return District(
            root=self.folder,
            code=self.settings.code,
            name_zh=self.settings.name_zh,
            name_en=self.settings.name_en,
            population=population,
            oldtown=self.settings.oldtown,
            moment=self.settings.moment,
            crs=crs,
            standards=self.standards,
            places=places,
            buildings=buildings,
            demand=demand,
            facilities=facilities,
            spaces=build_spaces(self.tables["spaces"], metric.get("spaces"), self.standards),
            surveys=build_surveys(self.tables["surveys"], places, self.standards),
            network_file=self.maps.network,
            elevation_file=self.maps.elevation,
            join_islands_m=self.settings.join_islands_m,
            edits_file=self.maps.edits,
            date=self.settings.date,
            synthetic=self.settings.synthetic,
            surveyed=self._surveyed(),
            inputs=self._hashed(),
            warnings=tuple(self.issues),
        )

    def stop_at_errors(self) -> None:
        """Refuse the bundle if anything in it is wrong."""
        if any(issue.severity == "error" for issue in self.issues):
            message = f"{self.folder}: cannot be used / 数据包有误"
            raise BundleError(message, _errors_first(self.issues))

    def _standards(self) -> Standards:
        try:
            return override(default(), self.settings.overrides)
        except StandardsError as error:
            self.issues += [replace(issue, file=FILE) for issue in error.issues]
            return default()

    def _table(self, spec: TableSpec) -> Table | None:
        try:
            path = find_table(self.folder, spec.name)
            if path is None:
                self.issues += self._missing(spec)
                return None
            self.inputs[path.name] = sha256(path)
            raw = read_table(path, spec.name)
        except BundleError as error:
            self.issues += error.issues
            return None
        table, found = validate(raw, spec)
        self.issues += [*raw.notes, *found]
        return table

    def _missing(self, spec: TableSpec) -> list[Issue]:
        name = spec.name
        if not spec.required:
            return []
        if name == "population" and self.settings.population is not None:
            expected = (
                "a table population; the district's total is spread over all homes",
                "应有人口表; 暂将全区人口分摊到全部住宅",
            )
            return [Issue("no_population", name, *expected, severity="warning")]
        expected = f"a file {name}.csv, .xlsx, .geojson, .gpkg or .parquet", f"应有表 {name}"
        return [Issue("missing_table", name, *expected)]

    def _outline(self) -> shapely.Geometry | None:
        """The district's polygon, WGS84; None where there is not exactly one."""
        places, shapes = self.tables["places"], self.shapes.get("places")
        if places is None or shapes is None:
            return None
        districts = shapes[places["level"] == "district"]
        return districts[0] if len(districts) == 1 else None

    def _check_positions(self, outline: shapely.Geometry) -> None:
        """Buildings are held against the streets, everything else against the buildings.

        Buildings that lie wrong themselves are no witness against other tables.
        """
        zone = utm_of(outline)
        none, no_streets = np.zeros(0, dtype=object), np.zeros((0, 2))
        drawn = self.shapes.get("buildings", none)
        buildings = to_metres(drawn[~shapely.is_missing(drawn)], zone)
        for name, found in self.shapes.items():
            table = self.tables[name]
            if name == "places" or table is None:
                continue
            if name == "buildings":
                streets = street_nodes(self.maps.network)
                if outline.bounds[2] > 180.0:
                    streets[:, 0] %= 360.0
                witness = Witness(outline, zone, streets, none)
            else:
                witness = Witness(outline, zone, no_streets, buildings)
            crs = self.settings.crs_of(name, table.raw.crs)
            faults = check_position(table.raw, found, crs, witness)
            if name == "buildings" and any(issue.severity == "error" for issue in faults):
                buildings = none
            self.issues += faults

    def _counts(self, places: Places) -> dict[str, dict[int, float]]:
        table = self.tables["population"]
        if table is None:
            return {RESIDENTS: {0: self.settings.population or 0.0}}
        counts = counts_of(table, places, self.standards)
        self.issues += check_sums(counts, places, self.standards, table.raw.file)
        return counts

    def _population(self, demand: Demand) -> float:
        """Residents as `district.toml` has them; warn if the tables differ."""
        people = float(demand.persons[demand.community >= 0].sum())
        total = self.settings.population
        if total is None:
            return people
        if abs(people - total) > _DIFFERENCE * max(total, 1.0):
            expected = f"{people:,.0f} as in the tables", f"与各表合计 {people:,.0f} 一致"
            column = "district.population"
            self.issues.append(
                Issue("population", FILE, *expected, 0, column, f"{total:,.0f}", "warning")
            )
        return total

    def _check_code(self, places: Places) -> None:
        if places.code[0] != self.settings.code:
            expected = f"{places.code[0]} as in places", f"与 places 表一致: {places.code[0]}"
            code = self.settings.code
            self.issues.append(Issue("code", FILE, *expected, 0, "district.code", code, "warning"))

    def _population_file(self) -> str:
        table = self.tables["population"]
        return FILE if table is None else table.raw.file

    def _hashed(self) -> dict[str, str]:
        """SHA-256 of every file that was used, by its name in the folder."""
        found = (self.maps.network, self.maps.elevation, self.maps.edits)
        paths = [path for path in found if path is not None]
        maps = {path.relative_to(self.folder).as_posix(): sha256(path) for path in paths}
        return dict(sorted((self.inputs | maps).items()))

    def _surveyed(self) -> frozenset[str]:
        named = self.settings.surveyed
        return frozenset(self.standards.types) if ALL_TYPES in named else named

    def _have(self, name: str) -> Table:
        table = self.tables[name]
        if table is None:
            raise LookupError(name)  # a required table that is missing has stopped the reading
        return table
