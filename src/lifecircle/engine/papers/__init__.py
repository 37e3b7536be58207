"""Reports that are sent on and pinned up: PDF and HTML of a district, a street or a community.

Imports `runs` (what is reported), `report` (maps, figures, colours), `grading` and `standards`.
"""

from lifecircle.engine.papers.content import Lang, content
from lifecircle.engine.papers.geopackage import write_geopackage
from lifecircle.engine.papers.write import write_paper

__all__ = ["Lang", "content", "write_geopackage", "write_paper"]
