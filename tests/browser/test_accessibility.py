"""Every page in light and dark, looked through by axe-core; and on a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.conftest import PLANNER, click_map, wait_for_map

PLANNERS = ("/", "/?level=community&scope=type&key=clinic&place={place}", "/matrix?scope=theme",
            "/register", "/register?edit={ref}", "/register/import", "/runs", "/tokens", "/password")  # fmt: skip


def serious(page, look: str = "light") -> list[tuple[str, str, str]]:
    """What axe finds; in dark only the contrast, for nothing else differs."""
    only = {"runOnly": ["color-contrast"]} if look == "dark" else {}
    told = {"resultTypes": ["violations"], **only}  # of all else one example each: much less to say
    found = Axe().run(page, options=told).response["violations"]
    return [
        (rule["id"], rule["help"], rule["nodes"][0]["html"][:200])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


def settle(page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(100)


@pytest.fixture
def names(assessed, visit):
    page = visit.open("/runs", PLANNER)
    place = page.request.get(f"{assessed.url}/api/v1/places?level=community&limit=1").json()
    one = page.request.get(f"{assessed.url}/api/v1/facilities?limit=1").json()
    return {"place": place["items"][0]["code"], "ref": one["items"][0]["ref"]}


# Both looks here, where every kind of part is; the other pages are looked through in the dark, where contrast is harder.
@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_planners_pages(visit, names, assessed, look):
    page = visit.open("/runs", PLANNER, color_scheme=look, bypass_csp=True)
    for path in PLANNERS:
        page.goto(assessed.url + path.format(**names))
        settle(page)
        assert serious(page, look) == [], path


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_in_what_the_map_does(visit, assessed, look):
    page = visit.open("/?scope=type&key=clinic", PLANNER, color_scheme=look, bypass_csp=True)
    wait_for_map(page)
    for mode in ("从这里出发", "画方案"):
        page.get_by_role("button", name=mode).click()
        click_map(page)
        settle(page)
        assert serious(page, look) == [], mode


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious_for_others(visit, assessed, look):
    for user, path in (
        (None, "/login"),
        (None, "/public/nowhere"),
        ("demo-community-worker", "/residents"),
    ):
        visit.expected.append("public/cards")
        page = visit.open(path, user, color_scheme=look, bypass_csp=True)
        settle(page)
        assert serious(page, look) == [], path


def test_a_narrow_screen_shows_every_page_without_moving_it_sideways(visit, assessed):
    page = visit.open("/", PLANNER, viewport={"width": 360, "height": 740})
    for path in ("/", "/matrix", "/register", "/register/import", "/runs", "/tokens"):
        page.goto(assessed.url + path)
        page.get_by_role("heading").first.wait_for(state="attached")
        settle(page)
        widths = "[document.scrollingElement, document.querySelector('main')].map(one => one.scrollWidth)"
        assert max(page.evaluate(widths)) <= 360, path


def test_the_first_stop_of_the_keyboard_leads_to_the_main_content(visit, assessed):
    page = visit.open("/register", PLANNER)
    page.locator("tbody tr").first.wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到主要内容"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
