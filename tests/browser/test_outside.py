"""A case with a repair order, handed to an outside body: what the dispatcher makes, and what the body does with a phone."""

import re

import pytest
from playwright.sync_api import expect

from browser.test_accessibility import serious, settle
from browser.test_surveys import PHONE, WORKER, shot
from hub.pictures import jpeg

GRID = "demo-grid-worker"
DOOR = "示例楼3单元902"


def looked_through(page, look="light"):
    settle(page)
    assert serious(page, look) == []


def posted(page, path, body=None):
    """Call the interface as the page's own user."""
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    url = f"{page.url.split('/', 3)[0]}//{page.url.split('/', 3)[2]}/api/v1{path}"
    answer = page.request.post(url, data=body or {}, headers={"X-CSRFToken": token, "Referer": url})
    assert answer.ok, answer.text()
    return answer.json()


@pytest.fixture
def case(assessed, visit):
    """One that the grid worker has accepted."""
    page = visit.open("/cases", GRID)
    page.get_by_role("heading", name="事件").wait_for()
    me = page.request.get(f"{assessed.url}/api/v1/places?level=community&limit=1").json()
    place = me["items"][0]["code"]
    about = {
        "place": place,
        "kind": "repair",
        "title": "李家厨房异味",
        "about": "住户反映有异味",
        "door": DOOR,
    }
    one = posted(page, "/cases", about)
    posted(page, f"/cases/{one['ref']}/moves/accept", {"version": one["version"]})
    return one["ref"]


