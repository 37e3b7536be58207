"""From OpenStreetMap and an elevation model to a directed walking graph with seconds a profile.

Imports `standards` (profiles) and `reach` (graphs and arrays).
"""

from lifecircle.engine.network.build import build_network
from lifecircle.engine.network.calibration import Calibration, TimedWalk, calibrate
from lifecircle.engine.network.journeys import (
    Isochrone,
    Journey,
    Step,
    Walker,
    isochrones,
    journey,
)
from lifecircle.engine.network.model import Edges, Nodes, WalkNetwork
from lifecircle.engine.network.profiles import edge_seconds, tobler_factor, walking_graph
from lifecircle.engine.network.snapping import SNAP_LIMIT_M, Snapped, snap, snap_again
from lifecircle.engine.network.tags import Kind, Structure

__all__ = [
    "SNAP_LIMIT_M",
    "Calibration",
    "Edges",
    "Isochrone",
    "Journey",
    "Kind",
    "Nodes",
    "Snapped",
    "Step",
    "Structure",
    "TimedWalk",
    "WalkNetwork",
    "Walker",
    "build_network",
    "calibrate",
    "edge_seconds",
    "isochrones",
    "journey",
    "snap",
    "snap_again",
    "tobler_factor",
    "walking_graph",
]
