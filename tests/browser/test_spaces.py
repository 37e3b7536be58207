"""Idle spaces: entered, corrected, exported, taken off; refused hours are named."""

import pytest
from playwright.sync_api import expect

from browser.conftest import PLANNER
from browser.test_accessibility import serious, settle


@pytest.fixture
def page(assessed, visit):
    """The list, and a point of the town to put a space at."""
    page = visit.open("/register", PLANNER)
    page.get_by_role("link", name="闲置空间").click()
    page.get_by_role("heading", name="闲置空间").wait_for()
    return page


def enter(page, url, name):
    spot = page.request.get(f"{url}/api/v1/facilities?limit=1").json()["items"][0]
    page.get_by_role("button", name="新增闲置空间").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill(name)
    for label, value in (
        ("面积 (m²)", "120"),
        ("经度", str(spot["lon"])),
        ("纬度", str(spot["lat"])),
    ):
        dialog.get_by_label(label).fill(value)
        dialog.get_by_label(label).press("Tab")
    return dialog


def test_a_space_is_entered_with_types_and_hours_and_taken_off(page, assessed, visit):
    visit.expected.append("422")
    dialog = enter(page, assessed.url, "旧仓库")
    dialog.get_by_role("combobox", name="可用作").click()
    page.get_by_role("option", name="公共厕所").click()
    page.keyboard.press("Escape")
    dialog.get_by_label("可共享时间").fill("whenever")
    dialog.get_by_role("button", name="保存").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Mo-Fr 18:00-21:00")
    dialog.get_by_label("可共享时间").fill("Sa-Su 09:00-17:00")
    dialog.get_by_role("button", name="保存").click()
    row = page.get_by_role("row", name="旧仓库")
    expect(row).to_contain_text("公共厕所")
    expect(row).to_contain_text("Sa-Su 09:00-17:00")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert "旧仓库" in download.value.path().read_text(encoding="utf-8-sig")
    row.get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name="移出清单").click()
    page.get_by_role("button", name="确定").click()
    expect(row).to_have_count(0)


def test_who_comes_second_is_told_and_sees_the_latest(page, assessed, visit):
    visit.expected.append("409")
    dialog = enter(page, assessed.url, "旧粮站")
    dialog.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="旧粮站").click()
    other = visit.open(page.url.replace(assessed.url, ""), PLANNER)
    for one, area in ((page, "200"), (other, "300")):
        one.get_by_role("dialog").get_by_label("面积 (m²)").fill(area)
        one.get_by_role("dialog").get_by_label("面积 (m²)").press("Tab")
    page.get_by_role("dialog").get_by_role("button", name="保存").click()
    page.get_by_text("已保存").last.wait_for()
    other.get_by_role("dialog").get_by_role("button", name="保存").click()
    expect(other.get_by_role("dialog").get_by_role("alert")).to_contain_text("刚刚有人修改过")
    assert other.get_by_role("dialog").get_by_label("面积 (m²)").input_value() == "200"


def test_a_table_is_previewed_applied_and_taken_back(page, assessed, tmp_path):
    spot = page.request.get(f"{assessed.url}/api/v1/facilities?limit=1").json()["items"][0]
    at = f"{spot['lon']},{spot['lat']}"
    table = tmp_path / "spaces.csv"
    table.write_text(
        "id,name,area_m2,floor,allowed_types,lon,lat\n"
        f"room-1,旧茶馆,140,-1,公共厕所,{at}\nroom-2,错的,60,1,castle,{at}\n",
        encoding="utf-8",
    )
    page.get_by_role("link", name="导入").click()
    page.get_by_role("heading", name="导入闲置空间").wait_for()
    page.get_by_label("表格文件").set_input_files(table)
    page.get_by_label("依据").fill("房管台账")
    page.get_by_role("button", name="上传并预览").click()
    changes = page.get_by_role("region", name="将有的改动")
    expect(changes).to_contain_text("公共厕所")
    expect(changes).to_contain_text("楼层")
    expect(page.get_by_role("region", name="有问题的行")).to_contain_text("castle")
    page.get_by_role("button", name="应用 1 项改动").click()
    page.get_by_role("button", name="整批撤回").wait_for()
    page.get_by_role("link", name="回到闲置空间").click()
    expect(page.get_by_role("row", name="旧茶馆")).to_contain_text("140")
    page.go_back()
    undo = page.get_by_role("button", name="整批撤回")
    undo.click()
    undo.wait_for(state="detached")
    page.get_by_role("link", name="回到闲置空间").click()
    expect(page.get_by_role("row", name="旧茶馆")).to_have_count(0)


@pytest.mark.parametrize("look", ["dark"])
def test_axe_finds_nothing_serious(visit, assessed, look):
    page = visit.open("/register/spaces?new", PLANNER, color_scheme=look, bypass_csp=True)
    page.get_by_role("dialog").wait_for()
    settle(page)
    assert serious(page, look) == []
    page.goto(f"{assessed.url}/register/spaces")
    settle(page)
    assert serious(page, look) == []
