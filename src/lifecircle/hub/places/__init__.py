"""The tree of places: district > street > community > grid > building > dwelling."""
