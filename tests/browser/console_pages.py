"""The console with the demo's data, served by the test process: enough for its pages, and up in a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from console.security import COOKIE
from ramah.channels.content import Incoming, IncomingKind, Sender
from ramah.demo.loader import load_all
from ramah.desk.handover import take_over
from ramah.desk.importing.uploads import keep_upload
from ramah.desk.labels import make_label
from ramah.messaging.inbox import accept
from ramah.messaging.models import ChannelAccount, Conversation
from ramah.people import Contact, Staff
from ramah.settings import Settings
from ramah.store import Database, utc_now
from tests.browser.explained_turn import explain_first_message, one_incident
from tests.databases import fresh_database
from tests.integration.console.served import served
from tests.integration.console.visitors import open_session

NAMES = ("Siti Rahma", "Budi Santoso", "Nur Aisyah", "Rizky")
LINES = (
    "halo, mau servis mobil besok pagi",
    "berapa biaya ganti oli?",
    "saya mau bicara dengan orang",
    "terima kasih!",
)


@dataclass(frozen=True)
class Desk:
    """A served console and the administrator of its first organisation."""

    url: str
    database: Database
    account: ChannelAccount
    staff_id: str
    conversations: list[str]
    twin: str
    file: str
    turn: int = 0
    incident: str = ""

    @property
    def contact(self) -> str:
        """Who wrote first."""
        with self.database.every_organisation_reading() as session:
            return session.get_one(Conversation, self.conversations[0]).contact_id

    def write(self, number: int, text: str, key: str) -> str:
        """Somebody writes on WhatsApp; returns the conversation."""
        sender = Sender(platform_id=f"6281100000{number}", name=NAMES[number], phone=f"+6281100000{number}")
        incoming = Incoming(external_id=key, sender=sender, kind=IncomingKind.TEXT, text=text)
        return accept(self.database, self.account, incoming).conversation_id


@contextmanager
def open_desk(folder: Path) -> Iterator[Desk]:
    """A desk with four conversations, one of them held by the administrator."""
    config = Settings(_env_file=None, poll_interval=0.02, environment="development")  # type: ignore[call-arg]
    with fresh_database("sqlite", folder) as database, served(config, database) as console:
        load_all(database, utc_now().year)
        with database.every_organisation_reading() as session:
            account = session.scalars(select(ChannelAccount).where(ChannelAccount.kind == "whatsapp")).first()
            assert account is not None
            colleagues = session.scalars(select(Staff).where(Staff.organisation_id == account.organisation_id))
            staff = next(one for one in colleagues if "admin" in one.roles)
        twin, file = extras(database, staff)
        desk = Desk(console.url, database, account, staff.id, [], twin, file)
        desk.conversations.extend(desk.write(index, line, f"m-{index}") for index, line in enumerate(LINES))
        take_over(database, staff.organisation_id, desk.conversations[0], staff.id)
        turn = explain_first_message(database, staff.organisation_id)
        incident = one_incident(database, staff.organisation_id, desk.conversations[0])
        yield replace(desk, turn=turn, incident=incident)


def extras(database: Database, staff: Staff) -> tuple[str, str]:
    """Somebody with the number of who writes first, a label, and a file of contacts: what some pages are about."""
    with database.tenant(staff.organisation_id) as session:
        twin = Contact(first_name="Siti", last_name="Rahma", phone="+62811000000", email="siti@example.com")
        session.add(twin)
        session.flush()
    make_label(database, staff.organisation_id, "VIP")
    make_label(database, staff.organisation_id, "Keluhan")
    text = "Nama;No HP;Email;Kota\nAni;0812-3456-7890;ani@example.com;Bandung\nBudi;12;;Bekasi\n"
    file = keep_upload(database, staff.organisation_id, staff.id, "pelanggan-2026.csv", text.encode())
    return twin.id, file


@contextmanager
def operator(
    browser: Browser,
    desk: Desk,
    width: int = 1280,
    height: int = 860,
    scheme: str = "light",
    timezone: str | None = None,
) -> Iterator[Page]:
    """The administrator's browser, in a ``timezone``; an error in a page fails the test."""
    token, _ = open_session(desk.database, desk.account.organisation_id, desk.staff_id)
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        timezone_id=timezone,
    )
    context.add_cookies([{"name": COOKIE, "value": token, "url": desk.url}])
    page, errors = context.new_page(), list[str]()
    page.on("pageerror", lambda error: errors.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    assert errors == []
