"""The key and the hazards of a home: entered with consent, seen with the door by who goes there, and by nobody after."""

import re

from playwright.sync_api import expect

from browser.test_command import DESK as WIDE
from browser.test_desk import GRID, Desk, phone, press
from browser.test_devices import say
from browser.test_surveys import PHONE, WORKER, looked_through, shot

DOOR = "9栋2单元901"
KEY = "网格站, 3号钥匙箱"


def entered(visit, url):
    page = visit.open("/residents", WORKER, bypass_csp=True)
    page.get_by_role("link", name="入户须知").click()
    expect(page.get_by_text("还没有入户须知。")).to_be_visible()
    page.get_by_role("button", name="登记入户须知").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True, has_text="社区").first.click()
    dialog.get_by_label("门牌").fill(DOOR)
    dialog.get_by_label("同意人姓名").fill("赵一")
    dialog.get_by_label("备用钥匙").fill(KEY)
    for name in ("家用氧气", "有狗"):
        dialog.get_by_text(name, exact=True).click()
    looked_through(page)
    shot(page, "home-new")
    dialog.get_by_role("button", name="保存").click()
    expect(page.get_by_role("row").filter(has_text="9栋2单****")).to_be_visible()
    assert KEY not in page.content()
    return page


def test_the_key_and_the_hazards_are_shown_with_the_door_while_the_case_is_held(assessed, visit):
    visit.expected += ["409", "403", "ERR_"]
    homes = entered(visit, assessed.url)
    desk = Desk(visit, assessed.url)
    made = desk.post(
        "/devices", ref="button-9", kind="button", name="9栋901呼叫", place=desk.place, door=DOOR,
        contacts=[{"who": "family", "phone": "13900000000"}],
    )  # fmt: skip
    said = say(homes, assessed.url, "button-9", made["secret"], seq=1, alarm="help_call")
    assert said == "new"
    ref = desk.get("/cases?device=button-9")["items"][0]["ref"]
    panel = visit.open(f"/command?case={ref}", WORKER, bypass_csp=True, **WIDE)
    expect(panel.get_by_text("有门牌或联系人, 接单后可看")).to_be_visible()
    assert "13900000000" not in panel.content()
    desk.move(ref, "accept")
    panel.get_by_role("button", name="查看门牌和联系人").click()
    for words in (DOOR, KEY, "家用氧气", "有狗"):
        expect(panel.get_by_text(words)).to_be_visible()
    call = panel.get_by_role("link", name="拨打家属 13900000000")
    expect(call).to_have_attribute("href", "tel:13900000000")
    desk.move(ref, "arrive")  # it is read anew, and what was asked for stays
    expect(panel.get_by_text("已到场", exact=True)).to_be_visible()
    expect(panel.get_by_text(KEY)).to_be_visible()
    looked_through(panel)
    shot(panel, "home-command")
    desk.move(ref, "hand_up")  # another goes: what was shown goes at once, without reload
    expect(panel.get_by_text(KEY)).to_have_count(0)
    expect(panel.get_by_role("link", name=re.compile("13900000000"))).to_have_count(0)

    desk.move(ref, "assign", assignee=GRID)
    page = phone(visit, desk, color_scheme="dark")
    page.get_by_role("button", name="9栋901呼叫").click()
    press(page, "接单")
    press(page, "查看门牌和联系人")
    expect(page.get_by_text(KEY)).to_be_visible()
    looked_through(page)
    shot(page, "home-desk")
    press(page, "到场")
    press(page, "办结")
    page.get_by_label("怎么处置的").fill("已扶起")
    press(page, "确认办结")
    expect(page.get_by_text(KEY)).to_have_count(0)

    homes.get_by_role("button", name="查看").click()
    expect(homes.get_by_label("备用钥匙")).to_have_value(KEY)
    homes.keyboard.press("Escape")
    narrow = visit.open("/residents/homes", WORKER, bypass_csp=True, color_scheme="dark", **PHONE)
    expect(narrow.get_by_role("row").filter(has_text="9栋2单****")).to_be_visible()
    looked_through(narrow)
    shot(narrow, "home-phone")
    homes.get_by_role("button", name="撤回同意").click()
    homes.get_by_role("button", name="确定").click()
    expect(homes.get_by_text("还没有入户须知。")).to_be_visible()
