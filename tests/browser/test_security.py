"""One's own account: an authenticator, passkeys, recovery codes, sessions, each set up and used."""

import re

import pytest

import totp
from browser.test_accessibility import serious, settle

ALONE = "demo-service-operator"
"""Nobody else's tests log in as these two."""
KEYED = "demo-command-operator"


def confirm(page, password):
    dialog = page.get_by_role("dialog", name="请确认是您本人")
    dialog.get_by_label("密码").fill(password)
    dialog.get_by_role("button", name="确认").click()
    dialog.wait_for(state="hidden")


@pytest.fixture
def named(hub, visit):
    """The hub by its name instead of its number: passkeys belong to names."""
    number, visit.hub.url = hub.url, hub.url.replace("127.0.0.1", "localhost")
    yield visit.hub.url
    visit.hub.url = number


def with_authenticator(page):
    """Plug a phone in that says yes to everything."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_an_authenticator_is_set_up_asked_for_and_removed(visit, hub):
    visit.expected += ["401", "400", "404"]  # a confirmation, a second step, no authenticator yet
    page = visit.enter_at("/security", ALONE)
    page.wait_for_url(re.compile(r":\d+/security$"))
    section = page.get_by_role("region", name="验证器")
    section.get_by_role("button", name="设置").click()
    image = section.get_by_role("img", name="二维码")
    assert image.evaluate("one => one.decode().then(() => one.naturalWidth)") > 50
    secret = section.locator("code").inner_text().replace(" ", "")
    section.get_by_label("六位数字").fill("000000")
    section.get_by_role("button", name="确认").click()
    section.get_by_role("alert").wait_for()
    assert "不正确" in section.get_by_role("alert").inner_text()
    section.get_by_label("六位数字").fill(totp.now(secret))
    section.get_by_role("button", name="确认").click()
    confirm(page, hub.passwords[ALONE])
    codes = page.get_by_role("region", name="恢复码").locator("code")
    codes.first.wait_for()
    code = codes.first.inner_text()
    assert codes.count() == 10
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    assert code in download.value.path().read_text()
    page.get_by_role("button", name="已保存好").click()
    page.get_by_text("还有 10 个未用, 共 10 个").wait_for()
    second_step(visit, hub, totp.now(secret, ahead=1))
    second_step(visit, hub, code)
    page.reload()
    page.get_by_text("还有 9 个未用, 共 10 个").wait_for()
    section.get_by_role("button", name="移除").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    section.get_by_role("button", name="设置").wait_for()


def second_step(visit, hub, code):
    page = visit.enter_at("/security", ALONE)
    page.get_by_label("恢复码").fill(code)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(re.compile(r":\d+/security$"))


def test_a_passkey_is_added_logs_in_and_once_removed_does_not(visit, hub, named):
    visit.expected += ["401", "400"]
    page = visit.enter_at("/security", KEYED)
    page.wait_for_url(re.compile(r":\d+/security$"))
    with_authenticator(page)
    section = page.get_by_role("region", name="通行密钥")
    section.get_by_label("名称").fill("办公电脑")
    section.get_by_role("button", name="添加通行密钥").click()
    confirm(page, hub.passwords[KEYED])
    page.get_by_role("button", name="已保存好").click()
    section.get_by_role("button", name="改名").click()
    section.get_by_label("新名称").fill("值班电脑")
    section.get_by_role("button", name="保存").click()
    section.get_by_text("值班电脑").wait_for()
    log_out(page)
    page.get_by_role("button", name="使用通行密钥").click()  # by itself
    page.wait_for_url(f"{named}/security")
    log_out(page)
    visit.enter(page, KEYED)
    page.get_by_label("恢复码").wait_for()
    page.get_by_role("button", name="使用通行密钥").click()  # after the password
    page.wait_for_url(f"{named}/security")
    section.get_by_role("button", name="移除").click()
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    dialog = page.get_by_role("dialog", name="请确认是您本人")
    dialog.get_by_role("button", name="使用通行密钥").click()  # to confirm who asks
    section.get_by_text("还没有通行密钥").wait_for()
    log_out(page)
    page.get_by_role("button", name="使用通行密钥").click()
    page.get_by_role("alert").wait_for()
    assert "/login" in page.url


def log_out(page):
    page.get_by_role("button", name="的菜单").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/login")
    page.goto(f"{page.url}?next=/security")


def test_at_an_address_of_digits_the_page_says_where_passkeys_serve(visit, hub):
    page = visit.open("/security", ALONE)
    page.get_by_text("在本机请改用 http://localhost:").wait_for()


def test_a_session_left_open_elsewhere_is_ended(visit, hub):
    visit.expected.append("401")
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    left = visit.enter_at("/security", ALONE, user_agent=agent)
    left.get_by_role("region", name="登录中的会话").first.wait_for()
    page = visit.open("/register", ALONE)
    page.get_by_role("button", name="的菜单").click()
    page.get_by_role("button", name="账号安全").click()
    rows = page.get_by_role("region", name="登录中的会话").get_by_role("row")
    row = rows.filter(has_text="Firefox · Linux")
    row.get_by_role("button", name="结束").click()
    row.wait_for(state="detached")
    assert rows.filter(has_text="本会话").count() == 1
    left.reload()
    left.wait_for_url(re.compile("/login"))


@pytest.mark.parametrize("look", ["dark"])
@pytest.mark.parametrize("language", ["中文", "English"])
def test_axe_finds_nothing_serious(visit, hub, look, language):
    visit.expected.append("404")
    page = visit.open("/security", ALONE, color_scheme=look, bypass_csp=True)
    if language == "English":
        page.get_by_role("button", name="English").click()
    page.get_by_role("button", name=re.compile("^(设置|Set up)$")).click()
    page.get_by_role("img", name=re.compile("二维码|QR")).wait_for()
    settle(page)
    assert serious(page, look) == []


def test_a_narrow_screen_shows_it_without_moving_it_sideways(visit, hub):
    page = visit.open("/security", ALONE, viewport={"width": 360, "height": 740})
    page.get_by_role("heading", name="账号安全").wait_for()
    settle(page)
    widths = (
        "[document.scrollingElement, document.querySelector('main')].map(one => one.scrollWidth)"
    )
    assert max(page.evaluate(widths)) <= 360
