"""The report as one page that asks nothing of any server."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from lifecircle.engine.grading.model import Assessment
from lifecircle.engine.report.fonts import font_face
from lifecircle.engine.report.view import view
from lifecircle.engine.report.words import FILTERS

_FONT_SLOT = '<style id="font"></style>'
"""Where the font goes. No text from data can look like it: `<` is escaped there."""


def render_html(assessment: Assessment) -> str:
    """Return the report as one HTML page: style, script, maps and font are inside.

    Names from data are escaped; a content security policy allows the page's own script only and
    no request at all.
    """
    environment = Environment(
        loader=PackageLoader("lifecircle.engine.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    script = _own("script.js")
    page = environment.get_template("report.html").render(
        **view(assessment),
        style=Markup(_own("style.css") + _own("print.css")),  # noqa: S704  (the package's own)
        script=Markup(script),  # noqa: S704  (the package's own)
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    return page.replace(_FONT_SLOT, f'<style id="font">{font_face(page)}</style>', 1)


def write_html(assessment: Assessment, path: Path) -> None:
    """Write the report to `path`; the same assessment gives the same bytes."""
    path.write_text(render_html(assessment), encoding="utf-8", newline="\n")


def _own(name: str) -> str:
    return (files("lifecircle.engine.report") / "templates" / name).read_text(encoding="utf-8")
