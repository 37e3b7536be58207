from lifecircle.hub.places.models.building import Building
from lifecircle.hub.places.models.event import PlaceEvent
from lifecircle.hub.places.models.grid import GridMember
from lifecircle.hub.places.models.place import CIRCLE, LEVELS, Place
from lifecircle.hub.places.models.population import Population

__all__ = ["CIRCLE", "LEVELS", "Building", "GridMember", "Place", "PlaceEvent", "Population"]
