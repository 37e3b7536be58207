"""Devices at a desk and on a phone: registered singly and by a table, heard, kept in order."""

import io
import json
import re

import openpyxl
from playwright.sync_api import expect

from browser.test_outside import posted
from browser.test_surveys import PHONE, WORKER, looked_through, shot


def say(page, url, ref, secret, **said):
    """A message of a device, in its own name."""
    headers = {"X-Device-Key": secret, "Content-Type": "application/json"}
    body = json.dumps({"boot": "b", **said})
    answer = page.request.post(
        f"{url}/api/v1/public/devices/{ref}/messages", data=body, headers=headers
    )
    assert answer.status == 200, answer.text()
    return answer.json()["outcome"]


def table(path, *rows):
    book = openpyxl.Workbook()
    for row in (("编号", "类型", "名称", "地方代码"), *rows):
        book.active.append(row)
    book.save(path)
    return path


def rows_of(download):
    """The first sheet of a workbook that was saved."""
    book = openpyxl.load_workbook(io.BytesIO(download.path().read_bytes()))
    return list(book.worksheets[0].iter_rows(values_only=True))


def test_a_device_is_registered_heard_and_kept_in_order(assessed, visit):
    page = visit.open(
        "/devices", WORKER, bypass_csp=True, permissions=["clipboard-read", "clipboard-write"]
    )
    expect(page.get_by_text("没有设备。")).to_be_visible()
    page.get_by_role("link", name="登记设备").click()
    page.get_by_label("编号", exact=True).fill("smoke-1")
    page.get_by_label("名称").fill("3栋2单元501烟感")
    page.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True).first.click()
    page.get_by_label("门牌 (入户设备)").fill("3栋2单元501")
    page.get_by_label("户主 (入户设备)").fill("张三丰")
    looked_through(page)
    shot(page, "device-new")
    page.get_by_role("button", name="登记", exact=True).click()
    secret = page.locator("code.secret").inner_text()
    page.get_by_role("button", name="复制").click()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    shot(page, "device-secret")

    page.goto(f"{assessed.url}/devices/smoke-1")
    expect(page.get_by_role("heading", name="3栋2单元501烟感")).to_be_visible()
    assert secret not in page.content()
    assert say(page, assessed.url, "smoke-1", secret, seq=1, values={"ppm": 400}) == "new"
    expect(page.get_by_text("户主未同意: 不存读数")).to_be_visible()
    page.get_by_role("button", name="登记户主同意").click()
    page.get_by_role("button", name="登记户主同意").last.click()
    expect(page.get_by_role("button", name="户主撤回同意")).to_be_visible()
    for seq in range(2, 5):
        say(
            page,
            assessed.url,
            "smoke-1",
            secret,
            seq=seq,
            values={"ppm": 400 + seq},
            battery=12,
            firmware="2.1",
        )
    say(page, assessed.url, "smoke-1", secret, seq=9, alarm="smoke", test=True)
    page.reload()
    expect(page.get_by_text("404", exact=True)).to_be_visible()
    expect(page.get_by_text("12%")).to_be_visible()
    expect(page.get_by_role("img", name="ppm: 最低 402, 最高 404")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("P1 .*烟"))).to_be_visible()
    expect(page.get_by_text("报警", exact=True)).to_be_visible()
    page.get_by_role("button", name="查看门牌与户主").click()
    expect(page.get_by_text("3栋2单元501 张三丰")).to_be_visible()
    looked_through(page)
    shot(page, "device-one")
    page.get_by_role("button", name="开始维护").click()
    expect(page.get_by_text("维护中: 只记录, 不报警。")).to_be_visible()
    page.get_by_role("button", name="换新设备").click()
    page.get_by_label("新设备的编号").fill("smoke-2")
    page.get_by_role("button", name="换新设备").last.click()
    expect(page).to_have_url(re.compile("/devices/smoke-2$"))
    expect(page.locator("code.secret")).to_be_visible()
    page.get_by_role("link", name="smoke-1").click()
    expect(page.get_by_text("已由此设备替换")).to_be_visible()

    phone = visit.open("/devices/smoke-2", WORKER, bypass_csp=True, color_scheme="dark", **PHONE)
    expect(phone.get_by_role("heading", name="3栋2单元501烟感")).to_be_visible()
    looked_through(phone)
    shot(phone, "device-phone")


