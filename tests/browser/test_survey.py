"""The survey on a phone: noted without network, sent once, conflicts shown, each user's queue their own."""

import pytest
from playwright.sync_api import expect

from browser.conftest import PLANNER
from browser.test_accessibility import serious, settle

WORKER = "demo-community-worker"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def phone(assessed, visit):
    """A phone that has taken its facilities along and opens without network."""
    visit.expected += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "409", "422"]
    page = visit.open("/survey", WORKER, **PHONE)
    page.get_by_text("可离线打开").wait_for()
    page.get_by_text("名录取于").wait_for()
    return page


def register(page, url, ref):
    return page.request.get(f"{url}/api/v1/facilities/{ref}").json()


def taken(page, url):
    """The facilities of the worker's area, the longest unchecked first."""
    place = page.request.get(f"{url}/api/v1/me").json()["rights"]["facility.write"][0]
    code = place.strip("/").split("/")[-1]
    return page.request.get(f"{url}/api/v1/facilities?place={code}&limit=1000").json()["items"]


def find(page, one):
    page.get_by_label("查找名称、编号").fill(one["ref"])
    page.locator("li button").first.click()
    page.get_by_role("heading", name=one["name"]).wait_for()


def change(page, one, capacity):
    find(page, one)
    page.get_by_label("容量").fill(str(capacity))
    page.get_by_label("容量").press("Tab")
    page.get_by_role("button", name="记下修改").click()


def change_from_afar(visit, url, ref, **values):
    """Somebody else changes a facility at a desk."""
    desk = visit.open("/register", PLANNER)
    token = next(c["value"] for c in desk.context.cookies() if c["name"] == "csrftoken")
    now = register(desk, url, ref)
    said = {"source": "x", "on": "2026-01-01"}
    answer = desk.request.patch(
        f"{url}/api/v1/facilities/{ref}", headers={"X-CSRFToken": token, "Referer": url},
        data={"version": now["version"], "values": values, "said": said},
    )  # fmt: skip
    assert answer.ok, answer.text()


def test_without_network_it_opens_again_and_what_was_noted_is_sent_after(phone, assessed):
    one, other = taken(phone, assessed.url)[:2]
    phone.context.set_offline(True)
    phone.reload()
    expect(phone.get_by_text("没有网络")).to_be_visible()
    find(phone, one)
    phone.get_by_role("button", name="已核实, 一切如旧").click()
    change(phone, other, 63)
    phone.reload()
    expect(phone.get_by_text("2 条待发送")).to_be_visible()
    assert register(phone, assessed.url, other["ref"])["capacity"] == other["capacity"]
    phone.context.set_offline(False)
    expect(phone.get_by_text("没有待发送的")).to_be_visible()
    checked, changed = (register(phone, assessed.url, each["ref"]) for each in (one, other))
    assert changed["capacity"] == 63
    assert checked["version"] == one["version"] + 1
    assert not checked["stale"]
    assert {k: v for k, v in checked.items() if k not in {"version", "checked_on", "stale"}} == {
        k: v for k, v in one.items() if k not in {"version", "checked_on", "stale"}
    }


def test_a_lost_reply_and_a_repeat_make_one_facility(phone, assessed):
    lost = {}

    def lose(route):
        method = route.request.method
        if method in {"POST", "PATCH"} and method not in lost:
            lost[method] = route.fetch().status
            route.abort()
        else:
            route.continue_()

    def count():
        return phone.request.get(f"{assessed.url}/api/v1/facilities?text=新药店").json()["count"]

    before = count()
    phone.context.route("**/api/v1/facilities**", lose)
    near = taken(phone, assessed.url)[2]
    phone.get_by_role("button", name="新增设施").click()
    phone.get_by_label("名称").fill("新药店")
    phone.get_by_role("combobox", name="类型").click()
    phone.get_by_role("option", name="药店").first.click()
    for label, value in (("经度", near["lon"]), ("纬度", near["lat"])):
        phone.get_by_label(label).fill(str(value))
        phone.get_by_label(label).press("Tab")
    phone.get_by_role("button", name="记下修改").click()
    expect(phone.get_by_text("暂时连不上服务器")).to_be_visible()
    phone.get_by_role("button", name="发送", exact=True).click()
    expect(phone.get_by_text("没有待发送的")).to_be_visible()
    change(phone, near, 64)
    expect(phone.get_by_text("暂时连不上服务器")).to_be_visible()
    change(phone, near, 65)
    expect(phone.get_by_text("没有待发送的")).to_be_visible()
    assert lost == {"POST": 201, "PATCH": 200}
    assert count() == before + 1
    now = register(phone, assessed.url, near["ref"])
    assert (now["capacity"], now["version"]) == (65, near["version"] + 2)


