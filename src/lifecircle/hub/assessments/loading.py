"""A bundle into the hub: its tree, people and register into tables, its map kept beside."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pyproj import Transformer

from lifecircle.engine.bundle import read_district
from lifecircle.engine.bundle.model import District
from lifecircle.engine.bundle.readers import find_table, read_table
from lifecircle.engine.bundle.references import group_ids, words
from lifecircle.engine.bundle.register import read_register
from lifecircle.engine.bundle.schema import TABLES
from lifecircle.engine.bundle.settings import read_settings
from lifecircle.engine.bundle.shapes import shapes_of
from lifecircle.engine.bundle.validate import validate
from lifecircle.hub.actor import Actor
from lifecircle.hub.assessments.models import Ground
from lifecircle.hub.audit import actions as audit
from lifecircle.hub.facilities import actions as facilities
from lifecircle.hub.facilities import spaces
from lifecircle.hub.places import actions as places
from lifecircle.hub.places import queries as places_queries


def load(actor: Actor, bundle: Path) -> Ground:
    """Load a bundle into a hub that has no district yet, all of it or nothing.

    Raises
    ------
    BundleError
        It does not hold together; every place at fault is named.
    ConflictError
        There is a district already.
    """
    actor.check("district.load")
    district = read_district(bundle)
    name = uuid.uuid4().hex
    kept = Path(settings.DATA) / "bundles" / name
    try:
        shutil.copytree(bundle, kept)
        with transaction.atomic():
            return _load(actor, district, kept)
    except BaseException:
        shutil.rmtree(kept, ignore_errors=True)
        raise


def _load(actor: Actor, district: District, kept: Path) -> Ground:
    today = timezone.localdate()
    rows = [*_tree(kept, district), *_buildings(kept, district)]
    places.load(rows, _counts(kept, district), on=today)
    for register in ("facilities", "spaces"):
        path = find_table(kept, register)
        if path is None:
            continue
        crs = read_settings(kept)[0].crs_of(register, "")
        found, _ = read_register(path, register, district.standards, crs=crs)
        if register == "facilities":
            facilities.load(found, synthetic="facilities" in district.synthetic)
        else:
            spaces.load(found)
    top = places_queries.by_code([district.places.code[0]])[district.places.code[0]]
    ground = Ground.objects.create(place=top, name=kept.name, synthetic=sorted(district.synthetic))
    audit.record(actor, "district.loaded", f"place:{top.code}", top.lineage)
    return ground


def _table(kept: Path, name: str) -> Any:
    path = find_table(kept, name)
    return None if path is None else validate(read_table(path, name), TABLES[name])[0]


def _tree(kept: Path, district: District) -> list[dict[str, Any]]:
    """District, streets, communities and grids; circles that name their members."""
    table = _table(kept, "places")
    crs = read_settings(kept)[0].crs_of("places", table.raw.crs)
    optional = np.ones(len(table), dtype=bool)
    shapes, _ = shapes_of(table.raw, crs, "polygon", optional=optional)
    known = {str(code): k for k, code in enumerate(district.places.code)}
    rows = []
    drawn = (table["level"] == "circle") & (table["members"] != "")
    for k in np.flatnonzero((table["level"] != "circle") | drawn).tolist():
        number = known[str(table["code"][k])]
        parent = int(district.places.parent[number])
        shape = shapes[k]
        rows.append(
            {
                "code": str(table["code"][k]), "level": str(table["level"][k]),
                "name_zh": str(table["name_zh"][k]), "name_en": str(table["name_en"][k]),
                "parent": _above(district, drawn=bool(drawn[k]), parent=parent), "members": words(str(table["members"][k])),
                "shape": shape if shape is not None else _wgs84(district, number),
                "synthetic": "places" in district.synthetic,
            }
        )  # fmt: skip
    return rows


def _above(district: District, *, drawn: bool, parent: int) -> str:
    """The code of the place above; circles hang below the district."""
    if drawn:
        return str(district.places.code[0])
    return str(district.places.code[parent]) if parent >= 0 else ""


def _wgs84(district: District, number: int) -> shapely.Geometry | None:
    """The shape that the engine gave a place that came without one: the union of its parts."""
    shape = district.places.geometry[number]
    if shape is None:
        return None
    turn = Transformer.from_crs(district.crs, "EPSG:4326", always_xy=True).transform
    return shapely.transform(shape, lambda p: np.column_stack(turn(p[:, 0], p[:, 1])))


def _buildings(kept: Path, district: District) -> list[dict[str, Any]]:
    table = _table(kept, "buildings")
    crs = read_settings(kept)[0].crs_of("buildings", table.raw.crs)
    shapes, _ = shapes_of(table.raw, crs, "any")
    number = {str(ref): k for k, ref in enumerate(district.buildings.id)}
    rows = []
    for k, ref in enumerate(map(str, table["id"])):
        community = int(district.buildings.community[number[ref]])
        if community < 0:
            continue  # the surround is not the district's to keep
        detail = {
            name: None if np.isnan(table[name][k]) else float(table[name][k])
            for name in ("storeys", "floor_area_m2", "footprint_m2", "residents")
        }
        rows.append(
            {
                "code": f"b:{ref}", "level": "building", "name_zh": str(table["name"][k])[:100] or ref, "shape": shapes[k],
                "parent": str(district.places.code[community]),
                "synthetic": "buildings" in district.synthetic,
                "building": {"use": str(table["use"][k]), **detail},
            }
        )  # fmt: skip
    return rows


def _counts(kept: Path, district: District) -> list[tuple[str, str, float]]:
    table = _table(kept, "population")
    if table is None:
        return []
    groups = group_ids(table["group"], district.standards)
    columns = (table["place"], groups, table["persons"])
    return [(str(p), str(g), float(n)) for p, g, n in zip(*columns, strict=True)]
