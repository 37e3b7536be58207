"""Photos of a facility: added, looked at, refused in words, deleted; by hand and by keyboard."""

import pytest
from playwright.sync_api import expect

from browser.conftest import PLANNER
from browser.test_accessibility import serious, settle
from hub.pictures import jpeg


@pytest.fixture
def ref(assessed, visit):
    page = visit.open("/register", PLANNER)
    answer = page.request.get(f"{assessed.url}/api/v1/facilities?type=toilet&limit=1")
    return answer.json()["items"][0]["ref"]


def chosen(dialog, body, name="gate.jpg"):
    dialog.get_by_label("照片文件").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": body}
    )


def test_a_photo_is_added_looked_at_and_deleted(assessed, visit, ref):
    visit.expected.append("422")
    page = visit.open(f"/register?edit={ref}", PLANNER)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("还没有照片")).to_be_visible()
    expect(dialog.get_by_label("照片文件")).to_have_attribute("capture", "environment")
    chosen(dialog, b"<svg/>")
    dialog.get_by_role("button", name="添加照片").click()
    expect(dialog.get_by_role("alert")).to_contain_text("JPEG、PNG 或 WebP")
    chosen(dialog, jpeg((1200, 800), taken="2026:11:20 09:30:00"))
    dialog.get_by_label("说明").fill("正门")
    dialog.get_by_role("button", name="添加照片").click()
    small = dialog.get_by_role("button", name="正门")
    expect(small.get_by_role("img")).to_have_js_property("naturalWidth", 320)
    expect(dialog.get_by_role("alert")).to_have_count(0)
    small.focus()
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("figure").get_by_role("img")).to_have_js_property(
        "naturalWidth", 1200
    )
    expect(dialog.get_by_role("figure")).to_contain_text("摄于 2026-11-20")
    dialog.get_by_role("button", name="删除照片").click()
    page.get_by_role("button", name="确定").click()
    expect(dialog.get_by_text("还没有照片")).to_be_visible()


def test_axe_finds_nothing_serious_and_a_phone_shows_it_whole(assessed, visit, ref):
    for look, size in (("light", (1240, 760)), ("dark", (390, 844))):
        view = {"width": size[0], "height": size[1]}
        page = visit.open(
            f"/register?edit={ref}", PLANNER, color_scheme=look, viewport=view, bypass_csp=True
        )
        dialog = page.get_by_role("dialog")
        chosen(dialog, jpeg((900, 600 + size[0])))
        dialog.get_by_role("button", name="添加照片").click()
        dialog.get_by_role("button", name="照片 1").click()
        settle(page)
        assert serious(page, look) == []
        assert dialog.evaluate("one => one.scrollWidth <= one.clientWidth")
        dialog.get_by_role("button", name="删除照片").click()
        page.get_by_role("button", name="确定").click()
        expect(dialog.get_by_text("还没有照片")).to_be_visible()
