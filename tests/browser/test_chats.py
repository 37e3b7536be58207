"""Group chats: one is added, a test message says what its robot answers, and it ends; its key is shown to nobody."""

import os
from pathlib import Path

import pytest

from browser.test_accessibility import serious
from hub.bot import KEY, WeCom

SHOTS = os.environ.get("SHOTS")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def added(page, name, address):
    page.get_by_role("button", name="添加工作群").click()
    dialog = page.get_by_role("dialog", name="添加工作群")
    dialog.get_by_label("名称").fill(name)
    dialog.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_label("机器人地址").fill(address)
    dialog.get_by_role("button", name="保存").click()
    return dialog


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_chat_is_added_tested_and_ended(visit, hub, robot, look):
    visit.expected.append("422")
    page = visit.enter_at("/chats", "demo-street-officer", color_scheme=look, bypass_csp=True)
    dialog = added(page, f"街道群 {look}", "https://elsewhere.example/send?key=" + KEY)
    dialog.get_by_role("alert").wait_for()
    shot(page, f"chats-form-{look}")
    dialog.get_by_label("机器人地址").fill(f"{robot}/cgi-bin/webhook/send?key={KEY}")
    dialog.get_by_role("button", name="保存").click()
    row = page.get_by_role("row", name=f"街道群 {look}")
    row.get_by_role("button", name="发测试消息").click()
    row.get_by_text("0 ok").wait_for()
    assert f"街道群 {look}" in WeCom.said[-1]
    added(page, f"旧群 {look}", f"{robot}/cgi-bin/webhook/send?key={KEY[:-1]}")
    old = page.get_by_role("row", name=f"旧群 {look}")
    old.get_by_role("button", name="发测试消息").click()
    page.get_by_role("alert").get_by_text("93000").wait_for()
    assert KEY[:-1] not in page.content()
    page.wait_for_timeout(300)
    assert serious(page, look) == []
    shot(page, f"chats-{look}")
    old.get_by_role("button", name="停用").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    old.get_by_text("停用", exact=False).first.wait_for()
    old.get_by_role("button", name="发测试消息").wait_for(state="detached")


def test_the_page_fits_a_phone(visit, hub):
    page = visit.enter_at("/chats", "demo-street-officer", viewport={"width": 360, "height": 740})
    page.get_by_role("heading", name="工作群").wait_for()
    page.wait_for_timeout(300)
    widths = (
        "[document.scrollingElement, document.querySelector('main')].map(one => one.scrollWidth)"
    )
    assert max(page.evaluate(widths)) <= 360
    shot(page, "chats-phone")
