"""The planner's map: a card and why, a walk from here, a drawing graded beside today."""

import re

from playwright.sync_api import expect

from browser.conftest import PLANNER, choose, click_map, wait_for_map

MAP = "/?level=community&scope=type&key=clinic"


def click_area(page) -> str:
    """Click an area near the middle of the map, where its mark stands; its name."""
    box = page.locator(".canvas").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    marks = page.locator(".mark-chip").evaluate_all(
        "all => all.map(one => { const b = one.getBoundingClientRect();"
        " return [b.x + b.width / 2, b.y + b.height / 2, one.nextSibling.textContent] })"
    )
    x, y, name = min(marks, key=lambda one: abs(one[0] - middle[0]) + abs(one[1] - middle[1]))
    page.mouse.click(x, y)
    return name


def test_a_type_is_chosen_and_an_area_says_why_it_has_its_card(visit, assessed):
    page = visit.open("/", PLANNER)
    wait_for_map(page)
    page.get_by_text("演示数据").first.wait_for()
    choose(page, "卡片", "类型")
    page.wait_for_url(re.compile("scope=type"))
    choose(page, "哪一项", "门诊部")
    page.wait_for_url(re.compile("key=clinic"))
    page.wait_for_timeout(300)
    name = click_area(page)
    panel = page.get_by_role("complementary")
    panel.get_by_role("heading", name=name).wait_for()
    panel.get_by_text("为什么").wait_for()
    panel.get_by_text("四项得分").wait_for()
    panel.get_by_text("这里的其他五色卡").wait_for()
    assert "得分" in panel.inner_text() or "未评" in panel.inner_text()


def test_the_legend_has_colour_symbol_and_word(visit, assessed):
    page = visit.open(MAP, PLANNER)
    wait_for_map(page)
    legend = page.get_by_role("list", name="图例")
    for said in ("绿", "蓝", "黄", "橙", "红", "未评", *"●◆▲■×"):
        expect(legend).to_contain_text(said)


def test_from_here_shows_how_far_and_the_walk_to_a_second_point(visit, assessed):
    page = visit.open(MAP, PLANNER)
    wait_for_map(page)
    page.get_by_role("button", name="从这里出发").click()
    click_map(page)
    rings = page.get_by_role("table", name="步行范围")
    rings.wait_for()
    areas = [
        float(text.split()[0].replace(",", ""))
        for text in rings.locator("td:nth-child(2)").all_inner_texts()
    ]
    assert areas == sorted(areas)
    assert areas[0] > 0
    page.wait_for_timeout(800)  # the map comes closer
    click_map(page, 60, 20)
    page.get_by_role("heading", name="步行路线").wait_for()
    assert page.get_by_text("台阶级数").is_visible()


def test_a_drawn_facility_changes_a_card_and_is_undone(visit, assessed):
    page = visit.open(MAP, PLANNER)
    wait_for_map(page)
    page.get_by_role("button", name="画方案").click()
    panel = page.get_by_role("complementary")
    panel.get_by_text("点击地图, 在该处增设。").wait_for()
    click_map(page)
    panel.get_by_role("heading", name="对五色卡的影响").wait_for(timeout=30_000)
    changed = panel.locator("li", has_text="门诊部").filter(has_text="→")
    assert changed.count() > 0
    panel.get_by_role("button", name="现状").click()
    panel.get_by_role("button", name="全部撤销").click()
    panel.get_by_role("heading", name="对五色卡的影响").wait_for(state="detached")


def test_a_way_near_a_click_can_be_closed(visit, assessed):
    page = visit.open(MAP, PLANNER)
    wait_for_map(page)
    page.get_by_role("button", name="画方案").click()
    page.get_by_role("button", name="关闭通道").click()
    click_map(page)
    close = page.get_by_role("button", name="关闭", exact=True).first
    close.click()
    page.get_by_text("已画 1 项").wait_for(timeout=30_000)


def test_a_path_is_drawn_from_one_click_to_another(visit, assessed):
    page = visit.open(MAP, PLANNER)
    wait_for_map(page)
    page.get_by_role("button", name="画方案").click()
    page.get_by_role("button", name="新通道").click()
    page.get_by_text("点击地图, 选定一端。").wait_for()
    page.get_by_role("button", name="取地图中心").click()
    page.get_by_text("再点击另一端: 接到最近的路口。").wait_for()
    click_map(page, right=80)
    page.get_by_text("已画 1 项").wait_for(timeout=30_000)
    page.get_by_text("新步行道").wait_for()


def test_the_keyboard_clicks_the_middle_of_the_map(visit, assessed):
    page = visit.open(MAP, PLANNER)
    wait_for_map(page)
    page.get_by_role("button", name="从这里出发").click()
    page.locator("canvas").focus()
    page.keyboard.press("Enter")
    page.get_by_role("table", name="步行范围").wait_for()


def test_a_place_is_found_by_its_initials(visit, assessed):
    page = visit.open(MAP, PLANNER)
    wait_for_map(page)
    page.get_by_role("combobox", name="查找地方或设施").fill("jiefangbei")
    page.get_by_role("option", name="解放碑街道").click()
    page.get_by_role("complementary").get_by_role("heading", name="解放碑街道").wait_for()


def test_a_cell_of_the_matrix_leads_to_its_card(visit, assessed):
    page = visit.open("/matrix", PLANNER)
    grid = page.get_by_role("grid")
    grid.get_by_role("gridcell").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    name = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("scope=type.*place="))
    page.get_by_role("complementary").get_by_role("heading", name=name.split(",")[0]).wait_for()
