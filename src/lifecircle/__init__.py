"""Lifecircle (生活圈): plans and grades 15-minute life circles.

Everything that a user needs is exported here and loaded when it is first used, so that
`import lifecircle` stays light.

Examples
--------
>>> import lifecircle
>>> lifecircle.default_standards().types["kindergarten"].name_zh
'幼儿园'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lifecircle.lazy import lazily

if TYPE_CHECKING:
    from lifecircle.engine.assess import Assessor, assess, network_of
    from lifecircle.engine.bundle import check_district, read_district
    from lifecircle.engine.bundle.create import new_bundle
    from lifecircle.engine.bundle.demo import make_demo
    from lifecircle.engine.bundle.model import District
    from lifecircle.engine.drafting import Draft
    from lifecircle.engine.grading import Assessment, grade_district
    from lifecircle.engine.network import Walker, WalkNetwork, build_network, isochrones, journey
    from lifecircle.engine.papers import write_geopackage, write_paper
    from lifecircle.engine.report import write_results
    from lifecircle.engine.runs import Run, compare
    from lifecircle.engine.standards import default as default_standards
    from lifecircle.engine.standards.model import Standards
    from lifecircle.engine.verifying import verify
    from lifecircle.errors import (
        BundleError,
        InputError,
        Issue,
        LifecircleError,
        NetworkError,
        NotFoundError,
        OutputError,
        StandardsError,
    )

__version__ = "0.1.0"

_HOMES = {
    "Assessor": "lifecircle.engine.assess",
    "assess": "lifecircle.engine.assess",
    "network_of": "lifecircle.engine.assess",
    "check_district": "lifecircle.engine.bundle",
    "read_district": "lifecircle.engine.bundle",
    "new_bundle": "lifecircle.engine.bundle.create",
    "make_demo": "lifecircle.engine.bundle.demo",
    "District": "lifecircle.engine.bundle.model",
    "Draft": "lifecircle.engine.drafting",
    "Assessment": "lifecircle.engine.grading",
    "grade_district": "lifecircle.engine.grading",
    "WalkNetwork": "lifecircle.engine.network",
    "build_network": "lifecircle.engine.network",
    "Walker": "lifecircle.engine.network",
    "isochrones": "lifecircle.engine.network",
    "journey": "lifecircle.engine.network",
    "write_results": "lifecircle.engine.report",
    "write_geopackage": "lifecircle.engine.papers",
    "write_paper": "lifecircle.engine.papers",
    "Run": "lifecircle.engine.runs",
    "compare": "lifecircle.engine.runs",
    "verify": "lifecircle.engine.verifying",
    "Standards": "lifecircle.engine.standards.model",
    "BundleError": "lifecircle.errors",
    "InputError": "lifecircle.errors",
    "Issue": "lifecircle.errors",
    "LifecircleError": "lifecircle.errors",
    "NetworkError": "lifecircle.errors",
    "NotFoundError": "lifecircle.errors",
    "OutputError": "lifecircle.errors",
    "StandardsError": "lifecircle.errors",
}

__all__ = [
    "Assessment",
    "Assessor",
    "BundleError",
    "District",
    "Draft",
    "InputError",
    "Issue",
    "LifecircleError",
    "NetworkError",
    "NotFoundError",
    "OutputError",
    "Run",
    "Standards",
    "StandardsError",
    "WalkNetwork",
    "Walker",
    "__version__",
    "assess",
    "build_network",
    "check_district",
    "compare",
    "default_standards",
    "grade_district",
    "isochrones",
    "journey",
    "make_demo",
    "network_of",
    "new_bundle",
    "read_district",
    "verify",
    "write_geopackage",
    "write_paper",
    "write_results",
]


def __getattr__(name: str) -> Any:  # PEP 562
    if name == "default_standards":
        return import_module("lifecircle.engine.standards").default
    return lazily("lifecircle", _HOMES)(name)


def __dir__() -> list[str]:
    return sorted(__all__)
