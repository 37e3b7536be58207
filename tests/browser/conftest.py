"""A real hub with a small town, and a real Chromium that says whatever went wrong in a page."""

from __future__ import annotations

import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from hub.bot import WeCom
from lifecircle.engine.bundle.demo.make import make_town

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WEB = Path(__file__).resolve().parents[2] / "src/lifecircle/hub/web/index.html"
expect.set_options(timeout=30_000)
DESK = {
    "viewport": {"width": 1240, "height": 760},
    # Maps are drawn without a graphics card: half the points each way are a quarter of the work. Pictures for people are whole.
    "device_scale_factor": 1 if os.environ.get("SHOTS") else 0.5,
}
NEW_PASSWORD = "Quiet-Lanes-2026"  # noqa: S105
_ACCOUNT = re.compile(r"^\S+ +(\S+) +(\S{20}) +\S", re.MULTILINE)


def pytest_collection_modifyitems(items) -> None:
    here = Path(__file__).parent
    reason = (
        "no chromium on the PATH" if CHROMIUM is None else "the web is not built: scripts/build"
    )
    missing = CHROMIUM is None or not WEB.is_file()
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if missing:
                item.add_marker(pytest.mark.skip(reason=reason))


@dataclass
class Hub:
    """A hub that is served, who may enter it, and the sessions that were begun."""

    url: str
    passwords: dict[str, str]
    states: dict[str, dict] = field(default_factory=dict)


@pytest.fixture(scope="package")
def robot():
    """A robot of group chats, as WeCom has them; where it lives."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), WeCom)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="package")
def hub(tmp_path_factory, robot):
    """`lifecircle serve` with a small town that is assessed, ended after the last test here."""
    folder = tmp_path_factory.mktemp("browser-hub")
    make_town(folder / "bundle", scale=0.2)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", folder / "log.txt"
    command = [
        sys.executable, "-m", "lifecircle", "serve", "--data", str(folder / "data"),
        "--port", str(port), "--demo", str(folder / "bundle"), "--workers", "1",
    ]  # fmt: skip
    # Not measured by coverage: the server would answer at half its speed.
    passed = ("DJANGO_", "LIFECIRCLE_", "COV")
    ours = {k: v for k, v in os.environ.items() if not k.startswith(passed)}
    ours |= {"LIFECIRCLE_CHATS": "wecom", "LIFECIRCLE_WECOM_URL": robot}
    ours |= {"LIFECIRCLE_WEBPUSH": "mailto:desk@example.cn", "LIFECIRCLE_WEBHOOKS_ANYWHERE": "1"}
    with log.open("wb") as out:
        server = subprocess.Popen(
            command, stdout=out, stderr=out, env={**ours, "PYTHONUNBUFFERED": "1"}
        )
        try:
            _await(lambda: _answers(f"{url}/health"), server, log)
            found = dict(_ACCOUNT.findall(log.read_text(encoding="utf-8")))
            yield Hub(url, found)
        finally:
            server.terminate()
            server.wait(15)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310
            return answer.status == 200
    except OSError:
        return False


def _await(true, server, log: Path, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert server.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < end, log.read_text(encoding="utf-8")
        threading.Event().wait(0.2)


@pytest.fixture(scope="package")
def browser():
    """Chromium for as long as tests of this package run: its event loop is in the way of the hub's own tests."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-gpu-rasterization",  # which Debian's start script turns on, card or no card
            ],
        )
        yield found
        found.close()


@dataclass
class Visitor:
    """Opens pages as somebody, and keeps what their console and their network said."""

    hub: Hub
    browser: Browser
    wrong: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, path: str = "/", user: str | None = None, **values) -> Page:
        """A page at a path; the user has logged in, once for all tests."""
        state = self._state(user) if user else None
        page = self._page(storage_state=state, **values)
        page.goto(self.hub.url + path)
        return page

    def enter(self, page: Page, user: str, password: str | None = None) -> None:
        """Log in by hand."""
        page.get_by_label("用户名").fill(user)
        page.get_by_label("密码").fill(password or self.hub.passwords[user])
        page.get_by_role("button", name="登录").click()

    def enter_at(self, path: str, user: str, **values) -> Page:
        """A page at a path, in a session of its own that was entered by hand."""
        page = self.open(f"/login?next={path}", **values)
        self.enter(page, user)
        return page

    @staticmethod
    def go(page: Page, part: str, entry: str | None = None) -> None:
        """By the menu to the first page of a part, or to an entry of it."""
        menu = page.get_by_role("navigation", name="主菜单")
        menu.get_by_role("list", name="分区").get_by_role("link", name=part).click()
        if entry:
            menu.get_by_role("list", name=part).get_by_role("link", name=entry).click()

    def unexpected(self) -> list[str]:
        return [one for one in self.wrong if not any(part in one for part in self.expected)]

    def _state(self, user: str) -> dict:
        if user not in self.hub.states:
            page = self._page()
            page.goto(f"{self.hub.url}/login")
            self.enter(page, user)
            page.wait_for_url(lambda url: "/login" not in url)
            self.hub.states[user] = page.context.storage_state()
        return self.hub.states[user]

    def _page(self, **values) -> Page:
        values = {"reduced_motion": "reduce", **({} if "viewport" in values else DESK), **values}
        context = self.browser.new_context(locale="zh-CN", accept_downloads=True, **values)
        context.set_default_timeout(30_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda said: said.type == "error" and self.wrong.append(f"{said.text} {said.location}"),
        )
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda asked: self._check(asked.url))
        return page

    def _check(self, url: str) -> None:
        if not url.startswith((self.hub.url, "data:", "blob:")):
            self.wrong.append(f"a request left the origin: {url}")


@pytest.fixture
def visit(hub, browser):
    """A visitor; that nothing went wrong in a page is part of every test."""
    visitor = Visitor(hub, browser)
    visitor.expected.append("/api/v1/me")  # how a page learns that nobody has logged in
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.unexpected() == []


PLANNER = "demo-district-planner"


@pytest.fixture(scope="package")
def assessed(hub, browser):
    """The hub once its first assessment is done."""
    visitor = Visitor(hub, browser)
    page = visitor.open("/runs", PLANNER)
    page.get_by_text("已完成").first.wait_for(timeout=300_000)
    page.context.close()
    return hub


def click_map(page: Page, right: float = 0, down: float = 0) -> None:
    """Click the map, so many pixels from its middle."""
    box = page.locator(".canvas").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2 + right, box["y"] + box["height"] / 2 + down)


def wait_for_map(page: Page) -> None:
    page.locator(".mark-chip").first.wait_for()


def choose(page: Page, label: str, option: str) -> None:
    """Choose from a list."""
    page.get_by_role("combobox", name=label).click()
    page.get_by_role("option", name=option).first.click()
