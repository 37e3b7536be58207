"""Circles on the map, check lists, work goals, demand, and files of projects, in the pages."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import PLANNER
from browser.test_accessibility import serious, settle
from hub.pictures import jpeg

SHOTS = os.environ.get("SHOTS")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def looked_through(page, look="light") -> None:
    settle(page)
    assert serious(page, look) == []


def neighbours(page, url) -> list[str]:
    """Two communities that touch, by their names."""
    import shapely
    from shapely.geometry import shape

    found = page.request.get(f"{url}/api/v1/places/shapes?level=community").json()["features"]
    for one in found:
        for other in found:
            touching = shapely.intersection(shape(one["geometry"]), shape(other["geometry"]))
            if one is not other and touching.length > 1e-3:
                return [one["properties"]["name_zh"], other["properties"]["name_zh"]]
    raise AssertionError("no neighbours")


def test_a_circle_is_drawn_by_hand_checked_and_moved_on(assessed, visit):
    visit.expected.append("422")
    page = visit.open("/circles", PLANNER, bypass_csp=True)
    one, other = neighbours(page, assessed.url)
    page.get_by_role("button", name="手工划定").click()
    page.get_by_label("名称").fill("江岸生活圈")
    for name in (one, other):
        page.get_by_role("combobox", name="成员").fill(name)
        page.get_by_role("option", name=name, exact=True).click()
    page.get_by_role("heading", name="生活圈", exact=True).click()
    page.get_by_role("button", name="保存生活圈").click()
    page.get_by_role("button", name="查看“江岸生活圈”").click()
    page.get_by_role("button", name="开工建设").click()
    expect(page.locator("dd").first).to_have_text("建设中")
    page.get_by_role("button", name="验收", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="验收条件尚未具备")).to_be_visible()
    page.get_by_role("button", name="核对“居民评议”").click()
    page.get_by_label("依据").fill("满意度调查已公开")
    page.get_by_role("button", name="具备", exact=True).click()
    expect(page.get_by_role("listitem").filter(has_text="居民评议")).to_contain_text(
        "满意度调查已公开"
    )
    page.locator(".mark-chip").first.wait_for()
    shot(page, "circle-detail")
    looked_through(page)
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("还没有生活圈。")).to_be_visible()


def test_divisions_are_found_shown_and_adopted_and_targets_set(assessed, visit):
    page = visit.open("/circles", PLANNER, bypass_csp=True)
    page.get_by_role("button", name="自动划圈").click()
    page.get_by_label("圈数").fill("9")
    page.get_by_label("圈数").press("Tab")
    page.get_by_text("上下限必须满足").click()
    page.get_by_role("button", name="求解").click()
    page.get_by_text("种划法").wait_for(timeout=60_000)
    page.locator(".mark-chip").first.wait_for()
    shot(page, "circle-found")
    looked_through(page)
    page.get_by_role("button", name="采用").click()
    expect(page.get_by_role("button", name="查看“")).to_have_count(9)
    page.get_by_role("button", name="目标与进度").click()
    page.get_by_label("每行: 日期 个数").fill("2025-04-30 1\n2025-12-31 4\n2027-12-31 11")
    page.get_by_role("button", name="设定目标").click()
    expect(page.get_by_text("到 2027-12-31 累计 11 个")).to_be_visible()
    looked_through(page)
    shot(page, "circle-targets")


@pytest.mark.parametrize("look", ["dark"])
def test_a_place_stands_on_the_check_list_of_a_pilot(assessed, visit, look):
    page = visit.open("/circles/checklists", PLANNER, color_scheme=look, bypass_csp=True)
    page.get_by_role("combobox", name="清单").click()
    page.get_by_role("option", name="完整社区").click()
    page.get_by_role("combobox", name="地方").fill("社区")
    page.get_by_role("option").filter(visible=True).first.click()
    expect(page.get_by_text("具备").first).to_be_visible()
    expect(page.locator(".verdict")).to_have_count(20)
    shot(page, f"checklist-{look}")
    looked_through(page, look)


def test_a_goal_is_set_reported_and_ended(assessed, visit):
    page = visit.open("/projects?view=goals", PLANNER, bypass_csp=True)
    page.get_by_role("button", name="新建目标").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("目标", exact=True).fill("增加公共停车位")
    dialog.get_by_role("combobox", name="地方").fill("演示")
    page.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_label("单位").fill("个")
    dialog.get_by_label("目标值").fill("200")
    dialog.get_by_label("目标值").press("Tab")
    looked_through(page)
    dialog.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="填报“增加公共停车位”").click()
    page.get_by_label("现值").fill("80")
    page.get_by_label("说明").fill("两处桥下空间建成")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("80 / 200 个")).to_be_visible()
    shot(page, "goals")
    looked_through(page)
    goal = page.get_by_role("listitem").filter(has_text="增加公共停车位")
    goal.get_by_role("button", name="结束").click()
    page.get_by_role("button", name="确定").click()
    expect(goal).to_have_count(0)


def test_demand_is_a_table_and_lies_over_the_map(assessed, visit):
    page = visit.open("/matrix/demand", PLANNER, bypass_csp=True)
    rows = page.locator("tbody tr")
    rows.first.wait_for(timeout=60_000)
    shot(page, "demand")
    looked_through(page)
    page.get_by_role("button", name="一个地方, 各类设施").click()
    page.get_by_role("combobox", name="地方").fill("演示")
    page.get_by_role("option").filter(visible=True).first.click()
    expect(rows.filter(has_text="幼儿园").first).to_be_visible()
    page.get_by_role("button", name="一类设施, 各地方").click()
    link = page.get_by_role("link", name="在图上看")
    expect(link).to_have_attribute("href", re.compile("short_later"), timeout=60_000)
    link.click()
    expect(page.get_by_role("heading", name="供给缺口 (5年后)").first).to_be_visible(timeout=60_000)
    page.get_by_text("缺 ").first.wait_for()
    shot(page, "demand-map")


def test_projects_have_files_a_map_a_package_and_a_report(assessed, visit, tmp_path):
    page = visit.open("/projects?new", PLANNER, bypass_csp=True)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("项目名称").fill("带附件的项目")
    dialog.get_by_role("combobox", name="地方").fill("社区")
    page.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_role("button", name="保存").click()
    files = page.locator("section.sheet").filter(has=page.get_by_role("heading", name="文件与照片"))
    for name, body in (("可研.pdf", b"%PDF-1.7"), ("现场.jpg", jpeg())):
        path = tmp_path / name
        path.write_bytes(body)
        files.get_by_label("选择文件").set_input_files(str(path))
        files.get_by_role("button", name="添加").click()
        expect(files.get_by_role("link", name=name).last).to_be_visible()
    looked_through(page)
    shot(page, "project-files")
    page.goto(f"{assessed.url}/projects?view=map")
    page.get_by_role("button", name="带附件的项目").click()
    page.locator(".mark-chip").first.wait_for()
    looked_through(page)
    shot(page, "project-map")
    for name in ("OC4IDS", "月报 PDF"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        path = download.value.path()
        assert path.stat().st_size > 500
    content = tmp_path / "package.json"
    content.write_text('[{"id": "oc4ids-elsewhere-1", "title": "外来项目"}]', encoding="utf-8")
    page.get_by_role("button", name="导入 OC4IDS").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("项目包").set_input_files(str(content))
    dialog.get_by_role("combobox", name="位置不明").fill("演示")
    page.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_role("button", name="导入 OC4IDS").click()
    expect(page.get_by_text("录入 1 个")).to_be_visible()
