"""Working groups: one is made, gets its members by their exact names, and ends."""

import pytest

from browser.conftest import PLANNER
from browser.test_accessibility import serious


def fill(dialog, **values):
    for label, value in values.items():
        dialog.get_by_label(label).fill(value)


@pytest.mark.parametrize("look", ["dark"])
def test_a_group_is_made_changed_and_ended(visit, hub, look):
    visit.expected.append("422")
    page = visit.enter_at("/groups", PLANNER, color_scheme=look, bypass_csp=True)
    page.get_by_role("button", name="新建专班").click()
    dialog = page.get_by_role("dialog", name="新建专班")
    fill(dialog, 名称="加装电梯专班", 任务="三年内补齐", 牵头人="demo-street-officer")
    dialog.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_role("button", name="保存").click()
    row = page.get_by_role("row", name="加装电梯专班")
    row.get_by_role("button", name="修改").click()
    dialog = page.get_by_role("dialog", name="加装电梯专班")
    dialog.get_by_label("新成员").fill("demo-grid")
    dialog.get_by_role("button", name="加入").click()
    dialog.get_by_role("alert").wait_for()
    dialog.get_by_label("新成员").fill("demo-grid-worker")
    dialog.get_by_role("button", name="加入").click()
    member = dialog.get_by_role("listitem").filter(has_text="demo-grid-worker")
    member.wait_for()
    page.wait_for_timeout(300)
    assert serious(page, look) == []
    member.get_by_role("button", name="移出").click()
    member.wait_for(state="detached")
    dialog.get_by_role("button", name="结束专班").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    row.wait_for(state="detached")
    page.get_by_text("也列出已结束的").click()
    row.first.wait_for()
    assert row.first.get_by_role("button", name="查看").count() == 1
    page.wait_for_timeout(300)
    assert serious(page, look) == []


def test_who_only_reads_is_offered_no_change(visit, hub):
    page = visit.enter_at(
        "/groups", "demo-service-operator", viewport={"width": 360, "height": 740}
    )
    page.get_by_role("heading", name="专班").wait_for()
    page.wait_for_timeout(300)
    assert page.get_by_role("button", name="新建专班").count() == 0
    widths = (
        "[document.scrollingElement, document.querySelector('main')].map(one => one.scrollWidth)"
    )
    assert max(page.evaluate(widths)) <= 360
