"""From a card's gap to what came of it: a project on its whole way, in the pages."""

import datetime as dt
import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from browser.conftest import PLANNER
from browser.test_accessibility import serious, settle

SHOTS = os.environ.get("SHOTS")


def shot(page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def day(after: int) -> str:
    return (dt.date.today() + dt.timedelta(after)).isoformat()  # noqa: DTZ011  (the browser's own day)


FLOORS = {"green": 90, "blue": 75, "yellow": 60, "orange": 40}


def asked(page, url, path):
    answer = page.request.get(f"{url}/api/v1/{path}")
    assert answer.ok, answer.text()
    return answer.json()


def sent(page, url, path, body):
    token = next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")
    headers = {"X-CSRFToken": token, "Referer": url}
    answer = page.request.post(f"{url}/api/v1/{path}", headers=headers, data=body)
    assert answer.ok, answer.text()
    return answer.json()


def near_its_floor(page, url):
    """A card of a community that dissatisfied answers would turn, with an idle space there that its type fits into."""
    run = asked(page, url, "runs/latest")["id"]
    places = {one["code"] for one in asked(page, url, "places?level=community&limit=1000")["items"]}
    fits = {
        (space["place"], kind)
        for space in asked(page, url, "spaces?limit=1000")["items"] for kind in space["allowed_types"]
    }  # fmt: skip
    for colour, floor in FLOORS.items():
        path = f"runs/{run}/cards?scope=type&level=community&colour={colour}&limit=1000"
        for card in asked(page, url, path)["items"]:
            if (
                (card["area"], card["key"]) in fits and card["area"] in places
                and (card["uncovered"] or 0) > 20 and card["score"] - floor < 4
            ):  # fmt: skip
                path = f"runs/{run}/cards/{card['area']}/type/{card['key']}"
                whole = asked(page, url, path)
                if (whole["satisfaction"] or 0) > 60:
                    return whole
    raise AssertionError("no card that would turn")


@pytest.fixture
def turned(assessed, visit):
    """The planner's page, and a card before and after its residents said that they are not satisfied."""
    page = visit.open("/surveys", PLANNER)
    url = assessed.url
    card = near_its_floor(page, url)
    category = {one["id"]: one["category"] for one in asked(page, url, "types")}[card["key"]]
    new = {"place": card["area"], "zh": "院坝满意度调查", "sections": [category.lower()]}
    number = sent(page, url, "surveys", new)["id"]
    version = sent(page, url, f"surveys/{number}/open", {"version": 1})["version"]
    for k in range(60):
        answer = {
            "key": f"10000000-0000-4000-8000-{number:06}{k:06}", "how": "paper", "place": card["area"],
            "phone": f"1380000{k:04}", "band": ("age_15_59", "age_60_74", "age_75_plus")[k % 3],
            "values": {f"sat_{card['key']}": "1"},
        }  # fmt: skip
        sent(page, url, f"surveys/{number}/answers", answer)
    page.goto(f"{url}/surveys/{number}?tab=results")
    page.get_by_text("60 份答卷").wait_for()
    page.get_by_role("button", name="结束调查").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_text("调查已结束").wait_for()
    assert asked(page, url, f"surveys/{number}")["version"] == version + 1
    sent(page, url, "runs", {"title": "调查之后"})
    page.goto(f"{url}/runs")
    expect(page.get_by_role("row", name="调查之后")).to_contain_text("已完成", timeout=90_000)
    run = asked(page, url, "runs/latest")["id"]
    return page, card, asked(page, url, f"runs/{run}/cards/{card['area']}/type/{card['key']}")


def section(page, title):
    return page.locator("form.sheet, section.sheet").filter(
        has=page.get_by_role("heading", name=title)
    )


def save(page, title):
    section(page, title).get_by_role("button", name="保存").click()
    expect(section(page, title).get_by_text("有未保存的修改")).to_have_count(0)


def born(page, url, card) -> str:
    """From the card on the map to a site in an idle space, and to a project there; its ref."""
    page.goto(f"{url}/?level=community&scope=type&key={card['key']}&place={card['area']}")
    shot(page, "loop-card")
    page.get_by_role("link", name="立项").click()
    expect(page.get_by_role("dialog").get_by_label("项目名称")).to_have_value(card["key_zh"])
    page.goto(f"{url}/projects?view=sites")
    page.get_by_label("方案名称").fill("补短板选址")
    page.get_by_role("combobox", name="地方").fill(card["area_zh"])
    page.get_by_role("option", name=card["area_zh"]).first.click()
    page.get_by_role("combobox", name="设施类型").fill(card["key_zh"])
    page.get_by_role("option", name=card["key_zh"]).first.click()
    page.keyboard.press("Escape")
    page.get_by_role("combobox", name="求解时间").click()
    page.get_by_role("option", name="2 秒", exact=True).click()
    page.get_by_role("button", name="求解", exact=True).click()
    expect(page.get_by_role("row", name="补短板选址")).to_contain_text("完成", timeout=90_000)
    pick = page.get_by_role("checkbox", name="选入项目")
    page.locator("label.el-checkbox").filter(has=pick).first.click()
    shot(page, "loop-site")
    page.get_by_role("button", name="立项 1 处").click()
    page.get_by_text("已立项 1 处").wait_for()
    ref = asked(page, url, "projects?limit=1000")["items"][-1]["ref"]
    page.goto(f"{url}/projects/{ref}")
    return ref


def filled_in(page) -> None:
    """Scores, facts, money and a milestone that is late; what is typed in one part stays while another is saved."""
    scores, facts, money, steps = (
        section(page, title) for title in ("四项条件", "基本情况", "资金", "节点")
    )
    for name in ("居民有需求", "启动有基础", "软硬件有搭配", "落地有项目"):
        scores.get_by_label(name, exact=True).fill("4")
        scores.get_by_label(f"{name} 理由").fill("院坝会讨论")
    save(page, "四项条件")
    for label, value in (
        ("完成日期", day(60)), ("开始日期", day(-30)), ("责任人 (用户名)", PLANNER), ("承诺新覆盖人数", "300"),
        ("规划规模", "60"), ("项目名称", "河街补短板"),
    ):  # fmt: skip
        facts.get_by_label(label).fill(value)
    facts.get_by_role("combobox", name="时限").click()
    page.get_by_role("option", name="近期实施").click()
    money.get_by_role("button", name="添加一行").click()
    last = money.locator("tbody tr").count()
    money.get_by_label(f"来源 {last}").fill("区级财政")
    money.get_by_label(f"预算 (元) {last}").fill("200000")
    save(page, "资金")
    expect(facts.get_by_label("承诺新覆盖人数")).to_have_value("300")
    save(page, "基本情况")
    steps.get_by_role("button", name="添加一行").click()
    steps.get_by_label("节点名称 1").fill("装修完工")
    steps.get_by_label("应完成 1").fill(day(-2))
    save(page, "节点")
    expect(page.get_by_text("逾期 2 天")).to_be_visible()


def listed_and_approved(page, url, ref) -> None:
    page.goto(f"{url}/projects?view=lists")
    page.get_by_label("清单名称").fill("年度项目清单")
    page.get_by_role("combobox", name="地方").fill("演示")
    page.get_by_role("option").filter(visible=True).first.click()
    page.get_by_role("button", name="新建年度清单").click()
    page.get_by_role("combobox", name="加入清单").click()
    page.get_by_role("option", name=ref).click()
    page.get_by_role("button", name="加入清单").click()
    page.get_by_role("button", name="批准清单").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_text("批准于").wait_for()


def test_answers_turn_a_card_a_site_is_found_and_a_project_is_approved_built_accepted_and_proved(
    turned, assessed, visit
):
    visit.expected.append("422")
    page, before, card = turned
    colours = ["green", "blue", "yellow", "orange", "red"]
    assert colours.index(card["colour"]) > colours.index(before["colour"])
    assert (card["answers"], before["answers"]) == (60, before["answers"])
    ref = born(page, assessed.url, card)
    page.get_by_role("button", name="进入储备").click()
    expect(page.get_by_role("alert")).to_contain_text("四项条件均已评分")
    filled_in(page)
    page.get_by_role("button", name="进入储备").click()
    expect(page.locator("li[aria-current=step]")).to_have_text("储备")
    shot(page, "project-reserve")
    listed_and_approved(page, assessed.url, ref)
    shot(page, "project-lists")

    page.get_by_role("link", name="河街补短板").click()
    page.get_by_role("button", name="开工").click()
    expect(page.locator("li[aria-current=step]")).to_have_text("实施中")
    for view in ("board", "time"):
        page.goto(f"{assessed.url}/projects?view={view}")
        page.get_by_role("button", name="河街补短板").wait_for()
        shot(page, f"project-{view}")
    page.get_by_role("button", name="河街补短板").click()
    section(page, "节点").get_by_label("已完成 1").fill(day(0))
    save(page, "节点")
    page.get_by_text("逾期").wait_for(state="detached")
    expect(page.get_by_label("容量")).to_have_value("60")
    page.get_by_role("button", name="验收").click()
    page.get_by_role("button", name="确定").click()
    proof = section(page, "成效")
    expect(proof).to_contain_text("新覆盖人数", timeout=90_000)
    expect(proof).to_contain_text("承诺 300")
    shot(page, "project-proof")

    known = asked(page, assessed.url, "facilities?text=河街补短板")["items"]
    assert [one["type"] for one in known] == [card["key"]]
    run = asked(page, assessed.url, "runs/latest")["id"]
    after = asked(page, assessed.url, f"runs/{run}/cards/{card['area']}/type/{card['key']}")
    assert after["uncovered"] < card["uncovered"]
    assert colours.index(after["colour"]) <= colours.index(card["colour"])
    page.goto(f"{assessed.url}/projects?view=proofs")
    expect(page.get_by_role("row", name="河街补短板")).to_contain_text("300")
    page.goto(f"{assessed.url}/projects")
    expect(page.get_by_role("row", name="河街补短板")).to_contain_text("已验收")
    with page.expect_download() as download:
        page.get_by_role("link", name="月报 PDF").click()
    assert download.value.path().stat().st_size > 3000


def test_a_proposal_is_watched_compared_and_made_into_projects(assessed, visit):
    page = visit.open("/projects?view=sites", PLANNER)
    for title, fair in (("先看效率", None), ("先看公平", "优先最缺的")):
        page.get_by_label("方案名称").fill(title)
        if not fair:
            page.get_by_role("combobox", name="地方").fill("演示")
            page.get_by_role("option").filter(visible=True).first.click()
        page.get_by_label("逐年预算").fill("2000000, 1500000")
        if fair:
            page.get_by_role("combobox", name="公平").click()
            page.get_by_role("option", name=fair).click()
        page.get_by_role("combobox", name="求解时间").click()
        page.get_by_role("option", name="2 秒", exact=True).click()
        page.get_by_role("button", name="求解", exact=True).click()
        row = page.get_by_role("row", name=title)
        expect(row).to_contain_text("完成", timeout=90_000)
        expect(row).to_contain_text("%")
    shot(page, "proposals")
    page.get_by_role("button", name="先看效率").click()
    page.locator("label.el-checkbox").filter(
        has=page.get_by_role("checkbox", name="选入项目")
    ).first.click()
    page.get_by_role("button", name="立项 1 处").click()
    page.get_by_text("已立项 1 处").wait_for()
    page.goto(f"{assessed.url}/projects")
    expect(page.get_by_role("row", name="闲置用房")).to_contain_text("设想")


def test_who_comes_second_is_told_and_sees_the_latest(assessed, visit):
    visit.expected.append("409")
    page = visit.open("/projects?new", PLANNER)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("项目名称").fill("两人同改")
    dialog.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True).first.click()
    dialog.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="两人同改").wait_for()
    other = visit.open(page.url.replace(assessed.url, ""), PLANNER)
    for one, words in ((page, "先改的"), (other, "后改的")):
        section(one, "基本情况").get_by_label("牵头部门").fill(words)
    section(page, "基本情况").get_by_role("button", name="保存").click()
    page.get_by_text("已保存").first.wait_for()
    section(other, "基本情况").get_by_role("button", name="保存").click()
    expect(other.get_by_role("alert")).to_contain_text("刚刚有人修改过")
    expect(section(other, "基本情况").get_by_label("牵头部门")).to_have_value("先改的")


