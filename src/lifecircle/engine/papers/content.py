"""What a paper shows, gathered from a run: of the district, one street or one community."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pyarrow.compute as pc
import shapely

from lifecircle.engine.grading.equity import lorenz
from lifecircle.engine.grading.find import find_card
from lifecircle.engine.grading.words import points
from lifecircle.engine.papers.maps import Shape, draw_lorenz, draw_map
from lifecircle.engine.papers.words import LABELS, METHOD
from lifecircle.engine.report.colours import Swatch, swatches
from lifecircle.engine.runs import Run, compare
from lifecircle.engine.standards import default

Lang = Literal["zh", "en"]
Row = dict[str, Any]
_GAPS, _TYPES, _CHANGES = 40, 6, 30


@dataclass
class _Teller:
    """A run, a language, and what both need again and again."""

    run: Run
    lang: Lang
    marks: dict[str, Swatch] = field(init=False)
    cards: list[Row] = field(init=False)
    shapes: dict[str, shapely.Geometry] = field(init=False)
    parent: dict[str, str] = field(init=False)
    svgs: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.marks = {str(k): v for k, v in swatches(default()).items()}
        self.cards = self.run.cards.to_pylist()
        places = self.run.table("places")
        self.shapes = dict(
            zip(
                places["code"].to_pylist(),
                shapely.from_wkb(places["geometry"].to_pylist()),
                strict=True,
            )
        )
        self.parent = dict(
            zip(places["code"].to_pylist(), places["parent"].to_pylist(), strict=True)
        )

    def word(self, name: str) -> str:
        return LABELS[name][self.lang == "en"]

    def of(self, row: Row, name: str) -> str:
        """A text of a row in the language, Chinese where there is no English."""
        return str(row[f"{name}_{self.lang}"] or row[f"{name}_zh"] or "")

    def cell(self, card: Row) -> Row:
        """A card as it is shown: colours, symbol, word, score, name."""
        mark = self.marks[card["colour"]]
        word = mark.style.name_zh if self.lang == "zh" else mark.style.name_en
        score = "" if card["score"] is None else points(card["score"])
        shown = {"symbol": mark.style.symbol, "word": word, "hex": mark.style.hex, "ink": mark.ink}
        return {**shown, "score": score, "name": self.of(card, "key")}

    def cards_of(self, area: str, scope: str) -> list[Row]:
        return [c for c in self.cards if c["area"] == area and c["scope"] == scope]

    def map(self, name: str, areas: list[str], key: str, outline: list[str]) -> str:
        """Draw the cards of one key in some areas; return the file's name."""
        colour = {c["area"]: c["colour"] for c in self.cards if c["key"] == key}
        shapes = [Shape(self.shapes[a], colour.get(a, "")) for a in areas]
        shapes += [Shape(self.shapes[a], "", outlined=True) for a in outline]
        self.svgs[f"{name}.svg"] = draw_map(shapes, self.marks)
        return f"{name}.svg"


def content(run: Run, area: str = "", *, lang: Lang = "zh", since: Run | None = None) -> Row:
    """Gather a paper's content as plain values.

    Parameters
    ----------
    run
        What is reported.
    area
        Code or name of a street, a community, a grid or a circle; the district when left out.
    lang
        `zh` or `en`.
    since
        An earlier run: what changed since then is told.

    Returns
    -------
    dict
        JSON-like; `svgs` maps file names to the maps and plots as SVG.

    Raises
    ------
    NotFoundError
        There is no such area.
    InputError
        The run cannot be read.
    """
    teller = _Teller(run, lang)
    about = run.manifest["district"]
    district = next(c["area"] for c in teller.cards if c["level"] == "district")
    overall = find_card(run.cards, area or district, "overall")
    code, level = overall["area"], overall["level"]
    themes = teller.cards_of(code, "theme")
    made_up = run.manifest["synthetic"]
    page = {
        "lang": lang,
        "level": level,
        "code": code,
        "title": teller.of(overall, "area"),
        "of": "" if level == "district" else str(about[f"name_{lang}"] or about["name_zh"]),
        "synthetic": f"{teller.word('synthetic')}: {', '.join(made_up)}" if made_up else "",
        "edge": teller.word("edge") if overall["edge"] else "",
        "verdict": teller.cell(overall)
        | {"reason": teller.of(overall, "reason"), "lift": teller.of(overall, "lift")},
        "themes": [teller.cell(card) for card in themes],
        "legend": _legend(teller),
        "figures": _figures(teller, code, level),
        "indicators": _indicators(teller, code),
        "groups": _groups(teller, code),
        **_types(teller, code),
        **_members(teller, code, level),
        "gaps": _gaps(teller, code, level),
        "changes": _changes(teller, code, level, since),
        "method": [text[lang == "en"] for text in METHOD],
        "footer": f"lifecircle {run.manifest['product']['version']} · "
        f"{run.manifest['standard']['version']} · {run.manifest['parameters']['moment']}",
        "labels": {name: text[lang == "en"] for name, text in LABELS.items()},
    }
    _draw(teller, page, code, level, district)
    return page | {"svgs": teller.svgs}


