"""The tree of places: found, looked at, and changed by who may change it."""

import pytest
from playwright.sync_api import expect

from browser.conftest import PLANNER
from browser.test_accessibility import serious, settle


@pytest.fixture(autouse=True)
def may_be_unassessed(visit):
    """Who logs in lands on the map, which may have no assessment to show yet."""
    visit.expected.append("runs/latest")


@pytest.fixture
def community(hub, visit):
    """A community of the town, and its street."""
    page = visit.open("/places", PLANNER)
    found = page.request.get(f"{hub.url}/api/v1/places?level=community&limit=1").json()["items"][0]
    above = page.request.get(f"{hub.url}/api/v1/places/{found['parent']}").json()["place"]
    return {**found, "street": above}


def act(page, name):
    page.get_by_role("button", name=name, exact=True).click()
    return page.get_by_role("dialog", name=name)


def save(page, dialog, *, confirm=False):
    dialog.get_by_role("button", name="保存").click()
    if confirm:
        page.get_by_role("button", name="确定").click()
    dialog.wait_for(state="detached")


def add(page, level, code, name):
    dialog = act(page, "新增下级")
    dialog.get_by_text(level, exact=True).click()
    dialog.get_by_label("代码").fill(code)
    dialog.get_by_label("中文名称").fill(name)
    save(page, dialog, confirm=True)
    page.get_by_role("heading", name=name).wait_for()


def name_member(dialog, k, username, role):
    dialog.get_by_role("button", name="加一人").click()
    dialog.get_by_label("用户名").nth(k).fill(username)
    dialog.get_by_role("combobox", name="职责").nth(k).click()
    dialog.page.get_by_role("option", name=role, exact=True).last.click()


def test_a_place_is_found_by_the_tree_and_by_pinyin(visit, hub, community):
    page = visit.open("/places", PLANNER)
    tree = page.get_by_role("navigation", name="地方树")
    tree.get_by_role("button", name=f"{community['street']['name_zh']} 的下级").focus()
    page.keyboard.press("Enter")
    tree.get_by_role("link", name=community["name_zh"]).focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=community["name_zh"]).wait_for()
    expect(page.get_by_text("75 岁及以上")).to_be_visible()
    expect(page.get_by_text("设立", exact=True)).to_be_visible()
    page.get_by_label("查找").fill("huayipo")
    hit = page.get_by_role("region", name="查找结果").get_by_role("link").first
    expect(hit).to_contain_text("华一坡社区")
    hit.click()
    page.get_by_role("link", name="在地图上看").click()
    page.wait_for_url(lambda url: "level=community" in url and "place=" in url)


def test_a_grid_gets_its_branch_its_team_and_a_building(visit, hub, community):
    visit.expected.append("422")
    page = visit.open(f"/places?place={community['code']}", PLANNER)
    add(page, "网格", "B-G1", "第一网格")
    dialog = act(page, "设置党支部")
    dialog.get_by_label("党支部").fill("第一网格党支部")
    save(page, dialog)
    expect(page.get_by_role("definition").filter(has_text="第一网格党支部")).to_be_visible()
    dialog = act(page, "设置团队")
    name_member(dialog, 0, "demo-grid-worker", "网格长")
    name_member(dialog, 1, "nobody-at-all", "专职网格员")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert")).to_contain_text("nobody-at-all")
    dialog.get_by_label("用户名").nth(1).fill("demo-community-worker")
    save(page, dialog)
    expect(page.get_by_role("definition").filter(has_text="demo-grid-worker")).to_be_visible()
    past = page.get_by_role("listitem").filter(has_text="团队")
    expect(past).to_contain_text("网格长")
    expect(page.get_by_role("navigation", name="地方树")).to_contain_text("第一网格")
    add(page, "楼栋", "B-G1-B1", "一号楼")
    page.get_by_label("所选的地方").get_by_role("link", name="第一网格").click()
    expect(page.get_by_label("所选的地方").get_by_role("link", name="一号楼")).to_be_visible()


def test_a_place_is_renamed_and_moved_with_its_day_and_keeps_its_past(visit, hub, community):
    page = visit.open(f"/places?place={community['code']}", PLANNER)
    add(page, "网格", "B-G2", "第二网格")
    dialog = act(page, "更名")
    dialog.get_by_label("中文名称").fill("江边网格")
    dialog.get_by_label("自何日起").fill("2027-01-01")
    save(page, dialog)
    expect(page.get_by_role("listitem").filter(has_text="第二网格 → 江边网格")).to_contain_text(
        "2027-01-01"
    )
    dialog = act(page, "改属")
    dialog.get_by_role("combobox", name="新的上级").click()
    page.get_by_role("option").last.click()
    save(page, dialog, confirm=True)
    expect(page.get_by_role("listitem").filter(has_text="改属")).to_contain_text(
        f"{community['name_zh']} →"
    )


def test_who_only_reads_is_offered_no_change_and_sees_only_their_own_part(visit, hub):
    page = visit.open("/places", "demo-street-officer", viewport={"width": 360, "height": 740})
    tree = page.get_by_role("navigation", name="地方树")
    tree.get_by_role("link", name="七星岗街道").click()
    page.get_by_role("heading", name="七星岗街道").wait_for()
    settle(page)
    assert tree.get_by_text("渝中区").count() == 0
    assert page.get_by_role("button", name="更名").count() == 0
    widths = (
        "[document.scrollingElement, document.querySelector('main')].map(one => one.scrollWidth)"
    )
    assert max(page.evaluate(widths)) <= 360


@pytest.mark.parametrize("look", ["dark"])
def test_axe_finds_nothing_serious(visit, hub, community, look):
    path = f"/places?place={community['code']}"
    page = visit.open(path, PLANNER, color_scheme=look, bypass_csp=True)
    page.get_by_role("heading", name=community["name_zh"]).wait_for()
    settle(page)
    assert serious(page, look) == []
    act(page, "新增下级")
    page.wait_for_timeout(400)
    assert serious(page, look) == []
    page.keyboard.press("Escape")
    page.get_by_label("查找").fill("社区")
    page.get_by_role("region", name="查找结果").get_by_role("link").first.wait_for()
    settle(page)
    assert serious(page, look) == []