def test_places_are_classed_with_reasons_and_a_reason_becomes_a_project(assessed, visit):
    page = visit.open("/matrix", PLANNER)
    page.get_by_role("link", name="分档推进").click()
    rows = page.locator("tbody tr")
    expect(rows.first).to_contain_text("社区")
    expect(page.get_by_role("columnheader", name="养老服务圈")).to_be_visible()
    shot(page, "classes")
    rows.filter(has=page.get_by_role("link", name="立项")).first.get_by_role(
        "link", name="立项"
    ).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("项目名称")).not_to_have_value("")


@pytest.mark.parametrize("look", ["dark"])
def test_axe_finds_nothing_serious(assessed, visit, look):
    page = visit.open("/projects?new", PLANNER, color_scheme=look, bypass_csp=True)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("项目名称").fill(f"检查 {look}")
    dialog.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True).first.click()
    settle(page)
    assert serious(page, look) == []
    dialog.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name=f"检查 {look}").wait_for()
    for what in ("资金", "节点", "风险"):
        section(page, what).get_by_role("button", name="添加一行").click()
    settle(page)
    assert serious(page, look) == []
    page.goto(f"{assessed.url}/matrix/classes")
    settle(page)
    assert serious(page, look) == []
    for view in ("table", "board", "time", "sites", "lists", "proofs"):
        page.goto(f"{assessed.url}/projects?view={view}")
        settle(page)
        assert serious(page, look) == [], view
