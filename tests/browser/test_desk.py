"""The desk on a phone: a case taken, walked to, photographed and resolved without network, sent once; whoever was faster is shown."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

from browser.test_accessibility import serious
from browser.test_surveys import PHONE, WORKER, shot
from hub.pictures import jpeg

GRID = "demo-grid-worker"
OFFLINE = ["401", "ERR_INTERNET_DISCONNECTED", "ERR_FAILED", "ERR_NETWORK", "409", "403"]


class Desk:
    """A hub's interface as somebody at a desk in an office calls it."""

    def __init__(self, visit, url, user=WORKER):
        self.page, self.url = visit.open("/tokens", user), f"{url}/api/v1"
        self.place = self.get("/me")["rights"]["case.write"][0].strip("/").split("/")[-1]
        near = self.get(f"/facilities?place={self.place}&limit=1")["items"][0]
        self.at = {"longitude": near["lon"], "latitude": near["lat"], "accuracy": 12}

    def get(self, path):
        answer = self.page.request.get(self.url + path)
        assert answer.ok, answer.text()
        return answer.json()

    def post(self, path, **body):
        token = next(c["value"] for c in self.page.context.cookies() if c["name"] == "csrftoken")
        headers = {"X-CSRFToken": token, "Referer": self.url}
        answer = self.page.request.post(self.url + path, headers=headers, data=body)
        assert answer.ok, answer.text()
        return answer.json()

    def case(self, title, kind="repair", **values):
        """A case that is the grid worker's, in their community."""
        one = self.post("/cases", place=self.place, kind=kind, title=title, **values)
        return self.move(one["ref"], "assign", assignee=GRID)

    def move(self, ref, name, **values):
        version = self.get(f"/cases/{ref}")["version"]
        return self.post(f"/cases/{ref}/moves/{name}", version=version, note="x", **values)

    def history(self, ref):
        return [one["what"] for one in self.get(f"/cases/{ref}/history") if one["by"] == GRID]


@pytest.fixture
def desk(assessed, visit):
    visit.expected += OFFLINE
    return Desk(visit, assessed.url)


def phone(visit, desk, path="/desk", **values):
    """A phone with the desk open, that opens without network; one's own session, so that nothing is shared."""
    values = {**PHONE, "geolocation": desk.at, "bypass_csp": True, **values}
    page = visit.open(path, GRID, **values)
    page.context.grant_permissions(["geolocation", "notifications"])
    expect(page.get_by_text("可离线打开")).to_be_visible()
    expect(page.get_by_text("取于")).to_be_visible()
    return page


def looked_through(page, look="light"):
    page.wait_for_timeout(150)
    assert serious(page, look) == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def photograph(page, label, body=None):
    """Take a photo, cover the middle, and use it."""
    image = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": body or jpeg((640, 480))}
    page.get_by_label(label).set_input_files(image)
    page.get_by_label("照片预览").click()
    expect(page.get_by_text("已盖住 1 处")).to_be_visible()


def test_a_whole_case_is_worked_without_network_and_sent_once_in_its_order(desk, visit):
    ref = desk.case("三号梯道扶手松动", door="示例楼2单元501", about="第三层转角")["ref"]
    page = phone(visit, desk)
    expect(page.get_by_role("heading", name="我承办的")).to_be_visible()
    looked_through(page)
    shot(page, "desk-list")
    page.get_by_role("button", name="三号梯道扶手松动").click()
    press(page, "从我这里走")
    expect(page.get_by_role("heading", name="步行路线")).to_be_visible()
    looked_through(page)
    shot(page, "desk-case")
    page.context.set_offline(True)
    press(page, "接单")
    press(page, "到场")
    expect(page.get_by_text("已到场")).to_be_visible()
    photograph(page, "拍处置后")
    shot(page, "desk-cover")
    press(page, "使用这张")
    press(page, "办结")
    page.get_by_label("拍照留存前后").check()
    page.get_by_label("怎么处置的").fill("已加固三层栏杆")
    looked_through(page)
    shot(page, "desk-resolve")
    press(page, "确认办结")
    expect(page.get_by_text("已办, 待发送")).to_be_visible()
    page.reload()
    expect(page.get_by_text("没有网络")).to_be_visible()
    expect(page.get_by_text("4 项待发送")).to_be_visible()
    shot(page, "desk-offline")
    assert desk.history(ref) == []
    page.context.set_offline(False)
    expect(page.get_by_text("全部已发送")).to_be_visible()
    assert desk.history(ref) == ["accept", "arrive", "photo", "resolve"]
    one = desk.get(f"/cases/{ref}")
    assert one["state"] == "resolved"
    last = desk.get(f"/cases/{ref}/history")[-1]
    assert (last["note"], last["detail"]["checked"]) == ("已加固三层栏杆", ["拍照留存前后"])