def _legend(teller: _Teller) -> list[Row]:
    return [
        {
            "symbol": mark.style.symbol, "hex": mark.style.hex, "ink": mark.ink,
            "word": mark.style.name_zh if teller.lang == "zh" else mark.style.name_en,
            "meaning": mark.style.meaning_zh if teller.lang == "zh" else mark.style.meaning_en,
            "action": mark.style.action_zh if teller.lang == "zh" else mark.style.action_en,
        }
        for mark in teller.marks.values()
    ]  # fmt: skip


def _below(teller: _Teller, code: str, level: str) -> list[str]:
    """Codes of the places of one level below (or at) a place."""
    wanted = {c["area"] for c in teller.cards if c["level"] == level}
    found = []
    for area in dict.fromkeys(c["area"] for c in teller.cards):
        above = area
        while above and above != code:
            above = teller.parent.get(above, "")
        if above == code and area in wanted:
            found.append(area)
    return found


def _figures(teller: _Teller, code: str, level: str) -> list[list[str]]:
    communities = set(_below(teller, code, "community"))
    buildings = teller.run.table("buildings").select(["community", "residents"])
    people = sum(
        r["residents"]
        for r in buildings.to_pylist()
        if level == "district" or r["community"] in communities
    )
    facilities = pc.value_counts(teller.run.table("facilities")["community"]).to_pylist()
    inside = sum(r["counts"] for r in facilities if r["values"] in communities)
    figures = [
        [teller.word("residents"), f"{people:,.0f}"],
        [teller.word("facilities"), f"{inside:,}"],
    ]
    if level == "district":
        figures.append([teller.word("streets"), str(len(_below(teller, code, "street")))])
    if level != "community":
        figures.append([teller.word("communities"), str(len(communities))])
    return figures if communities else []


def _indicators(teller: _Teller, code: str) -> list[list[str]]:
    rows = [r for r in teller.run.table("indicators").to_pylist() if r["area"] == code]
    return [
        [teller.of(r, "name"), "–" if r["value"] is None
         else f"{r['value']:.1%}" if r["unit"] == "share" else f"{r['value']:.2f}"]
        for r in rows
    ]  # fmt: skip


def _groups(teller: _Teller, code: str) -> list[Row]:
    return [
        {"name": teller.of(r, "profile"), "people": f"{r['people']:,.0f}",
         "lived": r["covered_share"], "compliant": r["compliance_share"]}
        for r in teller.run.table("groups").to_pylist() if r["area"] == code
    ]  # fmt: skip


def _types(teller: _Teller, code: str) -> Row:
    """Every type with its card; the best of them, and what is missing most."""
    cards = teller.cards_of(code, "type")
    rows = [
        teller.cell(card) | {
            "lived": card["covered_share"], "compliant": card["compliance_share"],
            "gap": _amount(teller, card), "lift": teller.of(card, "lift"),
            "uncovered": "" if card["uncovered"] is None else f"{card['uncovered']:,.0f}",
        }
        for card in cards
    ]  # fmt: skip
    pairs = list(zip(cards, rows, strict=True))
    good = [p for p in pairs if p[0]["colour"] in {"green", "blue"}]
    bad = [p for p in pairs if p[0]["colour"] in {"red", "orange"}]
    good.sort(key=lambda p: (-p[0]["score"], p[0]["key"]))
    bad.sort(key=lambda p: (-(p[0]["uncovered"] or 0.0), p[0]["key"]))
    return {
        "types": rows,
        "good": [row for _, row in good[:_TYPES]],
        "missing": [row for _, row in bad[:_TYPES]],
    }


