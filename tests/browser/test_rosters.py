"""Rosters at a desk and on a phone: planned, filled, replaced, handed over, by a workbook; seen live by who only looks."""

import datetime as dt
import io
import re

import openpyxl
from django.utils import timezone
from playwright.sync_api import expect

from browser.test_desk import Desk
from browser.test_surveys import PHONE, WORKER, looked_through, shot

GRID = "demo-grid-worker"
WIDE = {"viewport": {"width": 1440, "height": 900}}


def monday_after(page, url, place):
    """The Monday of next week by the hub's own clock."""
    found = page.request.get(f"{url}/api/v1/shifts/week?place={place}").json()
    return dt.date.fromisoformat(found["monday"]) + dt.timedelta(7)


def choose_people(page, *names):
    picker = page.get_by_role("combobox", name="值班人")
    for name in names:
        picker.click()
        picker.fill(name)
        page.get_by_role("option").filter(has_text=name, visible=True).first.click()
    page.keyboard.press("Escape")


def test_a_week_is_planned_its_holes_filled_and_who_looks_on_sees_it_at_once(assessed, visit):
    api = Desk(visit, assessed.url)
    page = visit.open(f"/rosters?place={api.place}", WORKER, bypass_csp=True, **WIDE)
    monday = monday_after(page, assessed.url, api.place)
    page.get_by_role("button", name="下一周").click()
    expect(page.get_by_role("heading", name=re.compile(f"{monday} 至"))).to_be_visible()
    other = visit.open(f"/rosters?place={api.place}&day={monday}", GRID, bypass_csp=True, **PHONE)
    expect(other.get_by_role("button", name="排班", exact=True)).to_have_count(0)

    page.get_by_role("button", name="排班", exact=True).click()
    choose_people(page, GRID, WORKER)
    page.get_by_role("button", name="一周", exact=True).click()
    expect(page.get_by_text("将排 7 班")).to_be_visible()
    page.get_by_role("dialog").get_by_text("周日", exact=True).click()
    expect(page.get_by_text("将排 6 班")).to_be_visible()
    looked_through(page)
    shot(page, "roster-plan")
    page.get_by_role("dialog").get_by_role("button", name="排班", exact=True).click()
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="08:00–20:00"))
    expect(row.locator(".shift")).to_have_count(6)
    expect(other.locator(".shift")).to_have_count(6)  # without reload
    holes = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name="无人值班"))
    expect(holes.get_by_role("button", name="补上")).to_have_count(13)
    looked_through(page)
    shot(page, "roster-week")

    holes.get_by_role("button", name=re.compile("周一 20:00–24:00")).click()
    expect(page.get_by_label("结束")).to_have_value("08:00")  # the whole night, through midnight
    page.keyboard.press("Escape")
    holes.get_by_role("button", name=re.compile("周日 00:00–24:00")).click()
    expect(page.get_by_text("将排 1 班")).to_be_visible()
    choose_people(page, GRID)
    page.get_by_role("dialog").get_by_role("button", name="排班", exact=True).click()
    expect(holes.get_by_role("button", name="补上")).to_have_count(12)

    chip = row.locator("button.shift").first  # by the keyboard alone
    chip.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("08:00–20:00")).to_be_visible()
    dialog.get_by_role("combobox", name="替班人").click()
    page.get_by_role("option", name=re.compile("演示.*社区工作者|社区")).filter(
        visible=True
    ).first.click()
    looked_through(page)
    shot(page, "roster-shift")
    dialog.get_by_role("button", name="替班").click()
    expect(row.get_by_text("替 ").first).to_be_visible()
    row.locator("button.shift").nth(1).click()
    page.get_by_role("button", name="从值班表移除").click()
    page.get_by_role("button", name="确定").click()
    expect(row.locator(".shift")).to_have_count(5)
    looked_through(other)
    shot(other, "roster-phone-looking")


def test_a_month_is_uploaded_from_a_workbook_with_its_faults_first(assessed, visit, tmp_path):
    api = Desk(visit, assessed.url)
    page = visit.open(f"/rosters?place={api.place}&day=2030-03-06", WORKER, bypass_csp=True, **WIDE)
    page.get_by_role("button", name="用表格排班").click()
    expect(page.get_by_label("月份")).to_have_value("2030-03")
    with page.expect_download() as form:
        page.get_by_role("link", name="下载空表").click()
    book = openpyxl.load_workbook(io.BytesIO(form.value.path().read_bytes()))
    sheet = book.worksheets[0]
    assert sheet.max_row == 63
    name = book.worksheets[1].cell(2, 2).value
    for row in range(2, 30):
        sheet.cell(row, 4).value = name
    sheet.cell(5, 4).value = "查无此人"
    sheet.cell(6, 2).value = "早上"
    book.save(tmp_path / "三月.xlsx")
    visit.expected.append("422")
    page.get_by_label("填好的表格").set_input_files(tmp_path / "三月.xlsx")
    page.get_by_role("button", name="上传排班").click()
    faults = page.get_by_role("dialog").get_by_role("row")
    expect(faults.filter(has_text="查无此人")).to_be_visible()
    expect(faults.filter(has_text="早上")).to_be_visible()
    looked_through(page)
    shot(page, "roster-faults")
    sheet.cell(5, 4).value, sheet.cell(6, 2).value = name, "08:00"
    book.save(tmp_path / "三月.xlsx")
    page.get_by_label("填好的表格").set_input_files(tmp_path / "三月.xlsx")
    page.get_by_role("button", name="上传排班").click()
    expect(page.get_by_text("新排 28 班, 34 行没有填人")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".shift")).to_have_count(15)  # seven days, seven nights, and that before


def test_who_is_on_now_hands_over_and_the_hole_is_warned_of(assessed, visit):
    api = Desk(visit, assessed.url)
    page = visit.open(f"/rosters?place={api.place}", WORKER, bypass_csp=True, color_scheme="dark", **PHONE)  # fmt: skip
    now = timezone.now()
    until = (now + dt.timedelta(hours=30)).isoformat()
    api.post("/shifts", place=api.place, username=WORKER, starts_at=now.isoformat(), ends_at=until)
    expect(page.get_by_text("在岗").first).to_be_visible()
    expect(page.get_by_role("heading", name="未来 7 天有空班")).to_be_visible()
    looked_through(page)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    shot(page, "roster-phone")
    page.locator("button.shift.now").last.click()
    page.get_by_label("交接内容").fill("一户漏水待复查")
    shot(page, "roster-phone-hand-over")
    page.get_by_role("button", name="现在交接").click()
    expect(page.get_by_text("已交接", exact=True).first).to_be_visible()

    english = visit.open(f"/rosters?place={api.place}", WORKER, bypass_csp=True, color_scheme="dark", **WIDE)  # fmt: skip
    english.get_by_role("button", name="English").click()
    expect(english.get_by_role("heading", name="Holes in the next 7 days")).to_be_visible()
    looked_through(english)
    shot(english, "roster-english-dark")
