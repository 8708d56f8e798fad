"""The bot's hours by keyboard, and a draft that is sent with one key."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from console.security import COOKIE
from ramah.messaging.hours.bot import BotMode
from ramah.messaging.hours.keeping import Owner
from ramah.messaging.hours.managing import read_page, set_mode
from ramah.messaging.inbox import accept
from ramah.messaging.models import Outbound
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Staff
from ramah.store import Database
from tests.browser.conftest import picture
from tests.databases import fresh_database
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, make_tenant, text_message
from tests.integration.console.conftest import settings_with
from tests.integration.console.served import served
from tests.integration.console.visitors import open_session

PATIENCE = 30_000
PHONE, SCREEN = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


@dataclass
class Desk:
    """A console with an administrator's browser; no engine is needed here."""

    page: Page
    database: Database
    tenant: Tenant
    url: str


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """Alice, who administers; an error in the page fails the test."""
    with fresh_database("sqlite", tmp_path) as database, served(settings_with(), database) as console:
        tenant = make_tenant(database, "kilap", "1000001")
        with database.tenant(tenant.id) as session:
            session.get_one(Staff, tenant.alice).roles = ["admin"]
        token, _ = open_session(database, tenant.id, tenant.alice)
        context = browser.new_context(viewport=SCREEN, reduced_motion="reduce")  # type: ignore[arg-type]
        context.add_cookies([{"name": COOKIE, "value": token, "url": console.url}])
        context.set_default_timeout(PATIENCE)
        page, errors = context.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))
        yield Desk(page, database, tenant, console.url)
        context.close()
        assert errors == []


def type_window(page: Page, day: int, opens: str, closes: str) -> None:
    """With the keyboard alone: add, type, next, type."""
    page.locator(f'[data-day="{day}"] [data-add]').focus()
    page.keyboard.press("Enter")
    page.keyboard.type(opens)
    page.keyboard.press("Tab")
    page.keyboard.type(closes)
    page.keyboard.press("Tab")


def test_a_week_is_typed_copied_previewed_and_saved_by_keyboard(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/console/hours")
    expect(page.locator("#preview")).to_contain_text("No hours: open around the clock")
    page.locator("input[name=enabled]").focus()
    page.keyboard.press("Space")
    expect(page.locator("#preview")).to_contain_text("it never opens again", timeout=PATIENCE)
    type_window(page, 0, "8", "12")
    type_window(page, 0, "1300", "17:00")
    page.locator('[data-day="0"] [name="day-0-opens"]').first.press("ArrowDown")
    page.locator('[data-day="0"] [data-copy="1,2,3,4"]').press("Enter")
    expect(page.locator('[data-day="4"] [data-window]')).to_have_count(2)
    expect(page.locator('[data-day="4"] [data-clock]').first).to_have_value("07:30")
    type_window(page, 5, "20", "6")
    expect(page.locator('[data-day="5"] [data-overnight]')).to_be_visible()
    expect(page.locator('[data-day="6"] [data-closed]')).to_be_visible()
    page.locator("textarea[name=message-en]").fill("We sleep. Back {opens}.")
    expect(page.locator("#preview")).to_contain_text(
        re.compile("We sleep. Back .*(today|tomorrow|day)"), timeout=PATIENCE
    )
    page.locator("#add-holidays").press("Enter")
    expect(page.locator(f'[name=special-day][value="{datetime.now(UTC).year}-12-25"]')).to_be_visible(timeout=PATIENCE)
    page.keyboard.press("Control+s")
    expect(page.locator(".hours-done")).to_contain_text("Saved", timeout=PATIENCE)
    expect(page.locator('[data-day="1"] [data-clock]').first).to_have_value("07:30")
    plan = read_page(desk.database, Owner(desk.tenant.id)).kept.plan
    assert [len(windows) for windows in plan.week] == [2, 2, 2, 2, 2, 1, 0]
    assert plan.messages == {"en": "We sleep. Back {opens}."}
    picture(page, "hours")
    page.evaluate("document.documentElement.classList.add('dark')")
    picture(page, "hours-dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, "hours-phone")


def test_what_is_wrong_is_said_while_it_is_typed(desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.url}/console/hours")
    type_window(page, 2, "8", "12")
    type_window(page, 2, "11", "13")
    expect(page.locator("#preview [data-problem]")).to_contain_text("begins before", timeout=PATIENCE)
    page.locator("#save").click()
    expect(page.locator("#toasts")).to_contain_text("begins before", timeout=PATIENCE)
    expect(page.locator('[data-day="2"] [data-window]')).to_have_count(2)
    page.locator('[data-day="2"] [data-remove]').last.click()
    expect(page.locator("#preview [data-problem]")).to_have_count(0, timeout=PATIENCE)


def texts(desk: Desk) -> list[str]:
    """What customers were written."""
    with desk.database.tenant_reading(desk.tenant.id) as session:
        return [row.content["text"] for row in session.query(Outbound).order_by(Outbound.position)]


def test_a_draft_is_sent_changed_or_discarded_with_one_key(desk: Desk) -> None:
    set_mode(desk.database, desk.tenant.id, BotMode.DRAFTS)
    runner = TurnRunner(desk.database, ScriptedEngine(), defaults(), "w")
    page = desk.page

    def ask(text: str) -> str:
        conversation_id = accept(desk.database, desk.tenant.whatsapp, text_message(text, text)).conversation_id
        assert runner.run_one()
        return conversation_id

    conversation_id = ask("satu")
    page.goto(f"{desk.url}/console/conversations/{conversation_id}")
    draft = page.locator("[data-proposal]")
    expect(draft.locator("textarea")).to_have_value("echo satu")
    expect(page.locator("[data-proposed]")).to_be_visible()
    picture(page, "draft")
    page.locator("#thread-scroll").focus()
    page.keyboard.press("a")
    expect(draft).to_have_count(0, timeout=PATIENCE)
    expect(page.locator('.message[data-from="bot"]')).to_contain_text("approved by Alice", timeout=PATIENCE)
    ask("dua")
    expect(draft.locator("textarea")).to_have_value("echo dua", timeout=PATIENCE)
    page.keyboard.press("e")
    page.keyboard.press("Control+a")
    page.keyboard.type("dua saja")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(draft).to_have_count(0, timeout=PATIENCE)
    ask("tiga")
    expect(draft.locator("textarea")).to_have_value("echo tiga", timeout=PATIENCE)
    page.keyboard.press("x")
    expect(draft).to_have_count(0, timeout=PATIENCE)
    expect(page.locator("#thread-head")).to_contain_text("Waiting", timeout=PATIENCE)
    assert texts(desk) == ["echo satu", "dua saja"]
