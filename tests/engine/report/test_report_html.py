"""The page: whole in itself, true to the cards, readable, and safe from the names in the data."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from html.parser import HTMLParser
from itertools import pairwise

import pyarrow as pa
import pytest
from handmade import COLOURS, make_assessment, make_district

from lifecircle.engine.grading import CARDS
from lifecircle.engine.report import render_html

HOSTILE = """<script>alert(1)</script>"'`><img src=x onerror=alert(2)>{{ 7*7 }}</title></style>"""
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Page(HTMLParser):
    """Collects elements with their attributes, texts, and whether tags are nested rightly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] not in {"script", "style"}:
            self.texts.append(data)

    def all(self, tag, **wanted):
        return [a for t, a in self.elements
                if t == tag and all(a.get(k) == v for k, v in wanted.items())]  # fmt: skip


@pytest.fixture(scope="module")
def assessment():
    return make_assessment()


@pytest.fixture(scope="module")
def text(assessment):
    return render_html(assessment)


@pytest.fixture(scope="module")
def page(text):
    return Page(text)


@pytest.fixture(scope="module")
def hostile_text():
    district = make_district({HOSTILE: 2})
    district.places.name_zh[:] = HOSTILE
    district.places.name_en[:] = HOSTILE
    district = dataclasses.replace(
        district, name_zh=HOSTILE, name_en=HOSTILE, inputs={HOSTILE: HOSTILE}, moment=HOSTILE,
        synthetic=frozenset({HOSTILE}),
        warnings=(dataclasses.replace(district.warnings[0], value=HOSTILE, expected=HOSTILE),),
    )  # fmt: skip
    made = make_assessment(district)
    rows = [row | {"reason_zh": HOSTILE, "reason_en": HOSTILE} for row in made.cards.to_pylist()]
    made = dataclasses.replace(made, cards=pa.Table.from_pylist(rows, schema=CARDS))
    return render_html(made)


def test_tags_close_in_order_and_ids_are_unique(page):
    assert page.open == []
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))


def test_nothing_is_fetched(text, page):
    assert not re.search(r"https?://", text)
    for tag, attributes in page.elements:
        assert tag not in {"img", "iframe", "object", "embed", "base"}
        for name in ("src", "href"):
            assert (attributes.get(name) or "#").startswith(("#", "data:"))
    for url in re.findall(r"url\(([^)]{0,20})", text):
        assert url.startswith("data:font/woff2")


def test_the_policy_allows_the_page_s_own_script_and_no_request(text, page):
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy["content"]
    assert "default-src 'none'" in policy["content"]
    assert not any(name.startswith("on") for _, a in page.elements for name in a)


def test_names_from_data_stay_text(hostile_text):
    page = Page(hostile_text)
    assert page.open == []
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not any("onerror" in a for _, a in page.elements)
    assert HOSTILE in "".join(page.texts)  # as it was written, and nothing of it was run
    assert any((a.get("title") or "").endswith(HOSTILE) for a in page.all("td"))


def test_every_matrix_cell_shows_its_card(assessment, page):
    cards = [c for c in assessment.cards.to_pylist() if c["level"] != "district"]
    shown = [a for a in page.all("td") if (a.get("class") or "").startswith("k ")]
    expected = len(cards) + 62 + 20  # and the district's own, by type and by roll-up
    assert len(shown) == expected
    titles = [a["title"] for a in shown]
    styles = {s.id: s for s in assessment.district.standards.rules.colours}
    for card in cards:
        assert f"{styles[card['colour']].name_zh} · {card['reason_zh']}" in titles


def test_colour_never_stands_alone(text):
    cells = re.findall(r'<td class="k c-\w+"[^>]*>(.*?)</td>', text)
    assert cells
    assert all(re.search(r'<b aria-hidden="true">\S</b><i lang="zh-CN">\S', cell) for cell in cells)
    patches = re.findall(r"<g><title>(.*?)</title><use (.*?)</text></g>", text)
    assert len(patches) == 7 * 9
    assert all("·" in title and re.search(r">\S$", rest) for title, rest in patches)


def test_the_summary_counts_the_communities_by_colour(assessment, text):
    cards = [c["colour"] for c in assessment.cards.to_pylist()
             if c["level"] == "community" and c["scope"] == "overall"]  # fmt: skip
    row = re.search(r'<tr class="overall">(.*?)</tr>', text, re.DOTALL)[1]
    counts = [int(n) for n in re.findall(r'<td class="number">(\d+)</td>', row)]
    assert counts == [cards.count(colour) for colour in COLOURS]


def test_gaps_are_the_communities_largest_in_order(assessment, page):
    rows = page.all("tr")
    shown = [(a["data-street"], a["data-type"]) for a in rows if "data-street" in a]
    gaps = [g for g in assessment.gaps.to_pylist() if g["level"] == "community"]
    gaps.sort(key=lambda gap: gap["rank"])
    expected = [(gap["area"][:9], gap["type"]) for gap in gaps[:100]]
    assert shown == expected
    assert len(shown) == 100


def test_headings_go_down_one_step_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_header_cells_say_what_they_head(page):
    assert all("scope" in a for a in page.all("th"))


def test_what_scrolls_can_be_reached_by_key_and_has_a_name(page):
    scrolling = [a for a in page.all("div") if "scroll" in (a.get("class") or "")]
    assert len(scrolling) >= 8
    assert all(
        a["tabindex"] == "0" and a["role"] == "region" and a["aria-label"] for a in scrolling
    )


def test_links_within_the_page_lead_somewhere(page):
    ids = {a["id"] for _, a in page.elements if "id" in a}
    targets = {a["href"][1:] for _, a in page.elements if (a.get("href") or "").startswith("#")}
    assert targets <= ids


def test_synthetic_tables_are_named_in_the_banner(text):
    banner = re.search(r'<aside class="banner".*?</aside>', text, re.DOTALL)[0]
    assert "合成数据" in banner
    assert "设施" in banner
    assert "人口" in banner


def test_a_district_of_real_data_has_no_banner():
    district = dataclasses.replace(make_district({"石油路街道": 1}), synthetic=frozenset())
    assert 'class="banner"' not in render_html(make_assessment(district))


def test_the_page_says_which_way_was_graded(assessment, text):
    assert "there and back, each within the limit" in text
    one_way = render_html(dataclasses.replace(assessment, way="back"))
    assert "only the way back is graded" in one_way
    assert "counts the way back only" in one_way
    assert "there and back" not in one_way


def test_overrides_and_warnings_are_shown(text):
    assert "rules.coverage_full" in text
    assert "41 栋楼的层数为推算" in text


def test_a_missing_card_is_a_dash(assessment):
    rows = [r for r in assessment.cards.to_pylist() if r["key"] not in {"kindergarten", "S1"}]
    fewer = dataclasses.replace(assessment, cards=pa.Table.from_pylist(rows, schema=CARDS))
    assert Page(render_html(fewer)).all("td", **{"class": "none"})


def test_a_missing_english_name_falls_back_to_the_chinese(text):
    assert '<span lang="zh-CN">朝天第1社区</span><span lang="en">朝天第1社区</span>' in text


def test_the_same_assessment_gives_the_same_page(text):
    assert render_html(make_assessment()) == text
