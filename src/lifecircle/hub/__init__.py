"""The platform: places, people, facilities and assessments of a district, for those who run it.

Every app has the same rooms: `models.py` (tables), `actions.py` (every write, with its permission check
and audit entry), `queries.py` (every read, narrowed to what the caller may see), `schemas.py` and
`api.py` (thin routers), `tasks.py` (background work). An app reaches another only through that app's
`queries` and `actions`. The engine knows nothing of it.
"""
