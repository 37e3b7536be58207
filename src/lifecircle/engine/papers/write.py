"""Writing a paper: PDF by typst, HTML by jinja; both without any request to a server."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from lifecircle.atomic import atomic_file
from lifecircle.engine.papers.content import Lang, content
from lifecircle.engine.papers.typesetting import typeset
from lifecircle.engine.report.fonts import font_face
from lifecircle.engine.runs import Run
from lifecircle.errors import InputError, Issue

_FONT_SLOT = '<style id="font"></style>'
_ENDINGS = (".pdf", ".html")


def write_paper(
    run: Run | Path | str,
    out: Path | str,
    *,
    area: str = "",
    lang: Lang = "zh",
    since: Run | Path | str | None = None,
) -> None:
    """Write the paper of a district, one street or one community; a community's is one page.

    Parameters
    ----------
    run
        A run, or its folder.
    out
        A `.pdf` or `.html` file; the same run gives the same bytes.
    area
        Code or name of the place; the district when left out.
    lang
        `zh` or `en`.
    since
        An earlier run: what changed since then is told.

    Raises
    ------
    MissingExtraError
        A PDF needs typst (extra `report`).
    NotFoundError, InputError
        There is no such area, or a run cannot be read, or the ending is another.
    """
    out = Path(out)
    if out.suffix.lower() not in _ENDINGS:
        issue = Issue("option", "out", "a file .pdf or .html", ".pdf 或 .html 文件", value=out.name)
        raise InputError("the paper cannot be written / 无法写出", (issue,))
    opened = run if isinstance(run, Run) else Run.open(run)
    earlier = since if since is None or isinstance(since, Run) else Run.open(since)
    page = content(opened, area, lang=lang, since=earlier)
    with atomic_file(out) as temporary:
        if out.suffix.lower() == ".pdf":
            temporary.write_bytes(_pdf(page))
        else:
            temporary.write_text(_html(page), encoding="utf-8", newline="\n")


def _pdf(page: dict[str, Any]) -> bytes:
    plain = {k: v for k, v in page.items() if k != "svgs"}
    return typeset(_own("paper.typ"), plain, files=page["svgs"])


def _html(page: dict[str, Any]) -> str:
    environment = Environment(
        loader=PackageLoader("lifecircle.engine.papers"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("paper.html").render(**page)
    return text.replace(_FONT_SLOT, f'<style id="font">{font_face(text)}</style>', 1)


def _own(name: str) -> str:
    return (files("lifecircle.engine.papers") / "templates" / name).read_text(encoding="utf-8")