def test_a_conflict_is_shown_and_chosen(phone, assessed, visit):
    mine, theirs = taken(phone, assessed.url)[3:5]
    phone.context.set_offline(True)
    change(phone, mine, 41)
    change(phone, theirs, 42)
    for one in (mine, theirs):
        change_from_afar(visit, assessed.url, one["ref"], capacity=77)
    phone.context.set_offline(False)
    expect(phone.get_by_text("有冲突")).to_have_count(2)
    find(phone, mine)
    row = phone.get_by_role("row", name="容量")
    assert "77" in row.inner_text()
    assert "41" in row.inner_text()
    phone.get_by_role("button", name="用我的").click()
    expect(phone.get_by_text("1 条待发送")).to_be_visible()
    assert register(phone, assessed.url, mine["ref"])["capacity"] == 41
    find(phone, theirs)
    phone.get_by_role("button", name="用现有的").click()
    expect(phone.get_by_text("没有待发送的")).to_be_visible()
    assert register(phone, assessed.url, theirs["ref"])["capacity"] == 77


def test_what_is_refused_says_why_and_can_be_corrected(phone, assessed):
    one = taken(phone, assessed.url)[5]
    find(phone, one)
    phone.get_by_label("经度").fill("0")
    phone.get_by_label("经度").press("Tab")
    phone.get_by_role("button", name="记下修改").click()
    expect(phone.get_by_text("被拒绝")).to_be_visible()
    find(phone, one)
    expect(phone.get_by_role("alert")).to_contain_text("位于本区或其周边的位置")
    phone.get_by_label("经度").fill(str(one["lon"]))
    phone.get_by_label("经度").press("Tab")
    phone.get_by_role("button", name="记下修改").click()
    expect(phone.get_by_text("没有待发送的")).to_be_visible()


def test_another_user_of_the_phone_sends_nothing_of_the_first(phone, assessed, visit):
    visit.expected += ["401"]
    one = taken(phone, assessed.url)[6]
    phone.context.set_offline(True)
    change(phone, one, 88)
    cookies = phone.context.cookies()
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    expect(phone.get_by_text("登录已失效")).to_be_visible()
    phone.goto(f"{assessed.url}/login")
    visit.enter(phone, PLANNER)
    phone.wait_for_url(lambda url: "/login" not in url)
    phone.goto(f"{assessed.url}/survey")
    expect(phone.get_by_text("另有 1 条属于其他用户")).to_be_visible()
    expect(phone.get_by_text("没有待发送的")).to_be_visible()
    assert register(phone, assessed.url, one["ref"])["version"] == one["version"]
    phone.context.clear_cookies()
    phone.context.add_cookies(cookies)
    phone.reload()
    expect(phone.get_by_text("没有待发送的")).to_be_visible()
    now = register(phone, assessed.url, one["ref"])
    assert (now["capacity"], now["version"]) == (88, one["version"] + 1)


def test_who_may_not_write_is_told(assessed, visit):
    visit.expected += ["401"]
    page = visit.open("/survey", "demo-grid-worker", **PHONE)
    expect(page.get_by_text("您的角色不能修改名录")).to_be_visible()
    page = visit.open("/survey", **PHONE)
    expect(page.get_by_text("请先登录")).to_be_visible()


@pytest.mark.parametrize("look", ["dark"])
def test_axe_finds_nothing_serious_and_nothing_moves_sideways(assessed, visit, look):
    page = visit.open("/survey", WORKER, color_scheme=look, bypass_csp=True, **PHONE)
    page.locator("li button").first.wait_for()
    settle(page)
    assert serious(page, look) == []
    page.locator("li button").first.click()
    settle(page)
    assert serious(page, look) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
