"""What leaves when: urgency, paces that all workers share, rests of an account, and messages nobody can vouch for."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from ramah.channels.content import Outgoing, Template
from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.port import Abilities, Pace
from ramah.messaging import delivery, parcels
from ramah.messaging.conversations import locked
from ramah.messaging.delivery import settle_failed, sweep
from ramah.messaging.inbox import accept
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    HandledBy,
    Outbound,
    OutboundStatus,
    Priority,
    ThreadNote,
)
from ramah.messaging.outbox import AT_ONCE, Schedule, Writer, write_outbound
from ramah.messaging.window import WindowClosed
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, claimer, defaults, text_message


def conversation_with(database: Database, tenant: Tenant, who: str = "62811000001") -> str:
    return accept(database, tenant.whatsapp, text_message("halo", key=who, who=who)).conversation_id


def queue(
    database: Database,
    tenant: Tenant,
    conversation_id: str,
    text: str,
    schedule: Schedule = AT_ONCE,
    author: Author = Author.BOT,
) -> str:
    with database.tenant(tenant.id) as session:
        row = locked(session, conversation_id)
        writer = Writer(author, row.epoch, tenant.alice if author is Author.STAFF else None)
        return write_outbound(session, row, writer, Outgoing(text=text), text, schedule)[0].id


def claimed_texts(database: Database, most: int = 50) -> list[str]:
    """What leaves now, until nothing more may."""
    hand, texts = claimer(database), []
    for _ in range(most):
        parcel = hand.claim()
        if parcel is None:
            break
        texts.append(parcel.message.text)
    return texts


def row_of(database: Database, tenant: Tenant, outbound_id: str) -> Outbound:
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(Outbound, outbound_id)


class _Limited:
    """A channel like WhatsApp with other abilities."""

    def __init__(self, abilities: Abilities) -> None:
        self.abilities = abilities


def limit(monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    values = {"buttons": 3, "list_rows": 10, "text_limit": 4096, "proves_delivery": True, **changes}
    channel = _Limited(Abilities(**values))  # type: ignore[arg-type]
    for module in (parcels, delivery):
        monkeypatch.setattr(module, "channel_for", lambda kind: channel)


def test_answers_leave_before_reminders_and_reminders_before_promotions(database: Database, kilap: Tenant) -> None:
    for number, priority in enumerate((Priority.PROMOTION, Priority.REMINDER, Priority.REPLY)):
        conversation_id = conversation_with(database, kilap, f"6281100000{number}")
        queue(database, kilap, conversation_id, priority.name, Schedule(priority=priority))
    assert claimed_texts(database) == ["REPLY", "REMINDER", "PROMOTION"]


def test_a_promotion_that_waits_holds_no_answer_back(database: Database, kilap: Tenant) -> None:
    conversation_id = conversation_with(database, kilap)
    tomorrow = utc_now() + timedelta(hours=20)
    queue(database, kilap, conversation_id, "promo", Schedule(at=tomorrow, priority=Priority.PROMOTION))
    queue(database, kilap, conversation_id, "jawaban")
    assert claimed_texts(database) == ["jawaban"]


def test_a_scheduled_message_waits_for_its_time(database: Database, kilap: Tenant) -> None:
    at = utc_now() + timedelta(hours=2)
    queue(database, kilap, conversation_with(database, kilap), "nanti", Schedule(at=at))
    assert claimed_texts(database) == []
    with time_machine.travel(at + timedelta(seconds=1)):
        assert claimed_texts(database) == ["nanti"]


def test_two_workers_together_keep_the_pace_of_an_account(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, account_pace=Pace(10.0, 3))
    for number in range(6):
        queue(database, kilap, conversation_with(database, kilap, f"6281100000{number}"), f"pesan {number}")
    one, two = claimer(database, "one"), claimer(database, "two")
    assert sum(hand.claim() is not None for hand in (one, two, one, two, one, two)) == 3
    with time_machine.travel(utc_now() + timedelta(seconds=10.5)):
        assert sum(hand.claim() is not None for hand in (one, two, one, two)) == 1


def test_a_person_who_got_enough_holds_nobody_else_up(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, recipient_pace=Pace(6.0, 1), account_pace=Pace(0.01, 50))
    talkative, quiet = (conversation_with(database, kilap, f"6281100000{number}") for number in range(2))
    for number in range(2):
        queue(database, kilap, talkative, f"lagi {number}")
    assert claimed_texts(database) == ["lagi 0"]
    with database.tenant(kilap.id) as session:
        session.scalars(select(Outbound).order_by(Outbound.position)).all()[0].status = OutboundStatus.SENT
    queue(database, kilap, quiet, "halo")
    assert claimed_texts(database) == ["halo"]
    with time_machine.travel(utc_now() + timedelta(seconds=6.1)):
        assert claimed_texts(database) == ["lagi 1"]


def fail_next(database: Database, error: ChannelError, **changes: object) -> str:
    """The next parcel meets this error."""
    parcel = claimer(database).claim()
    assert parcel is not None
    settle_failed(database, parcel, error, defaults(**changes))
    return parcel.outbound_id


def test_a_wait_for_the_whole_account_holds_all_of_it(database: Database, kilap: Tenant) -> None:
    for number in range(2):
        queue(database, kilap, conversation_with(database, kilap, f"6281100000{number}"), f"pesan {number}")
    fail_next(database, ChannelError("slow down", SendOutcome.WAIT, retry_after=30, scope=Scope.ACCOUNT))
    assert claimed_texts(database) == []
    with time_machine.travel(utc_now() + timedelta(seconds=31)):
        assert sorted(claimed_texts(database)) == ["pesan 0", "pesan 1"]


def test_waits_are_obeyed_without_counting_until_the_message_is_too_old(database: Database, kilap: Tenant) -> None:
    outbound_id = queue(database, kilap, conversation_with(database, kilap), "halo")
    moment = utc_now()
    for round_number in range(12):
        with time_machine.travel(moment + timedelta(minutes=10 * round_number)):
            fail_next(database, ChannelError("slow down", SendOutcome.WAIT, retry_after=60))
    with time_machine.travel(moment + timedelta(hours=7)):
        assert claimed_texts(database) == []
    row = row_of(database, kilap, outbound_id)
    assert (row.status, row.error_code) == (OutboundStatus.FAILED, "too_old")
    with database.tenant_reading(kilap.id) as session:
        found = session.scalars(select(Conversation)).one()
        assert (found.handled_by, found.handover_reason) == (HandledBy.QUEUE, "undelivered")


def test_an_account_out_of_order_keeps_its_messages_until_it_is_put_right(database: Database, kilap: Tenant) -> None:
    outbound_id = queue(database, kilap, conversation_with(database, kilap), "halo")
    fail_next(database, ChannelError("token expired", SendOutcome.CONFIGURATION, code="190"))
    assert row_of(database, kilap, outbound_id).status == OutboundStatus.QUEUED
    with database.tenant_reading(kilap.id) as session:
        account = session.get_one(ChannelAccount, kilap.whatsapp.id)
        assert account.trouble == "token expired" and account.trouble_since is not None
    assert claimed_texts(database) == []
    with time_machine.travel(utc_now() + timedelta(seconds=301)):
        assert claimed_texts(database) == ["halo"]


def test_what_nobody_can_vouch_for_is_never_sent_again_and_a_person_looks(
    database: Database, kilap: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit(monkeypatch, proves_delivery=False)
    conversation_id = conversation_with(database, kilap)
    queue(database, kilap, conversation_id, "halo")
    outbound_id = fail_next(database, ChannelError("time-out", SendOutcome.UNCERTAIN))
    with time_machine.travel(utc_now() + timedelta(hours=1)):
        sweep(database, defaults())
        assert claimed_texts(database) == []
    assert row_of(database, kilap, outbound_id).status == OutboundStatus.UNPROVED
    with database.tenant_reading(kilap.id) as session:
        assert session.get_one(Conversation, conversation_id).handled_by == HandledBy.QUEUE


def test_nothing_overtakes_an_uncertain_message(database: Database, kilap: Tenant) -> None:
    conversation_id = conversation_with(database, kilap)
    queue(database, kilap, conversation_id, "satu")
    queue(database, kilap, conversation_id, "dua")
    fail_next(database, ChannelError("time-out", SendOutcome.UNCERTAIN))
    assert claimed_texts(database) == []
    with time_machine.travel(utc_now() + timedelta(seconds=121)):
        assert sweep(database, defaults()) == 1
        assert claimed_texts(database) == ["satu"]


def test_a_person_of_ours_hears_that_the_message_will_not_arrive(database: Database, kilap: Tenant) -> None:
    conversation_id = conversation_with(database, kilap)
    queue(database, kilap, conversation_id, "Pak, mobilnya siap", author=Author.STAFF)
    fail_next(database, ChannelError("blocked", SendOutcome.GIVE_UP, code="131026"))
    with database.tenant_reading(kilap.id) as session:
        (note,) = session.scalars(select(ThreadNote)).all()
    assert (note.kind, note.staff_id) == ("not_delivered", kilap.alice)


def age_window(database: Database, tenant: Tenant, conversation_id: str, hours: float) -> None:
    with database.tenant(tenant.id) as session:
        session.get_one(Conversation, conversation_id).last_inbound_at = utc_now() - timedelta(hours=hours)
        account = session.get_one(ChannelAccount, tenant.whatsapp.id)
        account.options = {"templates": [{"name": "reminder", "language": "id", "preview": "Kami siap membantu."}]}


def test_free_text_into_a_closed_window_is_refused_when_it_is_written_and_a_template_offered(
    database: Database, kilap: Tenant
) -> None:
    conversation_id = conversation_with(database, kilap)
    age_window(database, kilap, conversation_id, 25)
    with pytest.raises(WindowClosed) as refused:
        queue(database, kilap, conversation_id, "halo lagi", author=Author.STAFF)
    assert [template.name for template in refused.value.templates] == ["reminder"]
    with database.tenant_reading(kilap.id) as session:
        assert session.scalars(select(Outbound)).all() == []


def test_a_message_that_is_scheduled_behind_the_windows_end_is_refused_at_once(
    database: Database, kilap: Tenant
) -> None:
    conversation_id = conversation_with(database, kilap)
    with pytest.raises(WindowClosed):
        queue(
            database, kilap, conversation_id, "besok lusa", Schedule(at=utc_now() + timedelta(hours=30)), Author.STAFF
        )


def test_a_template_passes_a_closed_window(database: Database, kilap: Tenant) -> None:
    conversation_id = conversation_with(database, kilap)
    age_window(database, kilap, conversation_id, 25)
    with database.tenant(kilap.id) as session:
        row = locked(session, conversation_id)
        message = Outgoing(template=Template(name="reminder", language="id", preview="Kami siap membantu."))
        write_outbound(session, row, Writer(Author.STAFF, row.epoch, kilap.alice), message, "t")
    parcel = claimer(database).claim()
    assert parcel is not None and parcel.message.template is not None


def arrives_late(database: Database, tenant: Tenant, hours: float, key: str) -> str:
    """A message whose provider could not reach us for so long (negative: its clock is ahead of ours)."""
    late = text_message("halo", key).model_copy(update={"sent_at": utc_now() - timedelta(hours=hours)})
    return accept(database, tenant.whatsapp, late).conversation_id


def test_the_window_counts_from_when_a_late_message_was_written(database: Database, kilap: Tenant) -> None:
    conversation_id = arrives_late(database, kilap, 25, "late")
    with pytest.raises(WindowClosed):
        queue(database, kilap, conversation_id, "halo", author=Author.STAFF)


def test_a_late_message_does_not_close_the_window_that_a_newer_one_opened(database: Database, kilap: Tenant) -> None:
    arrives_late(database, kilap, 0, "new")
    queue(database, kilap, arrives_late(database, kilap, 25, "late"), "halo", author=Author.STAFF)
    assert claimed_texts(database) == ["halo"]


def test_a_provider_whose_clock_is_ahead_opens_no_longer_window(database: Database, kilap: Tenant) -> None:
    conversation_id = arrives_late(database, kilap, -3, "ahead")
    with database.tenant_reading(kilap.id) as session:
        opened = session.get_one(Conversation, conversation_id).last_inbound_at
    assert opened is not None and opened <= utc_now()
