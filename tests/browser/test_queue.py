"""The queue between a customer's page and two people's: menu, place, assignment, passing on; setting it up by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from console.security import COOKIE
from ramah.messaging.divisions.assigning import serve_everywhere
from ramah.messaging.divisions.presence import choose_presence
from ramah.messaging.models import Division, DivisionAgent, QueueMode, QueueSettings
from ramah.messaging.turn_runner import TurnRunner
from ramah.people import Organisation, Staff
from ramah.store import Database
from tests.browser.chat_page import PATIENCE, say
from tests.browser.conftest import picture
from tests.databases import fresh_database
from tests.integration.conftest import ScriptedEngine, Tenant, defaults, make_tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.served import served
from tests.integration.console.visitors import open_session

TEAMS: tuple[tuple[str, str, list[str]], ...] = (
    ("Billing", "Pembayaran dan tagihan", ["tagihan", "invoice"]),
    ("Service", "Bengkel dan jadwal", ["servis"]),
    ("General", "Pertanyaan lainnya", []),
)
SETTINGS = "/console/queue/settings"


@dataclass
class Desk:
    """A console over a queue, its worker, and browsers for whoever comes."""

    browser: Browser
    database: Database
    tenant: Tenant
    url: str
    divisions: dict[str, str]
    errors: list[str] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)

    def staff(self, staff_id: str) -> Page:
        """A logged-in person's browser."""
        token, _ = open_session(self.database, self.tenant.id, staff_id)
        page = self._page(1280, 900, "en-GB")
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.url}])
        return page

    def customer(self) -> Page:
        """Somebody's phone with the web chat."""
        page = self._page(390, 844, "id-ID")
        page.goto(f"{self.url}/chat/{self.tenant.webchat.public_key}")
        expect(page.locator("#chat")).to_have_attribute("data-connection", "live", timeout=PATIENCE)
        return page

    def _page(self, width: int, height: int, locale: str) -> Page:
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, locale=locale, reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE)
        self._open.callback(context.close)
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def close(self) -> None:
        """All browsers; an error in one of the pages fails the test."""
        self._open.close()
        assert self.errors == []


@contextmanager
def working(database: Database) -> Iterator[None]:
    """A worker's loops of turns and of the queue."""
    runner, stopping = TurnRunner(database, ScriptedEngine(), defaults(), "worker"), threading.Event()

    def work() -> None:
        while not stopping.is_set():
            if not runner.run_one() and not serve_everywhere(database):
                stopping.wait(0.05)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stopping.set()
    thread.join()


@pytest.fixture
def desk(browser: Browser, tmp_path: Path) -> Iterator[Desk]:
    """Three divisions; Alice serves in Billing and supervises nothing, Bob supervises and is away."""
    with fresh_database("sqlite", tmp_path) as database, served(settings_with(), database) as console:
        tenant = make_tenant(database, "kilap", "1000001")
        with database.tenant(tenant.id) as session:
            session.get_one(Organisation, tenant.id).queue_mode = QueueMode.QUEUE
            session.get_one(Staff, tenant.bob).roles = ["supervisor"]
            session.add(QueueSettings(texts={}, capacity=2))
            rows = [
                Division(name=name, description=about, keyword_triggers=words, position=place)
                for place, (name, about, words) in enumerate(TEAMS)
            ]
            session.add_all(rows)
            session.flush()
            session.add_all(DivisionAgent(division_id=row.id, staff_id=tenant.alice) for row in rows)
            divisions = {row.name: row.id for row in rows}
        choose_presence(database, tenant.id, tenant.bob, away=True)
        opened = Desk(browser, database, tenant, console.url, divisions)
        with working(database):
            yield opened
            opened.close()


def heard(page: Page) -> Callable[[str], None]:
    """The last words of the bot on a customer's page contain these."""
    return lambda words: expect(page.locator('.entry[data-from="bot"] .text').last).to_contain_text(
        words, timeout=PATIENCE
    )


