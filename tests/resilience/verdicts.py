"""What must be true when the dust has settled, whatever was killed."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from ramah.messaging.ledger import prove_day
from ramah.messaging.models import (
    Conversation,
    Envelope,
    EnvelopeStatus,
    Inbound,
    InboundStatus,
    Interaction,
    MediaFile,
    MediaStatus,
    Outbound,
    OutboundStatus,
    SendAttempt,
)
from ramah.store import Database, utc_now
from tests.fakes.engine.server import SECOND
from tests.resilience.customers import expected, number_of, text_of
from tests.resilience.processes import clean_environment
from tests.resilience.small_platform import Platform
from tests.stack import PROJECT, wait_for

ZONE = ZoneInfo("Asia/Jakarta")
RESTING = (OutboundStatus.READ, OutboundStatus.FAILED, OutboundStatus.DROPPED)


def wait_until_settled(platform: Platform, seconds: float) -> None:
    """Wait until nothing is under way any more: no webhook, no envelope, no turn, no send."""

    def settled() -> bool:
        # Receipts follow what was sent: that none waits counts only after all is sent, and what they left only then.
        rows_rest = not under_way(platform.database)
        return rows_rest and platform.graph.postman.waiting == 0 and not under_way(platform.database)

    try:
        wait_for(settled, "everything has settled", seconds)
    except AssertionError as error:
        waiting = platform.graph.postman.waiting
        raise AssertionError(f"{error}: {waiting} webhooks, {under_way(platform.database)}") from error


def under_way(database: Database) -> dict[str, int]:
    """What is not done yet, by kind; empty when nothing is."""
    counts = {
        "envelopes": select(func.count(Envelope.id)).where(Envelope.status == EnvelopeStatus.WAITING),
        "inbound": select(func.count(Inbound.id)).where(Inbound.status == InboundStatus.WAITING),
        "outbound": select(func.count(Outbound.id)).where(Outbound.status.not_in(RESTING)),
        "files": select(func.count(MediaFile.id)).where(MediaFile.status == MediaStatus.WAITING),
    }
    with database.every_organisation_reading() as session:
        found = {name: session.scalar(statement) or 0 for name, statement in counts.items()}
    return {name: number for name, number in found.items() if number}


def assert_every_person_was_answered(platform: Platform, people: int, messages: int) -> None:
    """Each person saw each answer once, in the order of their own messages."""
    journal = platform.graph.graph.journal()
    wanted = expected(list(range(messages)))
    wrong = {}
    for person in range(people):
        seen = [str(entry["text"]) for entry in journal.get(number_of(person), [])]
        if seen != wanted:
            wrong[number_of(person)] = _difference(seen, wanted)
    assert wrong == {}
    assert set(journal) == {number_of(person) for person in range(people)}


def assert_every_message_was_covered_once(platform: Platform, people: int, messages: int) -> None:
    """The same for bursts: several messages may share an answer, but each is in one answer, in order."""
    journal = platform.graph.graph.journal()
    wanted = [text_of(number) for number in range(messages)]
    covered, answers = {}, 0
    for person in range(people):
        firsts = [entry["text"] for entry in journal[number_of(person)] if not entry["text"].endswith(SECOND)]
        answers += len(firsts)
        covered[number_of(person)] = [line for text in firsts for line in text.removeprefix("echo ").split("\n")]
    assert {person: lines for person, lines in covered.items() if lines != wanted} == {}
    assert answers < people * messages


def _difference(seen: list[str], wanted: list[str]) -> str:
    missing, surplus = Counter(wanted) - Counter(seen), Counter(seen) - Counter(wanted)
    if missing or surplus:
        return f"missing {dict(missing)}, too often {dict(surplus)}"
    place = next(index for index, pair in enumerate(zip(seen, wanted, strict=True)) if pair[0] != pair[1])
    return f"out of order from {place}: {seen[place : place + 6]} instead of {wanted[place : place + 6]}"


def assert_nothing_was_sent_twice(platform: Platform) -> None:
    """No reference of ours reached anybody more than once."""
    journal = platform.graph.graph.journal()
    references = Counter(entry["reference"] for entries in journal.values() for entry in entries)
    assert {name: count for name, count in references.items() if count > 1} == {}


def assert_every_row_is_final(database: Database, messages: int) -> None:
    """Each message was stored once, got one turn, and each answer is read; nobody keeps a lease."""
    with database.every_organisation_reading() as session:
        inbound = session.scalars(select(Inbound)).all()
        turns = session.scalars(select(Interaction.inbound_id)).all()
        envelopes = Counter(session.scalars(select(Envelope.status)).all())
        statuses = Counter(session.scalars(select(Outbound.status)).all())
        leases = session.scalars(select(Conversation.id).where(Conversation.lease_owner.is_not(None))).all()
        open_attempts = session.scalars(select(SendAttempt.outbound_id).where(SendAttempt.outcome == "sent")).all()
    assert Counter(row.status for row in inbound) == {InboundStatus.DONE: messages}
    assert sorted(turns) == sorted(row.id for row in inbound)
    assert set(envelopes) == {EnvelopeStatus.DONE}
    assert set(statuses) == {OutboundStatus.READ}
    assert list(leases) == []
    assert len(open_attempts) == len(set(open_attempts))


def assert_the_engine_was_asked_rightly(platform: Platform) -> None:
    """Each turn was run once under its own id, always with the same words, never two of a conversation at once."""
    assert platform.memory.oddities() == []
    with platform.database.every_organisation_reading() as session:
        leaders = session.scalars(select(Inbound.id).where(Inbound.joined_to.is_(None))).all()
    assert sorted(turn.message for turn in platform.memory.turns()) == sorted(map(str, leaders))


def assert_the_ledger_misses_nothing(platform: Platform) -> None:
    """The ledger proves the day."""
    today = utc_now().astimezone(ZONE).date()
    days = [today - timedelta(days=1), today]
    proofs = [prove_day(platform.database, platform.organisation_id, day) for day in days]
    assert [finding for proof in proofs for finding in proof.missing] == []
    assert sum(proof.counts["messages_in"] for proof in proofs) > 0


def assert_the_ledger_command_says_so(platform: Platform) -> None:
    """The same by the command that an administrator types."""
    today = utc_now().astimezone(ZONE).date()
    done = subprocess.run(
        [sys.executable, "-m", "ramah", "ledger", "--day", today.isoformat()],
        cwd=PROJECT,
        env=clean_environment() | {"RAMAH_DATABASE_URL": platform.database_url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
