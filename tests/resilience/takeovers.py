"""People take conversations over while the bot answers in them and while its messages leave."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from ramah.channels.content import Sent
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.desk.handover import release, take_over
from ramah.messaging.delivery import settle_failed, settle_sent, sweep
from ramah.messaging.inbox import accept
from ramah.messaging.models import (
    Author,
    Conversation,
    Inbound,
    InboundStatus,
    Outbound,
    OutboundStatus,
    SendAttempt,
    ThreadNote,
)
from ramah.messaging.parcels import Parcel
from ramah.messaging.turn_runner import TurnRunner
from ramah.store import Database
from tests.integration.conftest import ScriptedEngine, Tenant, claimer, defaults, text_message
from tests.stack import wait_for

REFUSED = 0.3
"""How often a send fails for the moment, so that the message goes back into the queue."""
PATIENCE = 60.0
CONFIG = defaults(send_attempts=30, uncertain_wait=1.0)


@dataclass
class Race:
    """So many rounds in each conversation: a message, an answer to it and a takeover at the same time, a release."""

    database: Database
    tenant: Tenant
    conversations: int
    rounds: int
    seed: int = 3
    failures: list[BaseException] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self, turn_threads: int = 3, send_threads: int = 3, people: int = 4) -> None:
        """All of it; returns when nothing moves any more."""
        helpers = [self._thread(self._answer, index) for index in range(turn_threads)]
        helpers += [self._thread(self._send, index) for index in range(send_threads)]
        writers = [self._thread(self._write, index, people) for index in range(people)]
        for writer in writers:
            writer.join()
        try:
            if not self.failures:
                wait_for(self._is_quiet, "nothing is under way", PATIENCE)
        finally:
            self._over.set()
            for helper in helpers:
                helper.join()
        assert self.failures == []

    def _thread(self, work: Callable[..., None], *arguments: int) -> threading.Thread:
        def guarded() -> None:
            try:
                work(*arguments)
            except BaseException as error:
                self.failures.append(error)
                raise

        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def _write(self, index: int, people: int) -> None:
        """Some of the conversations: the customer writes, and a moment later somebody takes over."""
        dice = random.Random(self.seed * 100 + index)
        for number in range(self.rounds):
            for place in range(index, self.conversations, people):
                message = text_message(f"{number}", f"{place}-{number}", f"62813{place:07}")
                conversation_id = accept(self.database, self.tenant.whatsapp, message).conversation_id
                threading.Event().wait(dice.uniform(0, 0.03))
                take_over(self.database, self.tenant.id, conversation_id, self.tenant.alice)
                if number + 1 < self.rounds:
                    release(self.database, self.tenant.id, conversation_id, self.tenant.alice)

    def _answer(self, index: int) -> None:
        runner = TurnRunner(self.database, ScriptedEngine(), CONFIG, f"turns-{index}")
        while not self._over.is_set():
            if not runner.run_one():
                self._over.wait(0.005)

    def _send(self, index: int) -> None:
        dice = random.Random(self.seed * 1000 + index)
        delivery = claimer(self.database, f"sends-{index}")
        while not self._over.is_set():
            parcel = delivery.claim()
            if parcel is None:
                sweep(self.database, CONFIG)
                self._over.wait(0.005)
            else:
                self._settle(parcel, dice)

    def _settle(self, parcel: Parcel, dice: random.Random) -> None:
        if dice.random() < REFUSED:
            error = ChannelError("busy", SendOutcome.WAIT, retry_after=0.05)
            settle_failed(self.database, parcel, error, CONFIG)
        else:
            settle_sent(self.database, parcel, Sent(provider_id=f"wamid.{parcel.attempt_id}"))

    def _is_quiet(self) -> bool:
        moving = (OutboundStatus.QUEUED, OutboundStatus.SENDING, OutboundStatus.UNCERTAIN)
        with self.database.tenant_reading(self.tenant.id) as session:
            # What the bot wants to say by itself waits for as long as a person has the chat.
            waiting = select(Inbound.id).where(Inbound.status == InboundStatus.WAITING, Inbound.kind != "say")
            sending = select(Outbound.id).where(Outbound.status.in_(moving))
            return session.scalars(waiting).first() is None and session.scalars(sending).first() is None


@dataclass(frozen=True)
class Outcome:
    """What came of the races, so that a test knows that they were races."""

    takeovers: int
    dropped: int
    sent: int
    broken: list[str]


def judge(database: Database, tenant: Tenant) -> Outcome:
    """Compare each bot message with the change of hands that ended its epoch.

    It must stand before it in the thread, or never be shown; and each try to send it must have begun before it.
    """
    with database.tenant_reading(tenant.id) as session:
        conversations = session.scalars(select(Conversation)).all()
        notes = session.scalars(select(ThreadNote).order_by(ThreadNote.position)).all()
        rows = session.scalars(select(Outbound).where(Outbound.author == Author.BOT)).all()
        attempts = session.scalars(select(SendAttempt)).all()
    changes = {
        one.id: [note for note in notes if note.conversation_id == one.id and note.kind in ("taken_over", "released")]
        for one in conversations
    }
    assert all(len(changes[one.id]) == one.epoch for one in conversations)
    begun = {row.id: [attempt.started_at for attempt in attempts if attempt.outbound_id == row.id] for row in rows}
    broken = []
    for row in rows:
        if row.epoch >= len(changes[row.conversation_id]):
            continue
        end = changes[row.conversation_id][row.epoch]
        if row.status != OutboundStatus.DROPPED and row.position > end.position:
            broken.append(f"{row.send_key} of epoch {row.epoch} is shown after {end.kind}")
        if any(moment > end.created_at for moment in begun[row.id]):
            broken.append(f"{row.send_key} of epoch {row.epoch} left after {end.kind}")
    taken = [note for note in notes if note.kind == "taken_over"]
    dropped = [row for row in rows if row.status == OutboundStatus.DROPPED]
    return Outcome(len(taken), len(dropped), sum(map(len, begun.values())), broken)