def test_a_customer_chooses_hears_the_place_and_gets_whoever_comes_online(desk: Desk) -> None:
    first, second = desk.customer(), desk.customer()
    bob = desk.staff(desk.tenant.bob)
    for page in (first, second):
        say(page, "halo")
        heard(page)("1. Billing")
    first.get_by_role("button", name="Billing").last.click()
    heard(first)("antrian ke 1")
    say(second, "tagihan")
    heard(second)("antrian ke 2")
    say(second, "#")
    heard(second)("Anda masih dalam antrian ke 2")
    picture(second, "queue-customer")
    bob.goto(f"{desk.url}/console/queue")
    expect(bob.locator("[data-waiting]")).to_have_count(2)
    picture(bob, "queue")
    alice = desk.staff(desk.tenant.alice)
    alice.goto(f"{desk.url}/console/queue")
    for page in (first, second):
        heard(page)("sekarang Anda dilayani oleh Alice")
    expect(bob.locator("[data-waiting]")).to_have_count(0, timeout=PATIENCE)
    expect(alice.locator(".queue-me")).to_contain_text("2 of 2", timeout=PATIENCE)


def test_who_is_away_is_given_nobody_passes_on_and_takes_the_next_by_key(desk: Desk) -> None:
    customer, bob = desk.customer(), desk.staff(desk.tenant.bob)
    bob.goto(f"{desk.url}/console/queue")
    expect(bob.locator(".queue-me .state")).to_have_attribute("data-presence", "away")
    say(customer, "servis")
    heard(customer)("tim Service")
    expect(bob.locator("[data-waiting]")).to_have_count(1, timeout=PATIENCE)
    bob.locator(".queue-acts summary").focus()
    bob.keyboard.press("Enter")
    bob.locator("select[name=division_id]").select_option(label="General")
    bob.get_by_role("button", name="Move", exact=True).press("Enter")
    heard(customer)("tim General")
    expect(bob.locator("section", has=bob.get_by_role("heading", name="General"))).to_contain_text("1 waits")
    bob.locator("#content").focus()
    with desk.database.tenant(desk.tenant.id) as session:
        session.add(DivisionAgent(division_id=desk.divisions["General"], staff_id=desk.tenant.bob))
    bob.keyboard.press("n")
    bob.wait_for_url("**/console/conversations/*")
    heard(customer)("sekarang Anda dilayani oleh Bob")
    expect(bob.locator("#reply")).to_be_visible()


def order(page: Page) -> list[str]:
    return page.locator("[data-division] summary strong").all_inner_texts()


def test_divisions_are_put_in_order_by_drag_and_by_keyboard(desk: Desk) -> None:
    bob = desk.staff(desk.tenant.bob)
    bob.goto(f"{desk.url}{SETTINGS}")
    rows = bob.locator("[data-division]")
    with bob.expect_response("**/divisions/order"):
        rows.nth(2).drag_to(rows.nth(0), target_position={"x": 8, "y": 2})
    bob.reload()
    assert order(bob) == ["General", "Billing", "Service"]
    with bob.expect_response("**/divisions/order"):
        rows.nth(0).locator('[data-move="1"]').press("Enter")
    bob.keyboard.press("Enter")
    bob.reload()
    assert order(bob)[0] == "Billing"
    field = bob.locator("#text-welcome_message")
    field.fill("Mau bicara dengan tim mana?")
    expect(bob.locator("#phone")).to_contain_text("Mau bicara dengan tim mana?", timeout=PATIENCE)
    bob.evaluate("scrollTo(0, 0)")
    picture(bob, "queue-settings")


def test_a_division_keeps_its_own_hours(desk: Desk) -> None:
    bob, customer = desk.staff(desk.tenant.bob), desk.customer()
    bob.goto(f"{desk.url}{SETTINGS}/divisions/{desk.divisions['Service']}/hours")
    bob.locator("input[name=enabled]").press("Space")
    bob.locator("select[name=holiday_country]").select_option("MY")
    expect(bob.locator("select[name=holiday_state]")).to_be_visible()
    bob.locator("select[name=holiday_state]").select_option(label="Johor")
    bob.locator("#add-holidays").press("Enter")
    expect(bob.locator("[data-special]").first).to_be_visible(timeout=PATIENCE)
    picture(bob, "queue-hours")
    bob.keyboard.press("Control+s")
    expect(bob.locator(".hours-done")).to_contain_text("Saved", timeout=PATIENCE)
    # No window at all: it never opens, and the menu says so.
    say(customer, "halo")
    heard(customer)("Service: sedang tutup")
    bob.get_by_role("button", name="Be open always instead").click()
    expect(bob.locator(".hours-done")).to_contain_text("open always", timeout=PATIENCE)
