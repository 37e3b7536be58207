"""What a result was made from, so that any card can be made again."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

import lifecircle
from lifecircle.atomic import sha256
from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.report.files import FORMAT
from lifecircle.engine.standards.model import Standards


def manifest(assessment: Assessment, outputs: Path) -> dict[str, Any]:
    """Describe a run: versions, parameters, hashes of the inputs and of the files in `outputs`.

    It holds neither the time of the run nor a path, so the same inputs give the same manifest.
    """
    district = assessment.district
    standards = district.standards
    return {
        "format": FORMAT,
        "product": {"name": "lifecircle", "version": lifecircle.__version__},
        "district": {
            "code": district.code,
            "name_zh": district.name_zh,
            "name_en": district.name_en,
            "population": district.population,
        },
        "standard": {
            "version": standards.version,
            "overrides": [asdict(override) for override in standards.overrides],
            "members": _members(standards),
            "base_reach": [
                t.id
                for t in standards.types.values()
                if t.type_class == "base" and t.walk_min is not None
            ],
        },
        "parameters": {
            "moment": district.moment,
            "way": assessment.way,
            "draws": assessment.draws,
            "moments": pc.unique(assessment.moments["moment"]).to_pylist()[1:],
            "oldtown": district.oldtown,
            "crs": str(district.crs),
            "join_islands_m": district.join_islands_m,
            "date": None if district.date is None else district.date.isoformat(),
        },
        "synthetic": sorted(district.synthetic),
        "network": assessment.network,
        "warnings": [issue.to_json() for issue in assessment.warnings],
        "inputs": dict(sorted(district.inputs.items())),
        "outputs": {file.name: sha256(file) for file in sorted(outputs.iterdir())},
    }


def _members(standards: Standards) -> dict[str, list[str]]:
    """The types of each category and theme."""
    members: dict[str, list[str]] = {}
    for kind in standards.types.values():
        members.setdefault(kind.category, []).append(kind.id)
        members.setdefault(kind.theme, []).append(kind.id)
    return dict(sorted(members.items()))


def write_manifest(assessment: Assessment, path: Path) -> None:
    """Write the manifest of the files that lie beside `path`, as JSON with sorted keys."""
    content = manifest(assessment, path.parent)
    text = json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True, default=_plain)
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    """Turn NumPy numbers and arrays of the network's figures into plain ones."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"not a figure: {type(value).__name__}")