def test_who_was_slower_sees_both_and_decides_and_nothing_is_dropped_by_itself(desk, visit):
    first, second = desk.case("先到先得的灯", kind="lamp"), desk.case("另一盏灯", kind="lamp")
    page = phone(visit, desk)
    page.context.set_offline(True)
    for title in ("先到先得的灯", "另一盏灯"):
        page.get_by_role("button", name=title).click()
        press(page, "接单")
        press(page, "到场")
        page.go_back()
    for one in (first, second):
        desk.move(one["ref"], "assign", assignee=WORKER)
    page.context.set_offline(False)
    stuck = page.get_by_role("alert").filter(has_text="有人先一步处理了")
    expect(stuck).to_have_count(2)
    page.reload()
    expect(stuck).to_have_count(2)
    expect(page.get_by_text("手上没有事件")).to_be_visible()
    expect(stuck.first).to_contain_text("接单 → 已接单")
    expect(stuck.first).to_contain_text("已指派 · 承办人: 演示社区工作者")
    looked_through(page)
    shot(page, "desk-conflict")
    stuck.filter(has_text="先到先得的灯").get_by_role("button", name="仍然接单").click()
    stuck.filter(has_text="另一盏灯").get_by_role("button", name="以现在的为准").click()
    press(page, "确定")
    expect(stuck).to_have_count(0)
    expect(page.get_by_text("全部已发送")).to_be_visible()
    assert desk.history(first["ref"]) == ["accept", "arrive"]
    assert desk.history(second["ref"]) == []
    assert desk.get(f"/cases/{second['ref']}")["holder"] == WORKER


def test_a_move_whose_answer_was_lost_is_made_once(desk, visit):
    ref = desk.case("回执丢失的灯", kind="lamp")["ref"]
    page = phone(visit, desk)

    def lost(route):
        route.fetch()
        route.abort()

    page.context.route("**/moves/accept", lost)
    page.get_by_role("button", name="回执丢失的灯").click()
    press(page, "接单")
    expect(page.get_by_text("1 项待发送").first).to_be_visible()
    page.context.unroute("**/moves/accept")
    expect(page.get_by_text("全部已发送")).to_be_visible()
    assert desk.history(ref) == ["accept"]


def test_the_door_is_on_the_phone_while_the_case_is_held_and_gone_after(desk, visit):
    desk.case("门牌用例", door="绝密楼7单元")
    page = phone(visit, desk)
    page.get_by_role("button", name="门牌用例").click()
    press(page, "接单")
    press(page, "查看门牌和联系人")
    expect(page.get_by_text("绝密楼7单元")).to_be_visible()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("绝密楼7单元")).to_be_visible()
    shot(page, "desk-door")
    press(page, "上报")
    page.get_by_label("为什么要上级处理").fill("须专业队伍")
    press(page, "确认上报")
    expect(page.get_by_text("已办, 待发送")).to_be_visible()
    assert "绝密" not in page.evaluate(KEPT)
    page.context.set_offline(False)
    expect(page.get_by_text("全部已发送")).to_be_visible()
    assert "绝密" not in page.evaluate(KEPT)


KEPT = """() => new Promise((resolve) => {
  const asked = indexedDB.open("lifecircle-survey");
  asked.onsuccess = () => {
    const all = asked.result.transaction(["desk", "acts"]).objectStore("desk").getAll();
    all.onsuccess = () => { asked.result.close(); resolve(JSON.stringify(all.result)); };
  };
})"""


