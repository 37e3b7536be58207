"""Devices (设备): who they are, what they say, and the one path from their message to a case."""
