"""Assessments: asked for, watched, compared, published for residents."""

from browser.conftest import PLANNER


def test_an_assessment_is_asked_for_watched_and_compared(visit, assessed):
    page = visit.open("/runs", PLANNER)
    page.get_by_role("button", name="发起评估").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称").fill("再看一次")
    dialog.get_by_role("button", name="开始").click()
    row = page.get_by_role("row", name="再看一次")
    row.get_by_text("排队中").or_(row.get_by_text("评估中")).first.wait_for()
    row.get_by_text("已完成").wait_for(timeout=60_000)
    page.get_by_role("button", name="对比", exact=True).click()
    page.get_by_text("张卡有变化").wait_for()


def test_cards_are_published_read_without_logging_in_and_withdrawn(visit, assessed):
    visit.expected.append("public/cards")
    page = visit.open("/runs", PLANNER)
    page.get_by_role("combobox", name="地方").fill("qixinggang")
    page.get_by_role("option", name="七星岗街道").click()
    page.locator("label", has_text="医疗健康圈").click()
    page.get_by_role("button", name="公布 2 项").click()
    page.get_by_text("已于").wait_for()
    address = page.get_by_role("link", name="查看公布页").get_attribute("href")

    reader = visit.open(address)
    reader.get_by_role("heading", name="七星岗街道的五色卡").wait_for()
    assert reader.get_by_role("heading", name="医疗健康圈").is_visible()
    assert reader.get_by_text("演示数据").is_visible()

    page.get_by_role("button", name="撤回").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    page.get_by_role("link", name="查看公布页").wait_for(state="detached")
    reader.reload()
    reader.get_by_role("heading", name="这里没有公布的五色卡").wait_for()


def test_an_assessment_follows_changes_by_itself_if_a_planner_says_so(visit, assessed):
    page = visit.open("/runs", PLANNER)
    page.get_by_role("combobox", name="数据变动后自动评估").click()
    page.get_by_role("option", name="静止 10 分钟后").click()
    page.get_by_text("已保存").wait_for()
    page.reload()
    page.locator(".upkeep .el-select").get_by_text("静止 10 分钟后").wait_for()
    page.get_by_role("combobox", name="数据变动后自动评估").click()
    page.get_by_role("option", name="不自动").click()
    page.get_by_text("已保存").wait_for()
