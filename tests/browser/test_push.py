"""A closed page is told: the switch, what the hub's worker hands to a push service, and what the phone's own worker makes of it.

The browser's own push service is out of reach here: what a page gets by subscribing is given by a push service of the tests, and
what that took is delivered to the real service worker by the browser's own door for it.
"""

import json
import time

import pytest
from playwright.sync_api import expect

from browser.test_desk import GRID, OFFLINE, Desk, looked_through, phone, press
from browser.test_surveys import PHONE, shot
from hub.pushing import PushService

SWITCH = "页面关掉也提醒这部手机"
SUBSCRIBED = """given => {
  const made = () => ({ endpoint: given.endpoint, toJSON: () => ({ endpoint: given.endpoint, keys: given.keys }),
    unsubscribe: async () => { localStorage.removeItem("test.push"); return true; } });
  PushManager.prototype.getSubscription = async () => (localStorage.getItem("test.push") ? made() : null);
  PushManager.prototype.subscribe = async ({ userVisibleOnly, applicationServerKey: key }) => {
    if (given.silent) throw new DOMException("Registration failed - push service error", "AbortError");
    if (!userVisibleOnly || key.length !== 65 || key[0] !== 4) throw new TypeError("no key of a server");
    localStorage.setItem("test.push", "1");
    return made();
  };
}"""
NOTICES = """async () => {
  const worker = await navigator.serviceWorker.getRegistration("/desk");
  return (await worker.getNotifications()).map(({ title, body, tag, requireInteraction }) =>
    ({ title, body, tag, requireInteraction }));
}"""
TAPPED = """async () => {
  const [notification] = await self.registration.getNotifications();
  self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
}"""


@pytest.fixture
def desk(assessed, visit):
    visit.expected += [*OFFLINE, "InvalidStateError"]  # an event that a test makes lasts no longer
    return Desk(visit, assessed.url)


@pytest.fixture
def service():
    found = PushService()
    yield found
    found.close()


def opened(visit, desk, service, *, silent=False, **values):
    """The desk on a phone, whose push service is the tests' own."""
    return stubbed(phone(visit, desk, **values), service, silent=silent)


def stubbed(page, service, *, silent=False):
    """The page anew, with the tests' push service for the browser's own."""
    keys = service.subscribe("phone")
    given = {"endpoint": keys.pop("endpoint"), "keys": keys, "silent": silent}
    page.add_init_script(f"({SUBSCRIBED})({json.dumps(given)})")
    page.reload()
    expect(page.get_by_text("可离线打开")).to_be_visible()
    return page


def delivered(page, url, said):
    """Hand a message to the service worker of the desk, as the browser does with what its push service brings."""
    line, found = page.context.new_cdp_session(page), {}

    def heard(event):
        for one in event["registrations"]:
            if one["scopeURL"].endswith("/desk") and not one["isDeleted"]:
                found["id"] = one["registrationId"]

    line.on("ServiceWorker.workerRegistrationUpdated", heard)
    line.send("ServiceWorker.enable")
    end = time.monotonic() + 20
    while "id" not in found and time.monotonic() < end:
        page.wait_for_timeout(50)
    line.send(
        "ServiceWorker.deliverPushMessage",
        {"origin": url, "registrationId": found["id"], "data": json.dumps(said)},
    )
    line.detach()


def awaited(page, true):
    end = time.monotonic() + 30
    while not (found := true()):
        assert time.monotonic() < end
        page.wait_for_timeout(100)
    return found


def known(page, desk, service):
    """How many browsers of this push service the hub tells."""
    listed = page.request.get(f"{desk.url}/me/push").json()["items"]
    return sum(service.origin.endswith(one["service"]) for one in listed)


