"""Devices and readings as OGC SensorThings 1.1 shows them: read only, for staff who may read devices, of their places."""
