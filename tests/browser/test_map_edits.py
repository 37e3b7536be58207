"""On the map: a facility is moved, an older assessment is looked at, the relief is switched."""

from browser.conftest import PLANNER, click_map, wait_for_map
from browser.test_accessibility import serious, settle

CLINIC = "/?level=community&scope=type&key=clinic"


def noted(visit, user=PLANNER, **values):
    """A map on which a clinic was clicked (found by its name), the clinic, and what is said of it."""
    page = visit.open(CLINIC, user, **values)
    wait_for_map(page)
    one = page.request.get(f"{visit.hub.url}/api/v1/facilities?type=clinic&limit=1").json()[
        "items"
    ][0]
    page.get_by_role("combobox", name="查找地方或设施").fill(one["name"])
    page.get_by_role("option", name=one["name"]).first.click()
    return page, one, page.get_by_role("region", name=one["name"])


def now(page, visit, one):
    return page.request.get(f"{visit.hub.url}/api/v1/facilities/{one['ref']}").json()


def test_a_facility_is_moved_by_dragging_its_pin(visit, assessed):
    page, one, note = noted(visit)
    note.get_by_role("button", name="移动位置").click()
    form = page.get_by_role("form", name="移动位置")
    page.wait_for_timeout(1000)
    pin = page.locator(".pin-handle")
    box = pin.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 20, steps=5)
    page.mouse.up()
    lon = float(form.get_by_role("spinbutton", name="经度").input_value())
    lat = float(form.get_by_role("spinbutton", name="纬度").input_value())
    assert lon > one["lon"]
    assert lat < one["lat"]
    form.get_by_role("button", name="保存").click()
    form.get_by_text("请填写依据。").wait_for()
    form.get_by_label("依据").fill("现场核查")
    form.get_by_role("button", name="保存").click()
    note.get_by_role("button", name="移动位置").wait_for()
    after = now(page, visit, one)
    assert (after["lon"], after["lat"]) == (lon, lat)
    assert after["version"] == one["version"] + 1


def test_a_facility_that_somebody_changed_meanwhile_is_not_overwritten_unseen(visit, assessed):
    page, one, note = noted(visit)
    note.get_by_role("button", name="移动位置").click()
    form = page.get_by_role("form", name="移动位置")
    cookies = {c["name"]: c["value"] for c in page.context.cookies()}
    other = round(one["lon"] + 0.0002, 6)
    changed = page.request.patch(
        f"{visit.hub.url}/api/v1/facilities/{one['ref']}",
        data={"version": one["version"], "values": {"lon": other},
              "said": {"source": "别人", "on": "2026-11-01"}},
        headers={"X-CSRFToken": cookies["csrftoken"], "Referer": visit.hub.url},
    )  # fmt: skip
    assert changed.ok, changed.text()
    visit.expected.append("409")
    wanted = round(one["lat"] + 0.0003, 6)
    form.get_by_role("spinbutton", name="纬度").fill(str(wanted))
    form.get_by_role("spinbutton", name="纬度").press("Tab")
    form.get_by_label("依据").fill("现场核查")
    form.get_by_role("button", name="保存").click()
    form.get_by_text("刚刚修改过这个设施").wait_for()
    assert now(page, visit, one)["lat"] == one["lat"]
    form.get_by_role("button", name="保存").click()
    note.get_by_role("button", name="移动位置").wait_for()
    assert now(page, visit, one)["lat"] == wanted


def test_who_may_not_write_there_is_not_asked_to_move(visit, assessed):
    _, _, note = noted(visit, "demo-command-operator")
    note.get_by_text("在台账中查看").wait_for()
    assert note.get_by_role("button", name="移动位置").count() == 0


def test_axe_finds_nothing_serious_while_a_facility_is_moved(visit, assessed):
    for look in ("light", "dark"):
        page, _, note = noted(visit, color_scheme=look, bypass_csp=True)
        note.get_by_role("button", name="移动位置").click()
        click_map(page)
        settle(page)
        assert serious(page, look) == []


def test_an_older_assessment_says_that_it_is_not_the_latest(visit, assessed):
    page = visit.open(CLINIC, PLANNER)
    wait_for_map(page)
    first = page.request.get(f"{assessed.url}/api/v1/runs/latest").json()
    cookies = {c["name"]: c["value"] for c in page.context.cookies()}
    headers = {"X-CSRFToken": cookies["csrftoken"], "Referer": assessed.url}
    page.request.post(f"{assessed.url}/api/v1/runs", data={"title": "再评"}, headers=headers)
    runs = visit.open("/runs", PLANNER)
    runs.get_by_text("已完成").nth(1).wait_for(timeout=300_000)
    page.goto(f"{assessed.url}{CLINIC}&run={first['id']}")
    wait_for_map(page)
    panel = page.get_by_role("complementary")
    panel.get_by_text("不是最新的第").wait_for()
    panel.get_by_role("button", name="看最新的").click()
    panel.get_by_text("不是最新的第").wait_for(state="detached")
    assert "run=" not in page.url


def test_the_relief_is_switched_off_and_stays_so(visit, assessed):
    page = visit.open("/?level=community", PLANNER)
    asked = []
    page.on("response", lambda one: "/map/relief/" in one.url and asked.append(one.status))
    wait_for_map(page)
    switch = page.get_by_role("button", name="地形")
    switch.wait_for()
    page.wait_for_timeout(1500)
    assert asked
    assert set(asked) <= {200, 204}
    assert 200 in asked
    switch.click()
    assert switch.get_attribute("aria-pressed") == "false"
    page.reload()
    switch.wait_for()
    assert switch.get_attribute("aria-pressed") == "false"
    asked.clear()
    page.wait_for_timeout(1000)
    assert asked == []


def test_the_map_may_be_left_while_its_relief_is_still_asked_for(visit, assessed):
    page = visit.open("/register", PLANNER)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/api/v1/map/relief", hold)
    visit.go(page, "规划")
    wait_for_map(page)
    page.wait_for_timeout(500)
    visit.go(page, "台账")
    page.get_by_role("row").nth(1).wait_for()
    assert held
    with page.expect_response("**/api/v1/map/relief"):
        held[0].continue_()
    page.wait_for_timeout(300)  # an error in the page fails the test
