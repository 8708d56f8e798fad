"""Messages that wait to be sent, put there at once, and what the provider saw of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from ramah.channels.content import Outgoing
from ramah.messaging.conversations import open_conversation
from ramah.messaging.models import Author, Conversation, Outbound
from ramah.messaging.outbox import Writer, write_outbound
from ramah.people import KnownPerson, resolve_contact
from ramah.store import Database, utc_now
from tests.fakes.graph.faults import FaultOrder, Place
from tests.fakes.graph.people import PersonWrites
from tests.resilience.customers import number_of
from tests.resilience.small_platform import Platform


def write_backlog(platform: Platform, counts: list[int]) -> None:
    """So many messages for each person, who all wrote a moment ago."""
    for person, count in enumerate(counts):
        # The platform was not told, or it would answer; the provider knows that the reply window is open.
        platform.graph.graph.note_person(PersonWrites.model_validate({"from": number_of(person), "text": "halo"}))
        with platform.database.tenant(platform.organisation_id) as session:
            contact = resolve_contact(session, KnownPerson("whatsapp", number_of(person), "Aina"))
            conversation = open_conversation(session, platform.account, contact, number_of(person))
            conversation.last_inbound_at = utc_now()
            for number in range(count):
                writer = Writer(Author.BOT, conversation.epoch)
                write_outbound(session, conversation, writer, Outgoing(text=f"kabar {number}"), f"turn-{number}-0")


def assert_each_arrived_once_in_order(database: Database, journal: dict[str, list[dict[str, Any]]]) -> None:
    """Every person of the provider's journal got their messages, each once, in the order of the thread."""
    with database.every_organisation_reading() as session:
        rows = session.execute(
            select(Conversation.recipient, Outbound.id)
            .join(Conversation, Conversation.id == Outbound.conversation_id)
            .order_by(Conversation.recipient, Outbound.position)
        ).all()
    wanted: dict[str, list[str]] = {}
    for recipient, outbound_id in rows:
        wanted.setdefault(recipient, []).append(outbound_id)
    seen = {person: [entry["reference"] for entry in entries] for person, entries in journal.items()}
    assert seen == wanted


class FaultLog:
    """Writes down when the provider met a request with a fault."""

    def __init__(self, platform: Platform) -> None:
        graph = platform.graph.graph
        whole = graph.faults.next_for
        self.met: list[tuple[float, FaultOrder]] = []

        def noted(place: Place, recipient: str | None = None) -> FaultOrder | None:
            order = whole(place, recipient)
            if order is not None and place == "messages":
                self.met.append((graph.now, order))
            return order

        graph.faults.next_for = noted  # type: ignore[method-assign]  # the fake has no ears of its own

    def broken_waits(self, platform: Platform, grace: float) -> list[str]:
        """Messages that were handed over while the provider had asked for quiet. ``grace`` is for those that had been
        on their way."""
        journal = platform.graph.graph.journal()
        handed_over = [entry["at"] for entries in journal.values() for entry in entries]
        return [
            f"{at - moment:.2f} s after a wait of {order.retry_after} s was asked for"
            for moment, order in self.met
            for at in handed_over
            if order.retry_after and moment + grace < at < moment + order.retry_after
        ]
