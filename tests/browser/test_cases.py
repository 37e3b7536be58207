"""A case from report to closure, on three screens: who enters it, who goes there with a phone, who calls back."""

from playwright.sync_api import expect

from browser.test_surveys import PHONE, WORKER, looked_through, shot

GRID = "demo-grid-worker"


def test_a_case_is_reported_taken_on_a_phone_resolved_and_rated(assessed, visit):  # noqa: PLR0915
    desk = visit.open("/cases", WORKER, bypass_csp=True)
    desk.get_by_role("button", name="登记事件").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_role("combobox", name="类别").click()
    desk.get_by_role("option", name="P3 公共设施报修").click()
    dialog.get_by_role("combobox", name="地方").click()
    desk.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_label("事项").fill("梯道栏杆松动")
    dialog.get_by_label("门牌 (加密, 只给承办人看)").fill("示例楼2单元501")
    looked_through(desk)
    shot(desk, "case-new")
    dialog.get_by_role("button", name="登记事件").click()
    desk.get_by_role("heading", name="梯道栏杆松动").wait_for()
    expect(desk.get_by_text("示例楼2单元501")).to_have_count(0)
    ref = desk.url.rsplit("/", 1)[1]
    desk.get_by_role("button", name="指派").click()
    desk.get_by_label("承办人 (用户名)").fill(GRID)
    desk.get_by_role("button", name="确定").click()
    expect(desk.get_by_text("已指派", exact=True).first).to_be_visible()

    phone = visit.open("/cases", GRID, bypass_csp=True, **PHONE)
    phone.get_by_text("只看我的").click()
    looked_through(phone)
    shot(phone, "cases-phone")
    phone.get_by_role("link", name="梯道栏杆松动").click()
    phone.get_by_role("button", name="接单").click()
    phone.get_by_role("button", name="查看门牌").click()
    expect(phone.get_by_text("示例楼2单元501")).to_be_visible()
    phone.get_by_role("button", name="到场").click()
    phone.get_by_role("button", name="办结").click()
    phone.get_by_label("说明").fill("已加固")
    looked_through(phone)
    shot(phone, "case-phone")
    phone.get_by_role("button", name="确定").click()
    expect(phone.get_by_text("已办结", exact=True).first).to_be_visible()

    desk.goto(f"{assessed.url}/cases/{ref}")
    desk.get_by_role("button", name="登记回访评价").click()
    desk.get_by_label("满意", exact=True).check()
    desk.get_by_role("button", name="确定").click()
    expect(desk.get_by_text("评价: 满意")).to_be_visible()
    for move, state in (("核实", "已核实"), ("归档", "已归档")):
        desk.get_by_role("button", name=move).click()
        expect(desk.get_by_text(state, exact=True).first).to_be_visible()
    desk.get_by_role("button", name="保全个人信息").click()
    desk.get_by_label("说明").fill("行政复议")
    desk.get_by_role("button", name="确定").click()
    expect(desk.get_by_text("个人信息已保全, 到期不清除。")).to_be_visible()
    expect(desk.get_by_role("button", name="不再保全")).to_be_visible()
    looked_through(desk)
    shot(desk, "case-closed")
    desk.goto(f"{assessed.url}/cases")
    desk.get_by_placeholder("按编号或事项查找").fill(ref)
    expect(desk.get_by_text("没有符合条件的事件")).to_be_visible()
    desk.get_by_text("只看未结").click()
    expect(desk.get_by_role("link", name="梯道栏杆松动")).to_be_visible()
    shot(desk, "cases")
    desk.get_by_role("link", name="办理评价").click()
    expect(desk.get_by_role("row", name="公共设施报修 Repair")).to_be_visible()
    looked_through(desk)
    shot(desk, "evaluation")