def test_a_table_of_devices_says_its_faults_and_then_hands_over_the_secrets(
    assessed, visit, tmp_path
):
    page = visit.open("/devices/new", WORKER, bypass_csp=True)
    with page.expect_download() as form:
        page.get_by_role("link", name="下载空表").click()
    header = rows_of(form.value)[0]
    assert header[:4] == ("编号", "类型", "名称", "地方代码")
    home = page.request.get(f"{assessed.url}/api/v1/places?level=community&limit=1").json()[
        "items"
    ][0]["code"]
    bad = table(
        tmp_path / "bad.xlsx",
        ("lift-1", "电梯", "1号梯", home),
        ("lift 2", "飞船", "2号梯", "nowhere"),
    )
    visit.expected.append("422")
    page.get_by_label("填好的表格").set_input_files(bad)
    page.get_by_role("button", name="上传登记").click()
    expect(page.get_by_role("row").filter(has_text="飞船")).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(4)
    looked_through(page)
    shot(page, "device-table-faults")
    good = table(
        tmp_path / "good.xlsx", ("lift-1", "电梯", "1号梯", home), ("lift-2", "电梯", "2号梯", home)
    )
    page.get_by_label("填好的表格").set_input_files(good)
    page.get_by_role("button", name="上传登记").click()
    expect(page.get_by_text("新登记 2 台")).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name="保存密钥表").click()
    rows = rows_of(saved.value)
    assert say(page, assessed.url, "lift-2", rows[2][-1], seq=1, alarm="trapped") == "new"
    page.get_by_role("button", name="上传登记").click()
    expect(page.get_by_text("2 台与登记一致")).to_be_visible()

    page.goto(f"{assessed.url}/devices")
    expect(page.get_by_role("row").filter(has_text="lift-2").get_by_text("报警")).to_be_visible()
    looked_through(page)
    shot(page, "devices")
    page.get_by_role("combobox", name="只看").click()
    page.get_by_role("option", name="报警").click()
    expect(page.get_by_role("row").filter(has_text="lift-1")).to_have_count(0)
    page.request.post(
        f"{assessed.url}/api/v1/public/devices/lift-1/messages",
        data="{}",
        headers={"X-Device-Key": rows[1][-1]},
    )
    page.get_by_role("link", name="拒收的报文").click()
    expect(page.get_by_role("row").filter(has_text="lift-1")).to_be_visible()
    shot(page, "devices-refused")
    phone = visit.open("/devices", WORKER, bypass_csp=True, color_scheme="dark", **PHONE)
    expect(phone.get_by_role("link", name="2号梯")).to_be_visible()
    looked_through(phone)
    shot(phone, "devices-phone")


def test_whom_to_call_is_entered_on_a_phone_and_a_refusal_comes_into_sight(assessed, visit):
    page = visit.open("/devices/new", WORKER, bypass_csp=True, **PHONE)
    page.get_by_label("编号", exact=True).fill("call-button-21")
    page.get_by_label("名称").fill("一键呼叫21")
    page.get_by_role("combobox", name="地方").click()
    page.get_by_role("option").filter(visible=True).first.click()
    for k, phone in enumerate(("02363110000", "这不是电话"), start=1):
        page.get_by_role("button", name="加一位联系人").click()
        page.get_by_label(f"电话 {k}").fill(phone)
    page.get_by_label("联系人 2", exact=True).select_option("neighbour")
    looked_through(page)
    shot(page, "device-contacts")
    visit.expected.append("422")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("alert").filter(visible=True).first).to_be_in_viewport()
    shot(page, "device-contacts-refused")
    page.get_by_role("button", name="移除联系人 2").click()
    page.get_by_role("button", name="登记", exact=True).click()
    secret = page.locator("code.secret").inner_text()
    assert say(page, assessed.url, "call-button-21", secret, seq=1, alarm="help_call") == "new"
    found = page.request.get(f"{assessed.url}/api/v1/cases?limit=200").json()["items"]
    case = next(one for one in found if one["title"].startswith("一键呼叫21"))
    posted(page, f"/cases/{case['ref']}/moves/accept", {"version": case["version"]})
    seen = posted(page, f"/cases/{case['ref']}/door")
    assert [(one["who"], one["phone"]) for one in seen["contacts"]] == [("family", "02363110000")]
    assert (
        say(page, assessed.url, "call-button-21", secret, seq=2, alarm="help_call", on=False)
        == "new"
    )