def test_an_order_is_proposed_on_a_phone_approved_at_the_desk_and_done(case, visit):
    phone = visit.open(f"/cases/{case}", GRID, bypass_csp=True, **PHONE)
    phone.get_by_role("button", name="提出派单").click()
    phone.get_by_label("做什么").fill("更换立管两米")
    phone.get_by_label("外部单位", exact=True).fill("渝中燃气公司")
    for k, (name, unit, quantity, price) in enumerate(
        (("立管", "米", "2", "45.5"), ("人工", "工时", "1.5", "80")), start=1
    ):
        if k > 1:
            phone.get_by_role("button", name="加一行").click()
            phone.get_by_label(f"类型 {k}").select_option("labour")
        for label, value in (
            ("名称", name),
            ("单位", unit),
            ("数量", quantity),
            ("单价 (元)", price),
        ):
            phone.get_by_label(f"{label} {k}").fill(value)
    expect(phone.get_by_text("合计 211.00")).to_be_visible()
    looked_through(phone)
    shot(phone, "order-form-phone")
    phone.get_by_role("button", name="提出派单").click()
    expect(phone.get_by_text("派单 1 · 待批")).to_be_visible()
    expect(phone.get_by_text("须社区批准")).to_be_visible()
    shot(phone, "order-phone")

    desk = visit.open(f"/cases/{case}", WORKER, bypass_csp=True)
    desk.get_by_role("button", name="批准", exact=True).click()
    expect(desk.get_by_text("派单 1 · 已批准")).to_be_visible()
    looked_through(desk)
    shot(desk, "order-approved")

    expect(phone.get_by_text("派单 1 · 已批准")).to_be_visible()  # told live
    phone.get_by_role("button", name="办结").click()
    phone.get_by_label("说明").fill("好了")
    visit.expected.append("409")
    phone.get_by_role("button", name="确定").click()
    expect(phone.get_by_text("维修派单 1 已批准未完工")).to_be_visible()
    phone.get_by_role("button", name="取消").click()
    phone.get_by_role("button", name="登记完工").click()
    phone.get_by_label("完工人").fill("陈师傅")
    looked_through(phone)
    shot(phone, "order-done-form")
    phone.get_by_role("button", name="确定").click()
    expect(phone.get_by_text("派单 1 · 已完工")).to_be_visible()
    expect(phone.get_by_text("派单 1 完工 (211.00 元)")).to_be_visible()
    desk.goto(re.sub(r"/cases/.*", "/cases/evaluation", desk.url))
    expect(desk.get_by_role("row", name="公共设施报修 Repair")).to_contain_text("211.00")
    looked_through(desk)
    shot(desk, "evaluation-cost")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_an_outside_body_takes_a_case_does_it_and_it_comes_back(case, visit, look):
    desk = visit.open(f"/cases/{case}", WORKER, bypass_csp=True, color_scheme=look)
    desk.get_by_role("button", name="给外部单位发链接").click()
    desk.get_by_label("单位名称").fill("渝中燃气公司")
    desk.get_by_label("协办内容").fill("三号楼燃气立管锈蚀, 请检修并测漏。\n请带测漏仪。")
    looked_through(desk, look)
    shot(desk, f"outside-hand-{look}")
    desk.get_by_role("button", name="生成链接").click()
    link = desk.get_by_label("链接已生成, 只显示这一次").input_value()
    assert "/outside/" in link
    looked_through(desk, look)
    shot(desk, f"outside-link-{look}")
    expect(desk.get_by_text("已外转", exact=True).first).to_be_visible()
    desk.reload()
    expect(desk.get_by_text("渝中燃气公司").first).to_be_visible()
    assert link not in desk.content()

    path = "/" + link.split("/", 3)[3]
    phone = visit.open(path, bypass_csp=True, color_scheme=look, **PHONE)
    expect(phone.get_by_text("请带测漏仪。")).to_be_visible()
    for hidden in (DOOR, "李家", "住户反映有异味"):
        expect(phone.get_by_text(hidden)).to_have_count(0)
    looked_through(phone, look)
    shot(phone, f"outside-asked-{look}")
    phone.get_by_label("你的姓名").fill("王工")
    phone.get_by_role("button", name="接收").click()
    expect(phone.get_by_text("王工 已接收")).to_be_visible()
    phone.get_by_label("说明", exact=True).fill("下午三点到")
    phone.get_by_role("button", name="发送说明").click()
    expect(phone.get_by_label("说明", exact=True)).to_have_value("")
    expect(phone.get_by_text("下午三点到")).to_be_visible()
    phone.locator("input[type=file]").set_input_files(
        {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": jpeg((400, 300))}
    )
    phone.get_by_role("button", name="使用这张").click()
    expect(phone.get_by_alt_text("你方照片 1")).to_be_visible()
    looked_through(phone, look)
    shot(phone, f"outside-accepted-{look}")
    phone.get_by_role("button", name="English").click()
    expect(phone.get_by_text("Accepted by 王工")).to_be_visible()
    shot(phone, f"outside-english-{look}")
    phone.get_by_label("What was done").fill("已更换立管, 测漏正常")
    phone.get_by_role("button", name="Say that it is done").click()
    expect(phone.get_by_text("Reported as done. Thank you.")).to_be_visible()
    looked_through(phone, look)
    shot(phone, f"outside-done-{look}")

    expect(
        desk.get_by_text("已接单", exact=True).first
    ).to_be_visible()  # back at its holder, told live
    expect(desk.get_by_text("称已办完, 待核查: 已更换立管, 测漏正常")).to_be_visible()
    expect(desk.get_by_text("外部单位: 渝中燃气公司").first).to_be_visible()
    expect(desk.get_by_role("img", name="处置后")).to_be_visible()
    looked_through(desk, look)
    shot(desk, f"outside-back-{look}")


def test_a_link_that_leads_nowhere_says_so_and_no_more(assessed, visit):
    visit.expected.append("public/outside")
    phone = visit.open(f"/outside/{'A' * 43}", bypass_csp=True, **PHONE)
    expect(phone.get_by_role("heading", name="链接无效或已失效")).to_be_visible()
    looked_through(phone)
    shot(phone, "outside-gone")
    answer = phone.request.get(f"{assessed.url}/outside/{'A' * 43}")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in answer.headers["x-robots-tag"]
