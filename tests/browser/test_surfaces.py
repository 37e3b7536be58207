"""A measure at every home on the map: chosen, explained, read by the pointer and by the keyboard."""

import re

import pytest

from browser.conftest import PLANNER, choose, click_map, wait_for_map
from browser.test_accessibility import serious, settle

CLINIC = "/?level=community&scope=type&key=clinic"


def legend(page):
    return page.get_by_role("region", name="图例")


def test_hexagons_of_a_type_have_a_legend_with_their_unit_and_a_word_for_each(visit, assessed):
    page = visit.open(CLINIC, PLANNER)
    wait_for_map(page)
    choose(page, "图面", "六边形")
    page.wait_for_url(re.compile("by=hexagon"))
    legend(page).get_by_text("5–10").wait_for(timeout=60_000)
    assert "分钟" in legend(page).inner_text()
    shares = re.findall(r"(\d+)%", legend(page).inner_text())
    assert sum(map(int, shares)) == pytest.approx(100, abs=4)
    panel = page.get_by_role("complementary")
    panel.get_by_role("heading", name="到最近一处的分钟 · 门诊部").wait_for()
    first = panel.get_by_role("listitem").get_by_role("button").first
    first.focus()
    page.keyboard.press("Enter")
    said = first.locator("b").inner_text()
    page.get_by_role("region", name="此处").get_by_text(said).first.wait_for()


def test_another_type_and_another_measure_are_drawn_anew(visit, assessed):
    page = visit.open(f"{CLINIC}&by=building&measure=gravity", PLANNER)
    legend(page).get_by_text("按距离折减").wait_for(timeout=60_000)
    before = legend(page).inner_text()
    choose(page, "指标", "人均供给")
    legend(page).get_by_text("/千人").wait_for(timeout=60_000)
    assert legend(page).inner_text() != before
    choose(page, "哪一项", "公共厕所")
    page.get_by_role("complementary").get_by_role("heading", name="人均供给 · 公共厕所").wait_for()
    legend(page).get_by_text("/千人").wait_for(timeout=60_000)


def test_a_home_under_the_pointer_says_its_value(visit, assessed):
    page = visit.open(f"{CLINIC}&by=hexagon", PLANNER)
    legend(page).wait_for(timeout=60_000)
    page.wait_for_timeout(800)
    note = page.get_by_role("region", name="此处")
    for right in range(0, 320, 40):
        click_map(page, right)
        if note.count():
            break
    assert re.search(r"分钟|附近没有", note.inner_text())
    assert re.search(r"居民 [\d,]+ 人", note.inner_text())
    assert "place=" not in page.url


def test_without_a_type_the_streets_are_measured_by_walker_and_time(visit, assessed):
    page = visit.open("/?level=community&by=hexagon", PLANNER)
    legend(page).get_by_text("公里").wait_for(timeout=60_000)
    panel = page.get_by_role("complementary")
    far = panel.get_by_role("listitem").first.locator("b").inner_text()
    choose(page, "时限", "5 分钟")
    panel.get_by_role("listitem").first.locator("b").filter(has_not_text=far).wait_for(
        timeout=60_000
    )
    near = panel.get_by_role("listitem").first.locator("b").inner_text()
    assert float(near.split()[0]) < float(far.split()[0])
    choose(page, "图面", "五色卡")
    page.get_by_role("list", name="图例").get_by_text("未评").wait_for()


@pytest.mark.parametrize("look", ["dark"])
def test_axe_finds_nothing_serious_on_surfaces(visit, assessed, look):
    page = visit.open(f"{CLINIC}&by=hexagon", PLANNER, color_scheme=look, bypass_csp=True)
    legend(page).wait_for(timeout=60_000)
    page.get_by_role("complementary").get_by_role("listitem").get_by_role("button").first.click()
    settle(page)
    assert serious(page, look) == []
