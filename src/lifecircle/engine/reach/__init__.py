"""The kernels: who reaches what on foot, in integer deciseconds (ticks).

Imports no other room of the engine: it knows graphs and arrays, not facilities or colours.
"""

from lifecircle.engine.reach.catchment import (
    Catchment,
    Decay,
    binary,
    gaussian,
    three_step,
    two_step,
    zones,
)
from lifecircle.engine.reach.dynamic import Change, DynamicOpportunities
from lifecircle.engine.reach.graph import (
    IMPASSABLE,
    NEVER,
    TICKS_PER_SECOND,
    Graph,
    spatial_order,
    to_ticks,
)
from lifecircle.engine.reach.isochrone import (
    ReachedEdges,
    isochrone_polygon,
    reached_edges,
    reached_within,
)
from lifecircle.engine.reach.measures import Nearest, cumulative, mean_nearest, nearest
from lifecircle.engine.reach.multi import nearest_seconds, walk_lengths
from lifecircle.engine.reach.opportunities import (
    Opportunities,
    Sources,
    Tally,
    nearest_by_category,
    opportunities,
)
from lifecircle.engine.reach.points import Points
from lifecircle.engine.reach.route import Route, shortest_route
from lifecircle.engine.reach.table import WalkTable, Way, walk_table

__all__ = [
    "IMPASSABLE",
    "NEVER",
    "TICKS_PER_SECOND",
    "Catchment",
    "Change",
    "Decay",
    "DynamicOpportunities",
    "Graph",
    "Nearest",
    "Opportunities",
    "Points",
    "ReachedEdges",
    "Route",
    "Sources",
    "Tally",
    "WalkTable",
    "Way",
    "binary",
    "cumulative",
    "gaussian",
    "isochrone_polygon",
    "mean_nearest",
    "nearest",
    "nearest_by_category",
    "nearest_seconds",
    "opportunities",
    "reached_edges",
    "reached_within",
    "shortest_route",
    "spatial_order",
    "three_step",
    "to_ticks",
    "two_step",
    "walk_lengths",
    "walk_table",
    "zones",
]
