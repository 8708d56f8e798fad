"""A day's events of one WhatsApp number as signed bodies, to be applied in any order."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ramah.channels.content import Outgoing
from ramah.messaging.conversations import open_conversation
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    Envelope,
    EnvelopeStatus,
    HandledBy,
    Inbound,
    MediaFile,
    Outbound,
    OutboundStatus,
    ParkedReceipt,
)
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.webhooks import receive
from ramah.people import Contact, KnownPerson, resolve_contact
from ramah.store import Database
from tests.fakes.graph import envelopes
from tests.fakes.graph.accounts import Account
from tests.fakes.graph.postman import encode, sign
from tests.integration.conftest import Tenant

SECRET = "s"
SENT_TO_EACH = 4
COURSES = (
    ("sent", "delivered", "read"),
    ("sent", "delivered", "read", "sent", "delivered", "read"),
    ("sent", "failed"),
    ("failed", "delivered"),
    ("read",),
    ("sent", "delivered"),
)
"""What the provider says about a message in the end, duplicates and contradictions included."""
Event = dict[str, Any]


@dataclass(frozen=True)
class State:
    """What must be the same whatever the order: ticks, who said what, unread numbers, what is still parked.

    Whether a conversation is in the queue is not: a failure before its delivery asks for a person at once."""

    statuses: dict[tuple[str, str], str]
    said: dict[str, list[tuple[str, str, str]]]
    echoed: dict[str, list[str]]
    unread: dict[str, int]
    with_people: list[str]
    files: int
    parked: Counter[tuple[str, str]]
    unfinished: int


def person(index: int) -> str:
    """A customer's number."""
    return f"62812{index:07}"


def write_history(database: Database, tenant: Tenant, people: int) -> None:
    """What we had sent before: a few messages to each person, as the worker leaves them, some without an answer."""
    account = tenant.whatsapp
    for index in range(people):
        with database.tenant(tenant.id) as session:
            contact = resolve_contact(session, KnownPerson(account.kind, person(index), "Aina"))
            conversation = open_conversation(session, account, contact, person(index))
            for number in range(SENT_TO_EACH):
                _sent(session.get_one(Conversation, conversation.id), session, index, number)


def _sent(conversation: Conversation, session: Any, index: int, number: int) -> None:
    writer = Writer(Author.BOT, conversation.epoch)
    (row,) = write_outbound(session, conversation, writer, Outgoing(text=f"jawaban {number}"), f"turn-{number}-0")
    # Every second send never heard its answer: only the receipt's reference tells which message it is about.
    row.provider_id = f"wamid.out-{index}-{number}" if number % 2 == 0 else None
    row.status = OutboundStatus.SENT if row.provider_id else OutboundStatus.UNCERTAIN
    row.attempts = 1


def events(database: Database, tenant: Tenant, count: int, people: int, dice: random.Random) -> list[bytes]:
    """So many bodies: every receipt of the history, some for messages that nobody knows, echoes, and messages."""
    made = [*_receipts(database, tenant, people), *_strange_receipts(people), *_echoes(tenant, people)]
    assert len(made) < count * 3 // 4
    made += [_message(number, people, dice.random()) for number in range(count - len(made))]
    account = Account(phone_number_id=tenant.whatsapp.external_id, app_secret=SECRET)
    return [encode(_wrapped(account, event)) for event in made]


def _receipts(database: Database, tenant: Tenant, people: int) -> Iterator[Event]:
    with database.tenant_reading(tenant.id) as session:
        rows = session.execute(
            select(Outbound.id, Outbound.send_key, Conversation.recipient)
            .join(Conversation, Conversation.id == Outbound.conversation_id)
            .order_by(Conversation.recipient, Outbound.position)
        ).all()
    for place, (outbound_id, send_key, recipient) in enumerate(rows):
        provider_id = f"wamid.out-{place // SENT_TO_EACH}-{send_key.split('-')[1]}"
        for step, status in enumerate(COURSES[place % len(COURSES)]):
            yield _status(provider_id, status, recipient, step, outbound_id)


