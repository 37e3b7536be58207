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


@pytest.fixture
def gap(assessed, visit):
    """A page of the planner, the worst card of a type, and a spot where its people live."""
    page = visit.open("/runs", PLANNER)

    def asked(path):
        return page.request.get(f"{assessed.url}/api/v1/{path}").json()

    run = asked("runs/latest")["id"]
    cards = asked(f"runs/{run}/cards?scope=type&level=community&colour=red&limit=1000")["items"]
    for card in sorted(cards, key=lambda one: -(one["uncovered"] or 0)):
        spots = asked(f"facilities?place={card['area']}&limit=1")["items"]
        if spots and card["uncovered"]:
            return page, card, spots[0]
    raise AssertionError("no gap")


def section(page, title):
    return page.locator("form.sheet, section.sheet").filter(
        has=page.get_by_role("heading", name=title)
    )


def save(page, title):
    section(page, title).get_by_role("button", name="保存").click()
    expect(section(page, title).get_by_text("有未保存的修改")).to_have_count(0)


def born(page, url, card) -> str:
    """From the card on the map to a project; its ref."""
    page.goto(f"{url}/?level=community&scope=type&key={card['key']}&place={card['area']}")
    page.get_by_role("link", name="立项").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("项目名称").fill("河街补短板")
    dialog.get_by_role("button", name="保存").click()
    page.get_by_role("heading", name="河街补短板").wait_for()
    expect(section(page, "立项依据")).to_contain_text(card["key_zh"])
    return page.url.rsplit("/", 1)[1]


def filled_in(page, spot) -> None:
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
        ("规划规模", "60"), ("经度", str(spot["lon"])), ("纬度", str(spot["lat"])),
    ):  # fmt: skip
        facts.get_by_label(label).fill(value)
    facts.get_by_role("combobox", name="时限").click()
    page.get_by_role("option", name="近期实施").click()
    money.get_by_role("button", name="添加一行").click()
    money.get_by_label("来源 1").fill("区级财政")
    money.get_by_label("预算 (元) 1").fill("200000")
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
    page.get_by_role("option").first.click()
    page.get_by_role("button", name="新建年度清单").click()
    page.get_by_role("combobox", name="加入清单").click()
    page.get_by_role("option", name=ref).click()
    page.get_by_role("button", name="加入清单").click()
    page.get_by_role("button", name="批准清单").click()
    page.get_by_role("button", name="确定").click()
    page.get_by_text("批准于").wait_for()


def test_a_gap_becomes_a_project_that_is_listed_approved_built_accepted_and_proved(
    gap, assessed, visit
):
    visit.expected.append("422")
    page, card, spot = gap
    ref = born(page, assessed.url, card)
    page.get_by_role("button", name="进入储备").click()
    expect(page.get_by_role("alert")).to_contain_text("四项条件均已评分")
    filled_in(page, spot)
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

    known = page.request.get(f"{assessed.url}/api/v1/facilities?text=河街补短板").json()["items"]
    assert [one["type"] for one in known] == [card["key"]]
    run = page.request.get(f"{assessed.url}/api/v1/runs/latest").json()["id"]
    path = f"runs/{run}/cards/{card['area']}/type/{card['key']}"
    after = page.request.get(f"{assessed.url}/api/v1/{path}").json()
    assert after["uncovered"] < card["uncovered"]
    assert after["colour"] not in {"red", "grey"}
    page.goto(f"{assessed.url}/projects?view=proofs")
    expect(page.get_by_role("row", name="河街补短板")).to_contain_text("300")
    page.goto(f"{assessed.url}/projects")
    expect(page.get_by_role("row", name="河街补短板")).to_contain_text("已验收")
    with page.expect_download() as download:
        page.get_by_role("link", name="月报").click()
    assert download.value.path().stat().st_size > 3000


def test_a_proposal_is_watched_compared_and_made_into_projects(assessed, visit):
    page = visit.open("/projects?view=sites", PLANNER)
    for title, fair in (("先看效率", None), ("先看公平", "优先最缺的")):
        page.get_by_label("方案名称").fill(title)
        if not fair:
            page.get_by_role("combobox", name="地方").fill("演示")
            page.get_by_role("option").first.click()
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
    page.get_by_role("option").first.click()
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
    assert page.get_by_role("columnheader", name="养老服务圈").is_visible()
    shot(page, "classes")
    rows.filter(has=page.get_by_role("link", name="立项")).first.get_by_role(
        "link", name="立项"
    ).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("项目名称")).not_to_have_value("")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_axe_finds_nothing_serious(assessed, visit, look):
    page = visit.open("/projects?new", PLANNER, color_scheme=look, bypass_csp=True)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("项目名称").fill(f"检查 {look}")
    dialog.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").first.click()
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
