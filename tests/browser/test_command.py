"""The command centre: a wall that is read from six metres and never freezes silently, a desk where one click acts."""

import re

from playwright.sync_api import expect

from browser.conftest import DESK as BROWSER
from browser.test_accessibility import serious, settle
from browser.test_surveys import looked_through, shot

OPERATOR = "demo-command-operator"
WALL = {**BROWSER, "viewport": {"width": 1920, "height": 1080}}
DESK = {**BROWSER, "viewport": {"width": 1440, "height": 900}}


def drawn(page) -> None:
    page.locator(".case-mark").first.wait_for()
    page.locator(".figures li").first.wait_for()


def raised(page, url, kind, title, place) -> str:
    """A case raised elsewhere, by the interface; its number."""
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    body = {"kind": kind, "place": place, "title": title, "source": "hotline"}
    answer = page.request.post(f"{url}/api/v1/cases", data=body, headers={"X-CSRFToken": token})
    assert answer.status == 201, answer.text()
    return answer.json()["ref"]


def a_place(page, url) -> dict:
    return page.request.get(f"{url}/api/v1/places?level=community&limit=40").json()["items"][-1]


def test_a_wall_shows_what_comes_without_reload_and_is_read_from_afar(assessed, visit):
    page = visit.open("/command?wall=1", OPERATOR, bypass_csp=True, color_scheme="dark", **WALL)
    drawn(page)
    sizes = page.locator(".figures .value").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 48
    texts = page.evaluate(
        """() => [...document.querySelectorAll('.wall *')].filter(one => one.checkVisibility({opacityProperty: true})
           && [...one.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && !one.closest('.tools, .maplibregl-ctrl'))
           .map(one => parseFloat(getComputedStyle(one).fontSize))"""
    )
    assert min(texts) >= 17  # device signs on the map; all that is read is 22 and more
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    shot(page, "wall-dark")
    other = visit.open("/cases", OPERATOR, bypass_csp=True)
    title = "大屏测试: 三楼有人呼救"
    raised(other, assessed.url, "help_call", title, a_place(other, assessed.url)["code"])
    expect(page.get_by_role("alert").get_by_text(title)).to_be_visible(timeout=10_000)
    expect(page.locator(".focus, .list").get_by_text(title).first).to_be_visible()
    expect(other.get_by_role("link", name=title)).to_be_visible(
        timeout=10_000
    )  # the list of cases too
    looked_through(page)
    shot(page, "wall-alert")


def test_a_line_that_is_cut_is_said_and_comes_back_by_itself(assessed, visit):
    """The stream is held back and the hub cannot be asked: within 20 s the screen says so, with the time that it shows."""
    visit.expected += ["/stream", "/api/v1/", "ERR_FAILED", "Failed to load"]
    page = visit.open("/command?wall=1", OPERATOR, bypass_csp=True, **WALL)
    drawn(page)
    line = page.locator(".line-state")
    expect(line).to_contain_text("实时")
    page.route(re.compile("/stream|/api/v1/"), lambda route: route.abort())
    page.evaluate(
        "window.dispatchEvent(new Event('online'))"
    )  # the line is made anew, and finds nobody
    note = page.get_by_role("alert").filter(has_text="断线")
    expect(note).to_be_visible(timeout=25_000)
    expect(note).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(line).to_contain_text("断线")
    shot(page, "wall-cut")
    assert serious(page) == []
    other = visit.open("/command", OPERATOR)  # under the content policy, as everybody sees it
    drawn(other)
    title = "断线时登记的事件"
    raised(other, assessed.url, "facade", title, a_place(other, assessed.url)["code"])
    page.unroute_all()
    expect(note).to_have_count(0, timeout=25_000)
    expect(page.get_by_text(re.compile(rf"{title}|还有 \d+ 件")).first).to_be_visible()
    scene = page.request.get(f"{assessed.url}/api/v1/command/now").json()
    expect(page.locator(".figures .value").first).to_have_text(
        str(int(scene["figures"][0]["value"]))
    )


def test_one_click_sends_the_nearest_calls_a_meeting_and_tells_who_is_on_duty(assessed, visit):
    page = visit.open("/command", OPERATOR, bypass_csp=True, **DESK)
    drawn(page)
    page.locator(".cases .row").filter(has_text="漏水").first.click()
    side = page.get_by_role("complementary", name="详情")
    side.get_by_role("heading", name="谁最近").wait_for()
    first = side.locator(".people li").first
    expect(first).to_contain_text("分钟")
    looked_through(page)
    shot(page, "desk-case")
    name = first.locator(".who b").inner_text()
    first.get_by_role("button", name=f"派单 {name}").click()
    expect(side.locator(".now")).to_contain_text(f"已指派 · {name}")
    side.get_by_role("button", name="召集会商").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("时间、地点、议题").fill("10:30 街道三楼会议室")
    looked_through(page)
    dialog.get_by_role("button", name="召集", exact=True).click()
    expect(side.get_by_text("召集会商: ")).to_be_visible()
    page.get_by_role("button", name="通知在岗").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("内容").fill("今夜暴雨, 请巡查低洼点")
    dialog.get_by_role("button", name=re.compile(r"发送给 \d+ 人")).click()
    expect(page.get_by_text(re.compile(r"已通知 \d+ 人"))).to_be_visible()


def test_the_desk_drills_down_replays_and_reports_by_the_keyboard_alone(assessed, visit):
    page = visit.open("/command", OPERATOR, bypass_csp=True, **DESK)
    drawn(page)
    district = page.get_by_role("heading", level=1).inner_text()
    below = page.locator(".side .rows button")
    for _ in range(2):
        name = below.first.locator(".name").inner_text()
        below.first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"{name}指挥中心")
    building = below.first.locator(".name").inner_text()
    below.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{building}指挥中心")
    path = page.get_by_role("navigation", name="所在层级").get_by_role("button")
    expect(path).to_have_count(3)
    path.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(district)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{building}指挥中心")
    page.go_forward()
    page.get_by_role("button", name="回放").press("Enter")
    slider = page.get_by_role("slider", name="时刻")
    expect(slider).to_be_enabled()  # once the day is there
    slider.focus()
    for key in ("Home", "PageUp", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.get_by_role("status").get_by_text("回放")).to_be_visible()
    settle(page)
    shot(page, "desk-replay")
    page.get_by_role("button", name="回到现在").press("Enter")
    expect(slider).to_have_count(0)
    page.get_by_role("button", name="交接班报告").press("Enter")
    expect(page.get_by_role("dialog").get_by_text("接班时未结")).to_be_visible()
    looked_through(page)
    with page.expect_download() as file:
        page.get_by_role("link", name="下载 XLSX").click()
    assert file.value.suggested_filename.endswith(".xlsx")


def test_axe_finds_nothing_serious_in_english_in_the_dark_with_all_layers(assessed, visit):
    page = visit.open("/command", OPERATOR, bypass_csp=True, color_scheme="dark", **DESK)
    drawn(page)
    page.get_by_role("button", name="English").click()
    for name in ("facilities", "cards"):
        page.locator(".switches label").nth(
            ["devices", "people", "facilities", "cards"].index(name)
        ).click()
    page.locator(".cases .row").first.click()
    page.locator(".side h3").first.wait_for()
    settle(page)
    shot(page, "desk-dark")
    assert serious(page) == []
    page.goto(f"{assessed.url}/command?wall=1")
    drawn(page)
    settle(page)
    assert serious(page) == []