def _strange_receipts(people: int) -> Iterator[Event]:
    for index in range(people):
        yield _status(f"wamid.unknown-{index}", "delivered", person(index), 0, None)
        yield _status(f"wamid.unknown-{index}", "read", person(index), 1, None)


def _status(provider_id: str, status: str, recipient: str, step: int, reference: str | None) -> Event:
    item: Event = {"id": provider_id, "status": status, "recipient_id": recipient}
    item["timestamp"] = str(1_760_000_000 + step)
    if reference is not None:
        item["biz_opaque_callback_data"] = reference
    if status == "failed":
        item["errors"] = [{"code": 131026, "title": "Message undeliverable"}]
    return {"status": item}


def _echoes(tenant: Tenant, people: int) -> Iterator[Event]:
    for index in range(0, people, 4):
        head = {"from": "622150000001", "to": person(index), "id": f"wamid.echo-{index}", "timestamp": "1760000000"}
        echo = {"echo": head | {"type": "text", "text": {"body": f"dari telepon {index}"}}}
        # Twice, in envelopes of their own.
        yield echo
        yield {"echo": {**echo["echo"], "timestamp": "1760000001"}}


def _message(number: int, people: int, seed: float) -> Event:
    # Every tenth message comes again, in an envelope of its own.
    identity = number - 1 if number % 10 == 1 else number
    dice = random.Random(identity)
    kinds: list[Event] = [
        {"type": "text", "text": {"body": f"pesan {identity}"}},
        {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "/a", "title": "A"}}},
        {"type": "image", "image": {"id": f"media-{identity}", "mime_type": "image/jpeg", "sha256": "YWJj"}},
        {"type": "reaction", "reaction": {"message_id": "wamid.out-0-0", "emoji": "👍"}},
        {"type": "holograph", "holograph": {}},
    ]
    head = {"from": person(dice.randrange(people)), "id": f"wamid.in-{identity}", "timestamp": "1760000000"}
    return {"message": head | dice.choice(kinds), "name": f"Aina {seed}"}


def _wrapped(account: Account, event: Event) -> dict[str, Any]:
    if "status" in event:
        return envelopes.status(account, event["status"])
    if "echo" in event:
        return envelopes.echo(account, event["echo"])
    return envelopes.inbound(account, event["message"]["from"], event["name"], [event["message"]])


def apply(database: Database, account: ChannelAccount, bodies: list[bytes]) -> None:
    """Hand in all bodies as the console does."""
    for body in bodies:
        receive(database, account, {"x-hub-signature-256": sign(SECRET, body)}, body)


def state_of(database: Database, tenant: Tenant) -> State:
    """The state that is left."""
    with database.tenant_reading(tenant.id) as session:
        conversations = session.scalars(select(Conversation)).all()
        people = {row.id: row.recipient for row in conversations}
        outbound = session.scalars(select(Outbound)).all()
        inbound = session.scalars(select(Inbound)).all()
        files = len(session.scalars(select(MediaFile.id)).all())
        parked = session.scalars(select(ParkedReceipt)).all()
        unfinished = session.scalars(select(Envelope.id).where(Envelope.status != EnvelopeStatus.DONE)).all()
        assert len(session.scalars(select(Contact.id)).all()) == len(people)
    return State(
        statuses={(people[row.conversation_id], row.send_key): row.status for row in outbound},
        said={
            recipient: sorted((i.external_id, i.kind, i.text) for i in inbound if i.conversation_id == conversation_id)
            for conversation_id, recipient in people.items()
        },
        echoed={
            recipient: sorted(
                str(o.content["text"]) for o in outbound if o.conversation_id == conversation_id and o.author == "staff"
            )
            for conversation_id, recipient in people.items()
        },
        unread={people[row.id]: row.unread for row in conversations},
        with_people=sorted(row.recipient for row in conversations if row.handled_by == HandledBy.HUMAN),
        files=files,
        parked=Counter((row.provider_id, row.status) for row in parked),
        unfinished=len(unfinished),
    )
