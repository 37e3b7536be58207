"""Open311 GeoReport v2: other programs report what the public may report, and ask what became of it."""