def test_what_is_seen_on_the_way_is_reported_without_network_once_with_its_photo(desk, visit):
    page = phone(visit, desk)
    press(page, "登记事件")
    page.context.set_offline(True)
    page.get_by_label("类别").select_option("lamp")
    page.get_by_label("地方").select_option(desk.place)
    press(page, "用手机定位")
    expect(page.get_by_text("定位误差")).to_be_visible()
    page.get_by_label("事项").fill("梯道灯全灭")
    photograph(page, "拍照")
    press(page, "使用这张")
    looked_through(page)
    shot(page, "desk-report")
    press(page, "登记事件")
    expect(page.get_by_text("2 项待发送")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("全部已发送")).to_be_visible()
    found = desk.get("/cases?text=梯道灯全灭")["items"]
    assert [(one["kind"], one["source"], one["place"]) for one in found] == [("lamp", "worker", desk.place)]  # fmt: skip
    assert found[0]["lat"] == pytest.approx(desk.at["latitude"], abs=1e-5)
    assert len(desk.get(f"/cases/{found[0]['ref']}/photos")) == 1


def test_after_logging_out_nothing_of_a_case_is_on_the_phone(desk, visit):
    desk.case("退出用例", door="绝密楼3单元")
    page = visit.enter_at("/cases", GRID, **PHONE)
    page.get_by_role("link", name="工作台").click()
    expect(page.get_by_text("可离线打开")).to_be_visible()
    page.get_by_role("button", name="退出用例").click()
    press(page, "接单")
    press(page, "查看门牌和联系人")
    expect(page.get_by_text("绝密楼3单元")).to_be_visible()
    assert "绝密" in page.evaluate(KEPT)
    page.get_by_role("link", name="全部经过和更多操作").click()
    page.get_by_role("button", name="的菜单").click()
    press(page, "退出登录")
    page.wait_for_url("**/login")
    assert page.evaluate(KEPT) == "[]"


def test_a_phone_that_surveyed_before_keeps_what_it_had_not_sent(desk, visit):
    page = visit.open("/health", GRID, **PHONE)
    page.evaluate(EARLIER)
    page.goto(f"{desk.url.removesuffix('/api/v1')}/desk")
    expect(page.get_by_text("取于")).to_be_visible()
    assert page.evaluate(QUEUED) == ["kept"]


EARLIER = """() => new Promise((resolve) => {
  const asked = indexedDB.open("lifecircle-survey", 2);
  asked.onupgradeneeded = () => {
    for (const name of ["taken", "polls"]) asked.result.createObjectStore(name, { keyPath: "user" });
    for (const name of ["queue", "takings"]) {
      asked.result.createObjectStore(name, { keyPath: "id" }).createIndex("user", "user");
    }
    asked.transaction.objectStore("queue").put({ id: "kept", user: "x" });
  };
  asked.onsuccess = () => { asked.result.close(); resolve(); };
})"""
QUEUED = """() => new Promise((resolve) => {
  const asked = indexedDB.open("lifecircle-survey");
  asked.onsuccess = () => {
    const all = asked.result.transaction("queue").objectStore("queue").getAllKeys();
    all.onsuccess = () => { asked.result.close(); resolve(all.result); };
  };
})"""
NOTIFIED = """async ([wanted, secret]) => {
  const worker = await navigator.serviceWorker.getRegistration("/desk");
  const shown = (await worker.getNotifications()).map((one) => one.title + one.body);
  return shown.some((one) => one.includes(wanted)) && !shown.join().includes(secret);
}"""
SMALL = """[...document.querySelectorAll(".desk button, .desk .take, .desk main a")]
  .filter((one) => one.offsetHeight && one.offsetHeight < 44 && !one.closest(".maplibregl-map"))
  .map((one) => one.outerHTML.slice(0, 120))"""


