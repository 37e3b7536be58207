"""A warning is written at a desk, sent, read on a worker's phone, and lifted."""

from playwright.sync_api import expect

from browser.test_surveys import PHONE, WORKER, looked_through, shot

STREET = "demo-street-officer"


def test_a_warning_is_drafted_sent_read_on_a_phone_and_lifted(assessed, visit):
    desk = visit.open("/warnings", STREET, bypass_csp=True)
    expect(desk.get_by_text("没有预警")).to_be_visible()
    desk.get_by_role("button", name="写预警").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("combobox", name="种类").click()
    desk.get_by_role("option", name="停电").click()
    dialog.get_by_role("combobox", name="地方").click()
    desk.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_label("标题 (中文)").fill("今夜检修停电")
    dialog.get_by_label("情况 (中文)").fill("22 时至次日 6 时检修。")
    looked_through(desk)
    shot(desk, "warning-form")
    dialog.get_by_role("button", name="存草稿").click()
    expect(desk.get_by_role("heading", name="今夜检修停电")).to_be_visible()
    expect(dialog).to_be_hidden()
    looked_through(desk)
    shot(desk, "warning-draft")
    public = f"{assessed.url}/api/v1/public/warnings"
    assert desk.request.get(public).json() == []
    desk.get_by_role("button", name="发布", exact=True).click()
    desk.get_by_role("button", name="确定").click()
    expect(desk.get_by_text("生效中")).to_be_visible()
    assert [one["headline_zh"] for one in desk.request.get(public).json()] == ["今夜检修停电"]
    shot(desk, "warning-sent")

    phone = visit.open("/warnings", WORKER, bypass_csp=True, **PHONE)
    expect(phone.get_by_text("22 时至次日 6 时检修。")).to_be_visible()
    expect(phone.get_by_role("button", name="更新")).to_have_count(0)
    message = phone.request.get(
        f"{assessed.url}{phone.get_by_role('link', name='CAP 报文').get_attribute('href')}"
    )
    assert "<msgType>Alert</msgType>" in message.text()
    looked_through(phone)
    shot(phone, "warnings-phone")

    desk.get_by_role("button", name="解除", exact=True).click()
    dialog.get_by_label("情况 (中文)").fill("检修提前完成, 已恢复供电。")
    dialog.get_by_role("button", name="存草稿").click()
    expect(dialog).to_be_hidden()
    desk.get_by_role("button", name="发布", exact=True).click()
    desk.get_by_role("button", name="确定").click()
    expect(desk.get_by_text("已解除")).to_be_visible()
    expect(desk.get_by_text("已由 W-")).to_be_visible()
    looked_through(desk)
    shot(desk, "warnings-lifted")
    small = visit.open("/warnings", STREET, bypass_csp=True, color_scheme="dark", **PHONE)
    small.get_by_role("button", name="写预警").click()
    expect(small.get_by_role("dialog")).to_be_visible()
    looked_through(small)
    shot(small, "warning-form-phone")
