"""A new colleague's first minutes: invitation, password, second factor, login; and ending a login elsewhere."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chat_page import PATIENCE
from tests.browser.conftest import picture
from tests.browser.console_pages import Desk, open_desk, operator

PASSWORD = "kuda lari di pantai"
SARI = "sari@kilap.example"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests."""
    with open_desk(tmp_path_factory.mktemp("desk")) as opened:
        yield opened


@contextmanager
def somebody(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A browser of their own; an error in the page fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=desk.url)
    page, errors = context.new_page(), list[str]()
    page.set_default_timeout(PATIENCE)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def log_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")


def invite(browser: Browser, desk: Desk) -> str:
    """An administrator invites Sari; returns the path of the link."""
    with operator(browser, desk) as page:
        page.goto(f"{desk.url}/console/staff")
        picture(page, "staff")
        page.fill("#name", "Sari Wulandari")
        page.fill("#email", SARI)
        page.select_option("#language", "en")
        page.locator("#invite button[type=submit]").click()
        link = page.locator(".staff-link").inner_text()
        expect(page.locator(f'tr[data-person="{SARI}"]')).to_contain_text("Invited", timeout=PATIENCE)
        return re.sub(r"^https?://[^/]+", "", link)


def set_up_second_factor(page: Page) -> pyotp.TOTP:
    """Scan, confirm, keep the recovery codes."""
    page.goto("/console/account/second-factor")
    app = pyotp.TOTP(page.locator(".staff-secret").inner_text().replace(" ", ""))
    picture(page, "second-factor")
    page.fill("#code", app.at(int(time.time()) - 30))
    page.keyboard.press("Enter")
    expect(page.locator(".staff-codes li")).to_have_count(10, timeout=PATIENCE)
    page.locator("main a.btn").click()
    expect(page.locator("main")).to_contain_text("10 recovery codes left", timeout=PATIENCE)
    return app


def test_a_new_colleague_joins_sets_up_a_second_factor_and_ends_a_login(browser: Browser, desk: Desk) -> None:
    link = invite(browser, desk)
    with somebody(browser, desk) as phone, somebody(browser, desk) as laptop:
        phone.goto(link)
        picture(phone, "join")
        phone.fill("#password", PASSWORD)
        phone.keyboard.press("Enter")
        expect(phone.get_by_role("status").first).to_contain_text("password is set", timeout=PATIENCE)
        log_in(phone, SARI, PASSWORD)
        phone.wait_for_url(re.compile(r"^[^?]*/console/?$"))
        app = set_up_second_factor(phone)
        log_in(laptop, SARI, PASSWORD)
        laptop.fill("#code", app.now())
        picture(laptop, "login-code")
        laptop.keyboard.press("Enter")
        laptop.wait_for_url(re.compile(r"^[^?]*/console/?$"))
        laptop.goto("/console/account")
        picture(laptop, "account")
        laptop.locator(".staff-sessions form button").click()
        expect(laptop.locator(".staff-sessions li")).to_have_count(1, timeout=PATIENCE)
        phone.goto("/console")
        expect(phone).to_have_url(re.compile("/login"), timeout=PATIENCE)


def test_what_was_done_stands_in_the_audit_log(browser: Browser, desk: Desk) -> None:
    with operator(browser, desk) as page:
        page.goto(f"{desk.url}/console/audit")
        page.select_option("#what", "conversation.taken_over")
        page.locator(".audit-filters button").click()
        expect(page.locator("tbody tr").first).to_contain_text("Rani", timeout=PATIENCE)
        expect(page.locator("tbody tr").first).to_contain_text("bot → human", timeout=PATIENCE)
        picture(page, "audit")
        page.goto(f"{desk.url}/api/docs")
        expect(page.locator("summary", has_text="/api/auth/login")).to_be_visible()
        picture(page, "api")
