"""Logging in and out, the first password, and what each role is shown."""

import re

import pytest

from browser.conftest import NEW_PASSWORD, PLANNER

LOGIN = re.compile(r"/login\?next=")


def test_who_is_not_logged_in_comes_back_to_where_they_were_going(visit, assessed):
    page = visit.open("/matrix?scope=theme")
    page.wait_for_url(LOGIN)
    visit.enter(page, PLANNER)
    page.wait_for_url(f"{assessed.url}/matrix?scope=theme")
    page.get_by_role("grid").wait_for()


def test_a_wrong_password_is_said_in_words(visit, hub):
    visit.expected.append("auth/login")
    page = visit.open("/login")
    visit.enter(page, "nobody-here", "wrong")
    assert "不正确" in page.get_by_role("alert").inner_text()


def test_the_first_password_is_changed_and_the_auditor_sees_only_the_audit(visit, hub):
    page = visit.open("/login")
    visit.enter(page, "auditor")
    page.wait_for_url("**/password")
    page.goto(f"{hub.url}/")
    page.wait_for_url("**/password")
    page.get_by_label("现在的密码").fill(hub.passwords["auditor"])
    page.get_by_label("新密码", exact=True).fill(NEW_PASSWORD)
    page.get_by_label("再输入一次新密码").fill(NEW_PASSWORD)
    page.get_by_role("button", name="修改", exact=True).click()
    page.wait_for_url("**/audit")
    entries = page.get_by_role("navigation", name="主菜单").get_by_role("link")
    assert entries.all_inner_texts() == ["审计"]
    page.locator("tbody tr").first.wait_for()
    page.goto(f"{hub.url}/register")
    page.wait_for_url("**/audit")


def test_logging_out_leads_to_the_log_in(visit, hub):
    visit.expected.append(
        "401"
    )  # the answer to a log-out, and to what was asked for while the session ended
    page = visit.open("/login")
    visit.enter(page, "demo-council-member")
    page.get_by_role("button", name="的菜单").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login")
    page.get_by_label("用户名").wait_for()
    page.goto(f"{hub.url}/register")
    page.wait_for_url(LOGIN)


def test_a_session_that_has_ended_leads_to_the_log_in_and_back(visit, assessed):
    visit.expected.append("401")
    page = visit.open("/login")
    visit.enter(page, "demo-department-officer")
    page.wait_for_url(f"{assessed.url}/")
    # A page that asks for nothing more by itself: what the map still asks for would find the session ended first.
    visit.go(page, "台账")
    page.get_by_role("row").nth(1).wait_for()
    page.wait_for_timeout(1000)  # each answer that is under way prolongs the session
    page.context.clear_cookies(name="sessionid")
    visit.go(page, "台账", "地方")
    page.wait_for_url(LOGIN)


@pytest.mark.parametrize(
    ("user", "wanted"),
    [
        (
            "demo-community-worker",
            {
                "规划": ["地图", "五色矩阵", "评估", "居民调查", "生活圈", "项目"],
                "运行": ["指挥中心", "工作台", "事件", "值班表", "工作群", "设备", "预警"],
                "台账": ["设施台账", "地方", "居民", "专班"],
            },
        ),
        ("demo-service-operator", {"台账": ["设施台账", "地方", "专班"]}),
    ],
)
def test_the_menu_has_what_the_caller_may_see(visit, assessed, user, wanted):
    page = visit.open("/", user)
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_role("link").first.wait_for()
    parts = menu.get_by_role("list", name="分区").get_by_role("link")
    assert parts.all_inner_texts() == (list(wanted) if len(wanted) > 1 else [])
    for part, entries in wanted.items():
        if len(wanted) > 1:
            parts.filter(has_text=part).click()
        links = menu.get_by_role("list", name=part).get_by_role("link")
        links.first.wait_for()
        assert links.all_inner_texts() == entries


def test_the_language_is_switched_and_kept(visit, assessed):
    page = visit.open("/runs", PLANNER)
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Assessments").wait_for()
    page.reload()
    page.get_by_role("heading", name="Assessments").wait_for()
    assert page.evaluate("document.documentElement.lang") == "en"
