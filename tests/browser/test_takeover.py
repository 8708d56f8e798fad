"""One round trip in two browsers: a customer chats, an operator takes over, writes and hands back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from ramah.messaging.models import Inbound
from tests.browser.conftest import picture
from tests.stack import Stack, wait_for

PATIENCE = 30_000


@pytest.fixture
def customer(browser: Browser, stack: Stack) -> Iterator[Page]:
    """A phone with the web chat open."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="id-ID")
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{stack.console}/chat/kilap-auto")
    yield page
    context.close()


@pytest.fixture
def operator(browser: Browser, stack: Stack) -> Iterator[Page]:
    """An operator, logged in."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{stack.console}/login")
    page.fill("input[name=email]", "rani@kilap.example")
    page.fill("input[name=password]", "ramah-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/console"))
    yield page
    context.close()


def say(page: Page, text: str) -> None:
    """Type and send."""
    page.locator("textarea").first.fill(text)
    page.keyboard.press("Enter")


def bubbles(page: Page, sender: str) -> list[str]:
    """The texts of one side, in order."""
    return page.locator(f'[data-from="{sender}"]').all_inner_texts()


def test_a_customer_chats_an_operator_takes_over_writes_and_hands_back(customer: Page, operator: Page) -> None:
    say(customer, "halo kak")
    expect(customer.get_by_text("Kilap Auto").last).to_be_visible(timeout=PATIENCE)
    say(customer, "mau booking cuci premium")
    expect(customer.get_by_role("button", name=re.compile("Sekali"))).to_be_visible(timeout=PATIENCE)
    picture(customer, "webchat")

    row = operator.locator(".row").first
    expect(row).to_be_visible(timeout=PATIENCE)
    row.click()
    expect(operator.locator("#messages").get_by_text("mau booking cuci premium").last).to_be_visible(timeout=PATIENCE)
    expect(operator.locator('[data-action="take"]')).to_be_visible(timeout=PATIENCE)
    operator.keyboard.press("t")
    expect(operator.get_by_text("took over")).to_be_visible(timeout=PATIENCE)

    say(customer, "ada orang?")
    expect(operator.locator("#messages").get_by_text("ada orang?").last).to_be_visible(timeout=PATIENCE)
    operator.locator("textarea").first.fill("Halo Kak, saya Rani. Saya bantu ya!")
    operator.keyboard.press("Enter")
    expect(customer.get_by_text("Saya bantu ya!")).to_be_visible(timeout=PATIENCE)
    assert "ada orang?" not in " ".join(bubbles(customer, "bot"))
    picture(operator, "inbox")

    operator.locator('[data-action="release"]').click()
    operator.locator("#resume-form button[type=submit]").click()
    expect(operator.get_by_text("gave it back")).to_be_visible(timeout=PATIENCE)
    say(customer, "sekali aja")
    expect(operator.locator("#messages").get_by_text("sekali aja").last).to_be_visible(timeout=PATIENCE)
    expect(customer.locator('[data-from="bot"]').last).to_contain_text(
        re.compile("nama", re.IGNORECASE), timeout=PATIENCE
    )


def test_the_chat_survives_a_reload_and_shows_the_same_messages(customer: Page) -> None:
    say(customer, "halo")
    expect(customer.get_by_role("button", name=re.compile("Booking")).last).to_be_visible(timeout=PATIENCE)
    before = customer.locator("[data-from]").all_inner_texts()
    customer.reload()
    expect(customer.get_by_role("button", name=re.compile("Booking")).last).to_be_visible(timeout=PATIENCE)
    assert customer.locator("[data-from]").count() == len(before)


def test_the_chat_reconnects_by_itself_and_sends_what_was_written_offline(customer: Page) -> None:
    say(customer, "halo")
    expect(customer.get_by_role("button", name=re.compile("Booking")).last).to_be_visible(timeout=PATIENCE)
    customer.context.set_offline(True)
    say(customer, "jam buka berapa?")
    customer.context.set_offline(False)
    expect(customer.get_by_text("08:00-20:00").last).to_be_visible(timeout=PATIENCE)


def test_markup_in_a_message_stays_text_on_both_sides(customer: Page, operator: Page, stack: Stack) -> None:
    customer.on("dialog", lambda dialog: pytest.fail("a script ran"))
    operator.on("dialog", lambda dialog: pytest.fail("a script ran"))
    say(customer, "<img src=x onerror=alert(1)><b>tebal</b>")
    expect(customer.get_by_text("<b>tebal</b>")).to_be_visible(timeout=PATIENCE)

    def kept() -> str | None:
        with stack.database.every_organisation_reading() as session:
            return session.scalar(select(Inbound.conversation_id).where(Inbound.text.contains("<b>tebal</b>")))

    wait_for(lambda: kept() is not None, "the message is kept")
    found = kept()
    operator.goto(f"{stack.console}/console/conversations/{found}")
    expect(operator.locator("#messages").get_by_text("<b>tebal</b>").last).to_be_visible(timeout=PATIENCE)


def test_the_front_page_and_the_phone_of_the_demo_open(operator: Page, stack: Stack) -> None:
    operator.goto(stack.console)
    expect(operator.get_by_text("Bersih Bonda").first).to_be_visible()
    picture(operator, "front")
    operator.goto(f"{stack.graph}/_demo/")
    expect(operator.locator("body")).to_contain_text("Kilap Auto")
