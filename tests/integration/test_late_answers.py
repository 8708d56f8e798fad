"""After 24 hours on Messenger: what a person of ours may still write for seven days, and what nobody may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from ramah.channels.content import Incoming, IncomingKind, Outgoing, Sender
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger.channel import MessengerChannel
from ramah.desk.templates import closed_window
from ramah.messaging import delivery
from ramah.messaging.accounts import connect_account
from ramah.messaging.conversations import locked
from ramah.messaging.delivery import send
from ramah.messaging.inbox import accept
from ramah.messaging.models import Author, ChannelAccount, Conversation, HandledBy, Outbound, OutboundStatus
from ramah.messaging.outbox import AT_ONCE, Schedule, Writer, write_outbound
from ramah.messaging.window import WindowClosed
from ramah.store import Database, utc_now
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.server import FacebookServer
from tests.fakes.messenger.world import HUMAN_AGENT, App, PageOnFacebook
from tests.integration.conftest import Tenant, claimer

AINA = "2400100100100100"
DAY = 24 * 3600
GRANTED = {"human_agent_tag": True}


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    """Facebook, where Meta granted the app the tag and Aina wrote to the page."""
    with FacebookServer(App(tags=frozenset({HUMAN_AGENT}))) as server:
        server.platform.open_page(PageOnFacebook(), "EAA-page")
        server.platform.person_does("700100", AINA, {"message": {"mid": "m_first", "text": "halo"}})
        channel = MessengerChannel(server.url, "v23.0")
        monkeypatch.setattr(delivery, "channel_for", lambda kind: channel)
        yield server.platform
        channel.close()


@pytest.fixture
def page(database: Database, kilap: Tenant, platform: Platform) -> ChannelAccount:
    """Our page, with the setting that the tag was granted."""
    secrets = {"page_token": "EAA-page", "app_secret": platform.app.secret, "verify_token": "v"}
    with database.tenant(kilap.id) as session:
        return connect_account(session, "messenger", "Kilap Auto", "700100", secrets, options=GRANTED)


@pytest.fixture
def conversation_id(database: Database, page: ChannelAccount) -> str:
    """Aina's, who wrote just now."""
    halo = Incoming(external_id="m_first", sender=Sender(platform_id=AINA), kind=IncomingKind.TEXT, text="halo")
    return accept(database, page, halo).conversation_id


def let_pass(database: Database, tenant: Tenant, platform: Platform, conversation_id: str, seconds: float) -> None:
    """So long ago Aina wrote, for us and for Facebook."""
    platform.advance(seconds)
    with database.tenant(tenant.id) as session:
        session.get_one(Conversation, conversation_id).last_inbound_at = utc_now() - timedelta(seconds=seconds)


def set_options(database: Database, tenant: Tenant, page: ChannelAccount, options: dict[str, object]) -> None:
    with database.tenant(tenant.id) as session:
        session.get_one(ChannelAccount, page.id).options = options


def write(
    database: Database, tenant: Tenant, conversation_id: str, author: Author, schedule: Schedule = AT_ONCE
) -> Outbound:
    with database.tenant(tenant.id) as session:
        row = locked(session, conversation_id)
        writer = Writer(author, row.epoch, tenant.alice if author is Author.STAFF else None)
        return write_outbound(session, row, writer, Outgoing(text="Maaf baru balas"), "late", schedule)[0]


def test_a_person_answers_after_two_days_under_the_tag(
    database: Database, kilap: Tenant, platform: Platform, conversation_id: str
) -> None:
    let_pass(database, kilap, platform, conversation_id, 2 * DAY)
    write(database, kilap, conversation_id, Author.STAFF)
    parcel = claimer(database).claim()
    assert parcel is not None and send(parcel).provider_id
    (line,) = platform.lines
    assert (line.body["messaging_type"], line.body["tag"]) == ("MESSAGE_TAG", HUMAN_AGENT)


def test_inside_the_window_no_tag_is_used(
    database: Database, kilap: Tenant, platform: Platform, conversation_id: str
) -> None:
    let_pass(database, kilap, platform, conversation_id, DAY - 120)
    write(database, kilap, conversation_id, Author.STAFF)
    parcel = claimer(database).claim()
    assert parcel is not None and send(parcel).provider_id
    assert (platform.lines[0].body["messaging_type"], "tag" in platform.lines[0].body) == ("RESPONSE", False)


@pytest.mark.parametrize(
    ("age", "options", "reason"),
    [
        (7 * DAY, GRANTED, "more than 7 days ago"),
        (2 * DAY, {}, "may not answer later"),
        (2 * DAY, {"human_agent_tag": "true"}, "may not answer later"),
    ],
)
def test_a_late_answer_that_would_not_pass_is_refused_when_it_is_written(
    database: Database,
    kilap: Tenant,
    platform: Platform,
    page: ChannelAccount,
    conversation_id: str,
    age: float,
    options: dict[str, object],
    reason: str,
) -> None:
    set_options(database, kilap, page, options)
    let_pass(database, kilap, platform, conversation_id, age)
    with pytest.raises(WindowClosed, match=reason) as refused:
        write(database, kilap, conversation_id, Author.STAFF)
    assert refused.value.templates == ()
    assert claimer(database).claim() is None


def test_a_late_answer_that_is_scheduled_behind_the_seven_days_is_refused_at_once(
    database: Database, kilap: Tenant, platform: Platform, conversation_id: str
) -> None:
    in_eight_days = Schedule(at=utc_now() + timedelta(days=8))
    with pytest.raises(WindowClosed, match="7 days"):
        write(database, kilap, conversation_id, Author.STAFF, in_eight_days)


@pytest.mark.parametrize("author", [Author.BOT, Author.SYSTEM])
def test_the_bot_never_uses_the_tag_and_a_person_is_asked_to_look(
    database: Database, kilap: Tenant, platform: Platform, conversation_id: str, author: Author
) -> None:
    let_pass(database, kilap, platform, conversation_id, 2 * DAY)
    row = write(database, kilap, conversation_id, author)
    assert (row.status, row.error_code) == (OutboundStatus.FAILED, "window")
    assert row.error_text is not None and "a person may answer for 7 days" in row.error_text
    assert claimer(database).claim() is None and platform.lines == []
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, conversation_id).handled_by == HandledBy.QUEUE


def test_a_setting_that_was_taken_back_meanwhile_stops_it_at_the_last_gate(
    database: Database, kilap: Tenant, platform: Platform, page: ChannelAccount, conversation_id: str
) -> None:
    let_pass(database, kilap, platform, conversation_id, 2 * DAY)
    write(database, kilap, conversation_id, Author.STAFF)
    set_options(database, kilap, page, {})
    parcel = claimer(database).claim()
    assert parcel is not None
    with pytest.raises(ChannelError) as refused:
        send(parcel)
    assert (refused.value.outcome, platform.lines) == (SendOutcome.WINDOW_CLOSED, [])


def test_the_desk_may_write_as_long_as_a_late_answer_passes(
    database: Database, kilap: Tenant, platform: Platform, page: ChannelAccount, conversation_id: str
) -> None:
    let_pass(database, kilap, platform, conversation_id, 2 * DAY)
    with database.tenant_reading(kilap.id) as session:
        assert closed_window(session, session.get_one(Conversation, conversation_id)) is None
    set_options(database, kilap, page, {})
    with database.tenant_reading(kilap.id) as session:
        assert closed_window(session, session.get_one(Conversation, conversation_id)) is not None
