"""A complaint in two browsers: the customer hears from the ticket, the operator works on it beside the thread."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from ramah.messaging.models import Inbound
from ramah.support.tickets import Report, open_ticket
from tests.browser.chat_page import PATIENCE, live, phone_with_chat, say
from tests.browser.conftest import picture
from tests.stack import Stack

COMPLAINT = "bemper mobil saya penyok waktu dicuci kemarin"


@pytest.fixture
def customer(browser: Browser, stack: Stack) -> Iterator[Page]:
    """Somebody with a matter of their own."""
    with phone_with_chat(browser, stack) as opener:
        page = live(opener())
        say(page, COMPLAINT)
        expect(page.locator('.entry[data-from="bot"]').last).to_be_visible(timeout=PATIENCE)
        yield page


@pytest.fixture
def ticket(customer: Page, stack: Stack) -> tuple[str, str]:
    """Their conversation and the ticket in it, as the assistant opens one."""
    with stack.database.every_organisation_reading() as session:
        row = session.scalars(select(Inbound).where(Inbound.text == COMPLAINT).order_by(Inbound.id.desc())).all()[0]
    report = Report("bemper depan penyok, ada foto")
    return row.conversation_id, open_ticket(stack.database, row.organisation_id, row.conversation_id, report).reference


@pytest.fixture
def operator(browser: Browser, stack: Stack, ticket: tuple[str, str]) -> Iterator[Page]:
    """Rani, with the conversation open; an error in the page fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{stack.console}/login")
    page.fill("input[name=email]", "rani@kilap.example")
    page.fill("input[name=password]", "ramah-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/console"))
    page.goto(f"{stack.console}/console/conversations/{ticket[0]}")
    yield page
    context.close()
    assert errors == []


def test_an_operator_takes_a_ticket_notes_and_solves_it_and_the_customer_hears(
    customer: Page, operator: Page, ticket: tuple[str, str]
) -> None:
    panel = operator.locator(f'[data-ticket="{ticket[1]}"]')
    expect(panel).to_contain_text("bemper depan penyok", timeout=PATIENCE)
    panel.locator("[data-ticket-take]").click()
    expect(panel).to_contain_text("You take care of it", timeout=PATIENCE)
    panel.locator("textarea").fill("Sudah telepon bengkel, mobil masuk hari Senin.")
    panel.locator("button[type=submit]").click()
    expect(panel.locator(".ticket-history")).to_contain_text("Sudah telepon bengkel", timeout=PATIENCE)
    expect(panel.locator("textarea")).to_have_value("")
    picture(operator, "ticket")
    panel.locator('[data-status="solved"]').click()
    expect(panel.locator('[data-status="solved"]')).to_have_attribute("aria-pressed", "true", timeout=PATIENCE)
    expect(customer.locator(".entry", has_text=ticket[1]).last).to_be_visible(timeout=PATIENCE)


def test_a_note_that_is_being_written_outlives_what_comes_in(
    customer: Page, operator: Page, ticket: tuple[str, str]
) -> None:
    field = operator.locator(f'[data-ticket="{ticket[1]}"] textarea')
    field.fill("belum selesai ditu")
    say(customer, "halo? ada orang?")
    expect(operator.get_by_text("halo? ada orang?").last).to_be_visible(timeout=PATIENCE)
    expect(field).to_have_value("belum selesai ditu")