def _amount(teller: _Teller, card: Row) -> str:
    if not card["gap"]:
        return ""
    amount = f"{card['gap']:,.0f}" if card["gap"] >= 10 else f"{card['gap']:.1f}"
    unit = card["gap_unit_zh"] if teller.lang == "zh" else f" {card['gap_unit']}"
    return f"{amount}{unit}"


def _members(teller: _Teller, code: str, level: str) -> Row:
    """The communities below, street by street: the overall card and the themes of each."""
    if level == "community":
        return {"heads": [], "members": []}
    themes = [card["key"] for card in teller.cards_of(code, "theme")]
    by_area: dict[str, dict[str, Row]] = {}
    for card in teller.cards:
        if card["scope"] in {"overall", "theme"}:
            by_area.setdefault(card["area"], {})[card["key"]] = card
    streets = _below(teller, code, "street") if level == "district" else [code]
    members = []
    for street in streets:
        for area in [street, *_below(teller, street, "community")]:
            cards = by_area[area]
            members.append(
                {
                    "name": teller.of(cards["overall"], "area"),
                    "level": cards["overall"]["level"],
                    "cells": [teller.cell(cards[key]) for key in ("overall", *themes)],
                }
            )
    heads = [teller.of(card, "key") for card in teller.cards_of(code, "theme")]
    return {"heads": [teller.word("overall"), *heads], "members": members}


def _gaps(teller: _Teller, code: str, level: str) -> list[Row]:
    areas = set(_below(teller, code, "community")) if level in {"district", "street"} else {code}
    rows = [r for r in teller.run.table("gaps").to_pylist() if r["area"] in areas]
    return [
        {"place": teller.of(r, "area"), "type": teller.of(r, "type"),
         **teller.cell({**r, "score": None, "key_zh": r["type_zh"], "key_en": r["type_en"]}),
         "uncovered": "" if r["uncovered"] is None else f"{r['uncovered']:,.0f}",
         "gap": _amount(teller, r), "lift": teller.of(r, "lift")}
        for r in rows[:_GAPS]
    ]  # fmt: skip


def _changes(teller: _Teller, code: str, level: str, since: Run | None) -> list[Row] | None:
    """Cards of the place and below that changed colour since an earlier run; None without one."""
    if since is None:
        return None
    areas = {code, *_below(teller, code, "street"), *_below(teller, code, "community")}
    rows = compare(since, teller.run).changes.to_pylist()
    found = [
        r for r in rows
        if r["area"] in areas and r["change"] in {"rose", "fell"}
        and (r["scope"] != "type" or r["area"] == code or level == "community")
    ]  # fmt: skip
    return [
        {"place": teller.of(r, "area"), "name": teller.of(r, "key"), "why": teller.of(r, "why"),
         "before": teller.cell({**r, "colour": r["colour_before"], "score": r["score_before"]}),
         "after": teller.cell({**r, "colour": r["colour_after"], "score": r["score_after"]})}
        for r in found[:_CHANGES]
    ]  # fmt: skip


def _draw(teller: _Teller, page: Row, code: str, level: str, district: str) -> None:
    """Draw the overall map, the maps of the themes and the Lorenz curve."""
    everywhere = _below(teller, district, "community")
    streets = _below(teller, district, "street")
    outline = [code] if level != "district" else streets
    page["map"] = teller.map("overall", everywhere, "overall", outline)
    areas = (
        everywhere if level in {"district", "circle", "grid"} else _below(teller, code, "community")
    )
    if level != "community":
        page["theme_maps"] = [
            {"name": teller.of(card, "key"), "file": teller.map(card["key"], areas, card["key"], outline[:1])}
            for card in teller.cards_of(code, "theme")
        ]  # fmt: skip
    buildings = teller.run.table("buildings")
    types = teller.run.manifest["standard"].get("base_reach", [])
    columns = [f"{k}_share" for k in types if f"{k}_share" in buildings.column_names]
    if columns and level == "district":
        shares = np.array(
            [buildings[c].to_numpy(zero_copy_only=False).astype(float) for c in columns]
        )
        known = np.isfinite(shares)
        mean = np.where(known, shares, 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        teller.svgs["lorenz.svg"] = draw_lorenz(*lorenz(mean, buildings["residents"].to_numpy()))
        page["lorenz"] = "lorenz.svg"
