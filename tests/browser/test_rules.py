"""A rule is written in a form, tried against the past, and made to hold; its mistakes are named."""

from playwright.sync_api import expect

from browser.test_surveys import looked_through, shot


def test_a_rule_is_written_tried_and_made_to_hold(assessed, visit):
    visit.expected.append("/api/v1/rules")  # one that would clear beyond its limit is refused
    page = visit.open("/rules", "demo-command-operator", bypass_csp=True)
    page.get_by_role("button", name="写规则").click()
    page.get_by_label("编号").fill("water-high")
    page.get_by_label("名称", exact=True).fill("集水井水位高")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True).first.click()
    page.get_by_label("数值名称").fill("level_m")
    page.get_by_label("界限").fill("0.8")
    page.get_by_label("恢复值").fill("0.9")
    dialog.get_by_role("combobox", name="成为哪类事件").click()
    page.get_by_role("option", name="水泵").click()
    looked_through(page)
    shot(page, "rule-form")
    page.get_by_role("button", name="存为一版").click()
    expect(page.get_by_text("when.clear")).to_be_visible()  # it would clear beyond its limit
    page.get_by_label("恢复值").fill("0.6")
    page.get_by_role("button", name="存为一版").click()
    expect(page.get_by_role("heading", name="集水井水位高")).to_be_visible()
    page.get_by_role("button", name="各版本").click()
    expect(page.get_by_role("button", name="让它生效")).to_have_count(0)  # not tried yet
    page.get_by_role("button", name="试算").click()
    expect(page.get_by_text("会产生")).to_be_visible()
    page.get_by_role("button", name="让它生效").click()
    expect(page.get_by_text("第 1 版生效中")).to_be_visible()
    looked_through(page)
    shot(page, "rules")
