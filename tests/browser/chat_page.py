"""The web chat in real tabs: opening, saying, and what the page shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select

from ramah.messaging.models import Inbound
from tests.stack import Stack

PATIENCE = 30_000
API = re.compile(r"/api/webchat/kilap-auto/")
POSTS = re.compile(r"/api/webchat/kilap-auto/(messages|files)$")
Opener = Callable[[], Page]


@contextmanager
def phone_with_chat(browser: Browser, stack: Stack, script: str = "") -> Iterator[Opener]:
    """A phone with nothing remembered; what it gives opens the chat in one more tab. ``script`` runs before the page's
    own. An error in a page fails the test."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
    context.set_default_timeout(PATIENCE)
    if script:
        context.add_init_script(script)
    errors: list[str] = []

    def open_tab() -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{stack.console}/chat/kilap-auto")
        return page

    yield open_tab
    context.close()
    assert errors == []


def live(page: Page) -> Page:
    expect(page.locator("#chat")).to_have_attribute("data-connection", "live", timeout=PATIENCE)
    return page


def say(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")


def said(page: Page) -> list[str]:
    """What the customer said, as the page shows it."""
    return page.locator('.entry[data-from="customer"] .text').all_inner_texts()


def waits(page: Page, number: int) -> None:
    """So many messages are shown as waiting."""
    expect(page.locator('.entry[data-status="waiting"]')).to_have_count(number, timeout=PATIENCE)


def arrived(page: Page, number: int) -> None:
    """The server has so many messages of the customer, and the page knows it."""
    entries = page.locator(
        '.entry[data-from="customer"][data-position]:not([data-status="waiting"], [data-status="sending"])'
    )
    expect(entries).to_have_count(number, timeout=PATIENCE)


def rows(stack: Stack, mark: str) -> list[str]:
    """The texts with this mark that are stored, in order of their places."""
    with stack.database.every_organisation_reading() as session:
        found = session.scalars(select(Inbound.text).where(Inbound.text.contains(mark)).order_by(Inbound.position))
        return list(found)


def answer_with(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, json={"error": "-", "message": "-"})