def test_a_phone_that_is_switched_on_is_told_shows_it_once_and_leads_to_the_case(
    desk, visit, service
):
    page = opened(visit, desk, service)
    switch = page.get_by_role("switch", name=SWITCH)
    expect(switch).not_to_be_checked()
    looked_through(page)
    shot(page, "push-off")
    switch.click()
    expect(switch).to_be_checked()
    expect(page.get_by_text("起已开启")).to_be_visible()
    looked_through(page)
    shot(page, "push-on")

    ref = desk.case("张三丰家水管爆裂", door="绝密楼9单元")["ref"]
    said = awaited(page, lambda: [one for _, one, _ in service.took if one["ref"] == ref])[0]
    assert service.wrong == []
    assert not any(word in str(said) for word in ("张三丰", "绝密"))
    url = visit.hub.url
    # The page is open too, and shows the case by itself: what is pushed takes the place of that.
    awaited(page, lambda: [one for one in page.evaluate(NOTICES) if one["tag"] == ref])
    delivered(page, url, said)
    delivered(page, url, said)
    told = awaited(page, lambda: page.evaluate(NOTICES))
    assert [(one["title"], one["body"], one["tag"]) for one in told if one["tag"] == ref] == [
        (said["title"], said["body"], ref)
    ]
    assert said["title"].startswith("[P3]")
    states = awaited(
        page,
        lambda: [
            one["state"]
            for one in desk.get(f"/cases/{ref}/told")
            if one["channel"] == "push" and one["state"] == "delivered"
        ],
    )
    assert states == ["delivered"]
    (worker,) = (one for one in page.context.service_workers if "offline-worker" in one.url)
    worker.evaluate(TAPPED)
    page.wait_for_url(f"**/desk?case={ref}")
    expect(page.get_by_role("heading", name=ref)).to_be_visible()
    assert page.evaluate(NOTICES) == []

    page.goto(f"{url}/desk")
    expect(switch).to_be_checked()
    switch.click()
    expect(switch).not_to_be_checked()
    assert known(page, desk, service) == 0


def test_whoever_logs_out_of_a_phone_is_told_there_no_more(desk, visit, service):
    entered = visit.enter_at("/desk", GRID, **PHONE, color_scheme="dark")
    entered.context.grant_permissions(["notifications"])
    expect(entered.get_by_text("可离线打开")).to_be_visible()
    page = stubbed(entered, service)
    page.get_by_role("switch", name=SWITCH).click()
    expect(page.get_by_role("switch", name=SWITCH)).to_be_checked()
    looked_through(page, "dark")
    shot(page, "push-dark")
    assert known(page, desk, service) == 1
    page.goto(f"{visit.hub.url}/cases")
    page.get_by_role("button", name="的菜单").click()
    press(page, "退出登录")
    page.wait_for_url("**/login")
    assert page.evaluate("localStorage.getItem('test.push')") is None
    again = visit.enter_at("/tokens", GRID)
    again.wait_for_url(lambda url: "/login" not in url)
    assert known(again, desk, service) == 0


def test_a_phone_that_cannot_reach_its_push_service_says_so(desk, visit, service):
    page = opened(visit, desk, service, silent=True)
    switch = page.get_by_role("switch", name=SWITCH)
    switch.click()
    expect(page.get_by_text("连不上浏览器的推送服务")).to_be_visible()
    expect(switch).not_to_be_checked()
    looked_through(page)
    shot(page, "push-no-service")


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("browser", "此浏览器不支持"),
        ("operator", "平台未开启"),
        ("denied", "浏览器已禁止本站通知"),
    ],
)
def test_where_there_is_no_push_it_says_why_and_shows_no_switch(desk, visit, why, words):
    page = phone(visit, desk)
    if why == "operator":  # the hub of these tests is on: what one that is off answers
        off = {"on": False, "key": "", "items": []}
        page.route("**/api/v1/me/push", lambda route: route.fulfill(json=off))
    elif why == "browser":
        page.add_init_script("delete window.PushManager")
    else:
        page.add_init_script(
            "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"
        )
    page.reload()
    expect(page.get_by_text("页面关掉后没有推送")).to_contain_text(words)
    expect(page.get_by_role("switch", name=SWITCH)).to_have_count(0)
    looked_through(page)
    page.get_by_role("button", name="EN").click()
    expect(page.get_by_text("No push once the page is closed")).to_be_visible()
    shot(page, f"push-none-{why}")
