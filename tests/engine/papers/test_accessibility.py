"""The HTML papers in a real browser, looked through by axe-core (WCAG 2 A and AA, best practices)."""

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from conftest import SmallDistrict
from lifecircle.engine.assess import assess
from lifecircle.engine.papers import write_paper

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the PATH")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    folder = tmp_path_factory.mktemp("axe")
    small = SmallDistrict(folder / "bundle")
    small.tables["facilities"] += [small.facility(f"T{k}", "toilet", 150 + 400 * k) for k in (0, 1)]
    assess(small.write(), folder / "results")
    return folder / "results"


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


def violations(browser, html):
    # The papers forbid scripts; axe is one, and is let in here only.
    page = browser.new_context(bypass_csp=True, offline=True).new_page()
    page.set_content(html)
    found = Axe().run(page).response["violations"]
    page.close()
    return [(rule["id"], rule["help"], len(rule["nodes"])) for rule in found]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("area", ["", "S1", "C4"])
def test_axe_finds_nothing_against_a_paper(results, browser, tmp_path, area, lang):
    write_paper(results, tmp_path / "p.html", area=area, lang=lang)
    assert violations(browser, (tmp_path / "p.html").read_text(encoding="utf-8")) == []


def test_axe_finds_what_is_wrong_with_a_broken_paper(results, browser, tmp_path):
    write_paper(results, tmp_path / "p.html")
    html = (tmp_path / "p.html").read_text(encoding="utf-8")
    broken = html.replace('<html lang="zh-CN">', "<html>").replace(
        "</body>", '<img src="x.png"><p style="color:#ccc;background:#fff">grey words</p></body>'
    )
    assert {rule for rule, _, _ in violations(browser, broken)} >= {
        "html-has-lang", "image-alt", "color-contrast",
    }  # fmt: skip
