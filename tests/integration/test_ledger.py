"""The ledger accounts for every row of a day, and names each one that is gone."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import time_machine
from sqlalchemy import delete, update

from ramah.messaging.accounts import connect_account
from ramah.messaging.inbox import accept
from ramah.messaging.ledger import keep, prove_due, refresh
from ramah.messaging.models import (
    Alert,
    Envelope,
    EnvelopeStatus,
    Inbound,
    InboundStatus,
    LedgerDay,
    Outbound,
    OutboundStatus,
)
from ramah.messaging.replay import Chosen, replay
from ramah.messaging.turn_runner import TurnRunner
from ramah.observe import Incident
from ramah.settings import settings
from ramah.store import Database, utc_now
from tests.integration.conftest import Tenant, defaults, text_message
from tests.integration.console.contents import counted_queries, everything, rows_of
from tests.integration.days import (
    ZONE,
    all_rows,
    answer_all,
    body,
    conversations_of,
    live_through,
    number_of,
    post,
    proof_of,
    put_back,
    tables,
    take_away,
    today,
    typed,
)

CONFIG = defaults()


def test_the_number_of_a_message_that_was_removed_by_hand_is_never_given_again(
    database: Database, kilap: Tenant
) -> None:
    removed = accept(database, kilap.whatsapp, text_message("halo")).inbound_id
    assert removed is not None
    with database.every_organisation() as session:
        session.execute(delete(Inbound).where(Inbound.id == removed))
    following = accept(database, kilap.whatsapp, text_message("halo lagi", key="2")).inbound_id
    assert following is not None and following > removed


def test_an_untouched_day_is_whole_and_its_figures_add_up(database: Database, kilap: Tenant) -> None:
    live_through(database, kilap)
    proof = proof_of(database, kilap)
    assert (proof.missing, proof.late, proof.is_whole) == ((), (), True)
    counts = proof.counts
    assert counts["messages_in"] == 6
    assert counts["messages_in"] == sum(counts[name] for name in ("answered", "with_person", "waiting", "gave_up"))
    outcomes = ("delivered", "sent", "under_way", "failed", "unproved", "dropped")
    assert counts["messages_out"] == sum(counts[name] for name in outcomes)
    assert (counts["envelopes"], counts["with_person"], counts["delivered"], counts["read"]) == (4, 1, 2, 1)


def test_each_row_that_is_taken_away_is_named(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    live_through(database, kilap)
    live_through(database, stranger, "b")
    unnoticed, seen = [], Counter[str]()
    for table in tables():
        for row in all_rows(database, table):
            owner, other = (kilap, stranger) if row.organisation_id == kilap.id else (stranger, kilap)
            take_away(database, table, row)
            if owner is stranger and seen[table.name]:
                # Once of each kind is enough to show that nothing crosses.
                put_back(database, table, row)
                continue
            if proof_of(database, owner).is_whole:
                unnoticed.append((table.name, dict(row._mapping)))
            assert proof_of(database, other).is_whole, table.name
            put_back(database, table, row)
            seen[table.name] += 1
    assert unnoticed == []
    assert set(seen) == {table.name for table in tables()}
    assert proof_of(database, kilap).is_whole


def test_what_is_named_says_where_to_look(database: Database, kilap: Tenant) -> None:
    live_through(database, kilap)
    (inbound,) = (t for t in tables() if t.name == "inbound")
    row = next(row for row in all_rows(database, inbound) if row.external_id == "wamid.a1")
    take_away(database, inbound, row)
    found = {(finding.kind, finding.id) for finding in proof_of(database, kilap).missing}
    assert {("thread", f"{row.conversation_id}#{row.position}"), ("message", "wamid.a1")} <= found


def test_the_statements_are_as_many_however_long_the_day_is(database: Database, kilap: Tenant) -> None:
    live_through(database, kilap)
    with counted_queries(database) as few:
        proof_of(database, kilap)
    for number in range(30):
        post(database, kilap, body(number_of(kilap), messages=[typed("a1"), typed(f"x{number}", f"6281{number:06}")]))
    answer_all(database)
    with counted_queries(database) as many:
        assert proof_of(database, kilap).is_whole
    assert len(many) == len(few) <= 25


def test_proving_writes_nothing(database: Database, kilap: Tenant) -> None:
    live_through(database, kilap)
    before = everything(database)
    proof_of(database, kilap)
    assert everything(database) == before


def test_a_thread_that_goes_on_after_closing_has_no_gap_but_a_lost_beginning_has(
    database: Database, kilap: Tenant
) -> None:
    live_through(database, kilap)
    successor = next(
        one for one in reversed(conversations_of(database, kilap)) if one.channel_account_id == kilap.webchat.id
    )
    (inbound,) = (t for t in tables() if t.name == "inbound")
    first = next(row for row in all_rows(database, inbound) if row.conversation_id == successor.id)
    assert first.position > 1
    take_away(database, inbound, first)
    assert f"{successor.id}#{first.position}" in {finding.id for finding in proof_of(database, kilap).missing}


def test_an_envelope_that_nobody_can_read_is_missing_until_it_is_read(database: Database, kilap: Tenant) -> None:
    post(database, kilap, b"{broken")
    (finding,) = proof_of(database, kilap).missing
    (envelope,) = rows_of(database, Envelope)
    assert (finding.kind, finding.id) == ("envelope_unread", envelope.id)
    with database.tenant(kilap.id) as session:
        session.execute(update(Envelope).values(status=EnvelopeStatus.WAITING))
    assert proof_of(database, kilap).is_whole, "a quarter of an hour is given to read it"
    with time_machine.travel(utc_now() + timedelta(minutes=16), tick=False):
        assert not proof_of(database, kilap, envelope.received_at.astimezone(ZONE).date()).is_whole


def test_messages_for_a_number_that_nobody_connected_are_missing_until_it_is(database: Database, kilap: Tenant) -> None:
    post(database, kilap, body("999", messages=[typed("1"), typed("2")]))
    (finding,) = proof_of(database, kilap).missing
    assert (finding.kind, finding.rows) == ("message", 2)
    assert "999" in finding.why
    with database.tenant(kilap.id) as session:
        connect_account(session, "whatsapp", "Second phone", "999", {})
    assert not proof_of(database, kilap).is_whole
    replay(database, Chosen())
    assert proof_of(database, kilap).is_whole


def test_what_waits_for_too_long_is_late_and_not_missing(database: Database, kilap: Tenant) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    conversation = accept(database, kilap.whatsapp, text_message("hai", "2")).conversation_id
    with database.tenant(kilap.id) as session:
        session.execute(
            update(Inbound).where(Inbound.conversation_id == conversation).values(status=InboundStatus.FAILED)
        )
    day = today()
    assert proof_of(database, kilap).late == ()
    with time_machine.travel(utc_now() + timedelta(seconds=settings().turn_patience + 60), tick=False):
        proof = proof_of(database, kilap, day)
    assert ([finding.kind for finding in proof.late], proof.is_whole) == (["inbound"], True)
    assert (proof.counts["waiting"], proof.counts["gave_up"]) == (1, 1)


def test_what_is_not_sent_for_too_long_is_late_but_a_schedule_is_not(database: Database, kilap: Tenant) -> None:
    accept(database, kilap.whatsapp, text_message("halo"))
    answer_all(database)
    (row,) = rows_of(database, Outbound)
    assert row.status == OutboundStatus.QUEUED
    day, much_later = today(), utc_now() + timedelta(seconds=settings().send_patience + 60)
    with time_machine.travel(much_later, tick=False):
        assert [finding.id for finding in proof_of(database, kilap, day).late] == [row.id]
    with database.tenant(kilap.id) as session:
        session.execute(update(Outbound).values(next_try_at=much_later + timedelta(days=2)))
    with time_machine.travel(much_later, tick=False):
        assert proof_of(database, kilap, day).late == ()


def test_the_day_is_that_of_the_organisation(database: Database, kilap: Tenant, runner: TurnRunner) -> None:
    before_midnight = datetime(2026, 3, 4, 23, 59, 59, tzinfo=ZONE)
    for moment, key in ((before_midnight, "1"), (before_midnight + timedelta(seconds=1), "2")):
        with time_machine.travel(moment, tick=False):
            accept(database, kilap.webchat, text_message("halo", key))
            runner.run_one()
    for day in (before_midnight.date(), before_midnight.date() + timedelta(days=1)):
        proof = proof_of(database, kilap, day)
        assert (proof.counts["messages_in"], proof.is_whole) == (1, True)


def test_a_turn_that_was_dropped_by_a_takeover_counts_as_with_a_person(
    database: Database, kilap: Tenant, runner: TurnRunner
) -> None:
    accept(database, kilap.webchat, text_message("halo"))
    runner.run_one()
    with database.tenant(kilap.id) as session:
        session.execute(update(Outbound).values(status=OutboundStatus.DROPPED))
    counts = proof_of(database, kilap).counts
    assert (counts["answered"], counts["with_person"], counts["dropped"], counts["missing"]) == (0, 1, 1, 0)


def night_of(day: datetime, hour: int = 3) -> datetime:
    return (day + timedelta(days=1)).replace(hour=hour, minute=30, tzinfo=ZONE)


def test_each_night_yesterday_is_proved_once(database: Database, kilap: Tenant) -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=ZONE)
    with time_machine.travel(noon, tick=False):
        live_through(database, kilap)
    with time_machine.travel(night_of(noon, hour=2), tick=False):
        assert not prove_due(database, CONFIG)
    with time_machine.travel(night_of(noon), tick=False):
        assert prove_due(database, CONFIG)
        assert not prove_due(database, CONFIG)
    (kept,) = rows_of(database, LedgerDay)
    assert (kept.day, kept.missing, kept.counts["messages_in"]) == (noon.date(), [], 6)
    assert rows_of(database, Alert) == []
    assert rows_of(database, Incident) == []


def test_nights_without_a_worker_are_caught_up(database: Database, kilap: Tenant) -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=ZONE)
    for nights in (0, 3):
        with time_machine.travel(night_of(noon + timedelta(days=nights)), tick=False):
            while prove_due(database, CONFIG):
                pass
    assert [row.day.day for row in sorted(rows_of(database, LedgerDay), key=lambda row: row.day)] == [4, 5, 6, 7]


def test_many_workers_keep_one_day_and_tell_once(database: Database, kilap: Tenant) -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=ZONE)
    with time_machine.travel(noon, tick=False):
        live_through(database, kilap)
    (notes,) = (t for t in tables() if t.name == "thread_notes")
    take_away(database, notes, all_rows(database, notes)[0])
    with time_machine.travel(night_of(noon), tick=False), ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: prove_due(database, CONFIG), range(6)))
    (kept,) = rows_of(database, LedgerDay)
    (alert,) = rows_of(database, Alert)
    (incident,) = rows_of(database, Incident)
    assert (kept.counts["missing"], [finding["kind"] for finding in kept.missing]) == (1, ["thread"])
    assert (alert.kind, alert.subject, alert.closed_at) == ("ledger", "2026-03-04", None)
    assert (incident.subsystem, incident.count) == ("ledger", 1)
    assert kept.missing[0]["id"] in alert.detail


def test_a_day_that_becomes_whole_ends_its_alert(database: Database, kilap: Tenant) -> None:
    noon = datetime(2026, 3, 4, 12, tzinfo=ZONE)
    with time_machine.travel(noon, tick=False):
        live_through(database, kilap)
    (notes,) = (t for t in tables() if t.name == "thread_notes")
    row = all_rows(database, notes)[0]
    take_away(database, notes, row)
    assert keep(database, proof_of(database, kilap, noon.date()))
    put_back(database, notes, row)
    assert refresh(database, proof_of(database, kilap, noon.date()))
    assert rows_of(database, LedgerDay)[0].counts["missing"] == 0
    assert rows_of(database, Alert)[0].closed_at is not None
