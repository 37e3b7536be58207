"""Asking residents: a survey from the library, answered on a phone, at a door without network, and read."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import PLANNER
from browser.test_accessibility import serious, settle

SHOTS = os.environ.get("SHOTS")
WORKER = "demo-community-worker"
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def looked_through(page) -> None:
    settle(page)
    assert serious(page) == []


def made(visit, url, title, *sections):
    """A survey of the district, made by its planner; the page shows it."""
    page = visit.open("/surveys", PLANNER, bypass_csp=True)
    page.get_by_role("button", name="新建调查").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="地方").fill("演示")
    page.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_label("调查名称").fill(title)
    for section in sections:
        dialog.get_by_text(section, exact=True).or_(
            dialog.locator("label").filter(has_text=section)
        ).first.click()
    looked_through(page)
    shot(page, "survey-new")
    dialog.get_by_role("button", name="新建", exact=True).click()
    page.get_by_role("heading", name=title).wait_for()
    return page


def opened(page) -> int:
    page.get_by_role("button", name="开始调查").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_role("button", name="结束调查").wait_for()
    return int(page.url.split("/surveys/")[1].split("?")[0])


def test_a_survey_is_built_opened_sampled_and_answered_on_a_phone_once(assessed, visit):
    visit.expected += ["409", "404"]
    page = made(visit, assessed.url, "托育与养老调查", "婴幼儿照护", "养老服务")
    page.get_by_role("button", name="修改“您家是否有3岁以下婴幼儿?”").click()
    page.get_by_label("中文题目").fill("您家是否有0至3岁婴幼儿?")
    page.get_by_role("button", name="添加题目").first.click()
    page.get_by_label("中文题目").fill("您还想说什么?")
    page.get_by_role("button", name="添加条件").click()
    shot(page, "survey-questions")
    looked_through(page)
    page.get_by_role("button", name="保存题目").click()
    expect(page.get_by_text("有未保存的修改")).to_have_count(0)
    number = opened(page)
    page.get_by_role("button", name="样本与进度").click()
    page.get_by_label("为每个社区的每个年龄段各设").fill("2")
    page.get_by_role("button", name="设定").click()
    page.get_by_role("button", name="抽样并邀请").click()
    expect(page.get_by_text("已按配额邀请")).to_be_visible()
    looked_through(page)
    shot(page, "survey-people")
    letters = page.request.get(f"{assessed.url}/api/v1/surveys/{number}/invitations?format=csv")
    code = letters.text().splitlines()[1].split(",")[1]

    phone = visit.open(f"/answer/{code}", **PHONE, bypass_csp=True)
    phone.get_by_role("heading", name="托育与养老调查").wait_for()
    expect(phone.get_by_text("白天主要由谁照看?")).to_have_count(0)
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("alert")).to_contain_text("没有答")
    phone.get_by_role("group", name="您家是否有0至3岁婴幼儿?").get_by_label(
        "有", exact=True
    ).check()
    phone.get_by_role("group", name="白天主要由谁照看?").get_by_label("祖父母或外祖父母").check()
    phone.get_by_role("group", name="您是否愿意把孩子送到社区托育").get_by_label("不愿意").check()
    why = phone.get_by_role("group", name="不愿意的主要原因")
    for reason in ("太远或路不好走", "价格高", "没有名额"):
        why.get_by_label(reason).check()
    expect(why.get_by_label("家里有人带")).to_be_disabled()
    phone.get_by_role("group", name="托育服务满意吗").get_by_label("不满意", exact=True).check()
    phone.get_by_role("group", name="60岁及以上老人").get_by_label("没有").check()
    looked_through(phone)
    shot(phone, "survey-phone")
    phone.get_by_role("button", name="提交").click()
    expect(phone.get_by_role("heading", name="谢谢, 已收到")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="这份问卷已经答过")).to_be_visible()
    phone.goto(f"{assessed.url}/answer/AAAABBBBCCCC")
    expect(phone.get_by_role("alert")).to_contain_text("没有这个编号")
    looked_through(phone)
    page.reload()
    expect(page.get_by_text("已答 1 份")).to_be_visible()


def test_answers_at_the_door_wait_for_a_network_and_a_second_one_is_refused_in_words(
    assessed, visit
):
    visit.expected += ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "409"]
    page = made(visit, assessed.url, "安全调查", "公共安全")
    number = opened(page)
    phone = visit.open("/survey#door", WORKER, **PHONE, bypass_csp=True)
    phone.get_by_text("可离线打开").or_(phone.get_by_text("安全调查")).first.wait_for()
    phone.get_by_role("listitem").filter(has_text="安全调查").wait_for()
    phone.get_by_role("button", name="设施核查").click()
    phone.get_by_text("可离线打开").wait_for()
    phone.context.set_offline(True)
    phone.reload()
    for _ in range(2):
        phone.get_by_role("listitem").filter(has_text="安全调查").get_by_role("button").click()
        phone.get_by_label("社区").select_option(index=1)
        phone.get_by_label("电话").fill("13912345678")
        phone.get_by_role("group", name="您的年龄段").get_by_label("60至74岁").check()
        phone.get_by_role("group", name="公共厕所满意吗").get_by_label("满意", exact=True).check()
        shot(phone, "survey-door-form")
        phone.get_by_role("button", name="记下这份").click()
    expect(phone.get_by_text("2 份待发送")).to_be_visible()
    assert answered(page, assessed.url, number) == 0
    phone.context.set_offline(False)
    expect(phone.get_by_role("alert").filter(has_text="每人只答一次")).to_be_visible()
    looked_through(phone)
    shot(phone, "survey-door")
    expect(phone.get_by_text("0 份待发送")).to_be_visible()
    assert answered(page, assessed.url, number) == 1
    phone.get_by_role("button", name="删除").click()
    phone.get_by_role("button", name="确定").click()
    expect(phone.get_by_role("alert")).to_have_count(0)


def answered(page, url, number) -> int:
    rows = page.request.get(f"{url}/api/v1/surveys/{number}/progress").json()
    return sum(row["answered"] for row in rows)


@pytest.mark.parametrize("look", ["dark"])
def test_results_are_shown_with_how_sure_they_are_and_few_answers_are_not(assessed, visit, look):
    page = made(visit, assessed.url, f"便民调查{look}", "便民商业")
    number = opened(page)
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    places = page.request.get(f"{assessed.url}/api/v1/places?level=community&limit=3").json()[
        "items"
    ]
    for k in range(36):
        values = {
            "sat_market": str(1 + k % 5),
            "sat_parcel": "4",
            "c05_missing": ["market"] if k % 3 else ["bank_telecom_post"],
        }
        if k < 4:
            values |= {"sat_mall": "2", "c05_wish": "菜市场太远, 上坡累"}
        answer = page.request.post(
            f"{assessed.url}/api/v1/surveys/{number}/answers", headers={"X-CSRFToken": token, "Referer": assessed.url},
            data={"key": f"00000000-0000-4000-8000-{number:06}{k:06}", "how": "paper", "place": places[k % 3]["code"],
                  "phone": f"1390000{k:04}", "band": ("age_15_59", "age_60_74")[k % 2], "values": values},
        )  # fmt: skip
        assert answer.ok, answer.text()
    page.goto(f"{assessed.url}/surveys/{number}?tab=results")
    page.emulate_media(color_scheme=look)
    expect(page.get_by_text("36 份答卷")).to_be_visible()
    market = page.locator(".question").filter(has=page.get_by_role("heading", name="菜市场"))
    expect(market).to_contain_text("n = 36")
    mall = page.locator(".question").filter(has=page.get_by_role("heading", name="商场"))
    expect(mall.first).to_contain_text("答卷太少")
    market.get_by_role("button", name="分地方和年龄看").click()
    expect(market.locator(".parts .estimate")).to_have_count(3)
    market.get_by_role("button", name="年龄段").click()
    expect(market.locator(".parts .estimate")).to_have_count(2)
    expect(page.get_by_role("row").filter(has_text="上坡累")).to_contain_text("4")
    shot(page, f"survey-results-{look}")
    settle(page)
    assert serious(page, look) == []