def test_a_patrol_without_network_becomes_cases_with_their_photos(desk, visit):
    desk.post("/patrols/plans", place=desk.place, checklist="stairs")
    page = phone(visit, desk)
    page.get_by_role("link", name="巡查").click()
    shot(page, "desk-patrols")
    page.get_by_role("button", name="梯道与栏杆").click()
    page.context.set_offline(True)
    points = page.get_by_role("group")
    for k in range(5):
        points.nth(k).get_by_text("符合", exact=True).click()
    points.nth(1).get_by_text("不符合", exact=True).click()
    page.get_by_label("什么问题").fill("扶手松动")
    photograph(page, "拍照")
    press(page, "使用这张")
    expect(page.get_by_text("已拍照")).to_be_visible()
    page.reload()  # a phone that takes a photo may close the page
    expect(page.get_by_text("已拍照")).to_be_visible()
    expect(page.get_by_label("什么问题")).to_have_value("扶手松动")
    looked_through(page)
    shot(page, "desk-patrol")
    press(page, "完成巡查")
    expect(page.get_by_text("已巡查, 待发送")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("全部已发送")).to_be_visible()
    made = desk.get(f"/patrols?place={desk.place}")["items"]
    assert len(made) == 1
    found = {one["item"]: one for one in made[0]["answers"] if one["case"]}
    assert set(found) == {"handrail"}
    photos = desk.get(f"/cases/{found['handrail']['case']}/photos")
    assert [(one["when"], one["added_by"]) for one in photos] == [("before", GRID)]


def test_what_is_covered_cannot_be_told_and_what_a_camera_writes_is_not_sent(desk, visit):
    ref = desk.case("照片用例")["ref"]
    page = phone(visit, desk)
    page.get_by_role("button", name="照片用例").click()
    press(page, "接单")
    noise = Image.effect_noise((1000, 800), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = "Secret-Artist"
    body = io.BytesIO()
    noise.save(body, "JPEG", quality=95, exif=exif)
    sent = []
    page.on(
        "request",
        lambda one: (
            "/photos" in one.url
            and one.method == "POST"
            and sent.append(one.post_data_buffer or b"")
        ),
    )
    photograph(page, "拍处置前", body.getvalue())
    page.get_by_label("照片预览").focus()
    for _ in range(6):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已盖住 2 处")).to_be_visible()
    with page.expect_response(lambda one: "/photos" in one.url and one.request.method == "POST"):
        press(page, "使用这张")
    number = desk.get(f"/cases/{ref}/photos")[0]["id"]
    kept = Image.open(
        io.BytesIO(desk.page.request.get(f"{desk.url}/cases/{ref}/photos/{number}").body())
    ).convert("L")
    (x, y), cell = (kept.width // 2, kept.height // 2), 8

    def spread(left, top):
        least, most = kept.crop((left, top, left + cell, top + cell)).getextrema()
        return most - least

    # The middle and what is left of it are a few even cells; elsewhere the noise is still there.
    assert min(spread(x + dx, y + dy) for dx in range(-16, 16, 4) for dy in range(-16, 16, 4)) < 20
    assert (
        min(spread(x - 180 + dx, y + dy) for dx in range(-16, 16, 4) for dy in range(-16, 16, 4))
        < 20
    )
    assert spread(100, 100) > 60
    assert not any(b"Secret" in one for one in sent)


def test_a_notice_is_shown_by_the_phone_and_leads_to_the_case(desk, visit):
    page = phone(visit, desk)
    page.get_by_role("button", name="开启提醒").or_(page.get_by_text("提醒已开")).first.click()
    desk.case("新来的提醒事件", door="绝密楼9单元")
    expect(page.get_by_role("button", name="新来的提醒事件")).to_be_visible()
    page.wait_for_function(NOTIFIED, arg=["新来的提醒事件", "绝密"])
    told = page.request.get(f"{desk.url}/notices").json()
    assert told[0]["delivered_at"]


def test_in_the_dark_every_part_can_be_read_and_who_does_not_act_is_told(desk, visit):
    desk.case("夜里的灯", kind="lamp")
    page = phone(visit, desk, color_scheme="dark")
    looked_through(page, "dark")
    page.get_by_role("button", name="夜里的灯").click()
    press(page, "从社区服务站走")
    expect(
        page.get_by_role("heading", name="步行路线").or_(page.get_by_text("台账里没有"))
    ).to_be_visible()
    looked_through(page, "dark")
    shot(page, "desk-dark")
    small = page.evaluate(SMALL)
    assert small == []
    page.get_by_role("button", name="English").click()
    looked_through(page, "dark")
    page.get_by_role("button", name="Back").click()
    press(page, "Report a matter")
    looked_through(page, "dark")
    shot(page, "desk-english")
    other = visit.open("/desk", "demo-council-member", **PHONE)
    expect(other.get_by_text("您的角色不承办事件")).to_be_visible()
