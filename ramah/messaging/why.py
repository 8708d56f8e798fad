"""Everything that is known of one turn: its message, what was understood and done, its trace, and what was sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from ramah.lib.errors import NotFound
from ramah.lib.spans import Span, read_spans
from ramah.messaging.engine_client import Explained, FailedTurn
from ramah.messaging.models import (
    ChannelAccount,
    Conversation,
    Inbound,
    Interaction,
    Outbound,
    SendAttempt,
    TurnTrace,
)

MOST_FOUND = 20


@dataclass(frozen=True)
class Reply:
    """A message that a turn wrote, and each try to send it."""

    row: Outbound
    attempts: Sequence[SendAttempt]


@dataclass(frozen=True)
class Turn:
    """One turn. ``trace`` is None where it was not kept or is forgotten; ``joined`` are further messages of its burst.

    ``spans`` are in the order of their beginnings."""

    inbound: Inbound
    account: ChannelAccount
    joined: Sequence[Inbound]
    interaction: Interaction | None
    trace: TurnTrace | None
    spans: Sequence[Span]
    explained: Explained
    replies: Sequence[Reply]

    @property
    def incidents(self) -> list[Span]:
        """What went wrong in the turn and was written down: spans that name an incident."""
        return [one for one in self.spans if "incident" in one.facts]

    def failed(self) -> FailedTurn | None:
        """What the customer said in it where it failed: the dialogue keeps nothing of such a turn."""
        if self.trace is None or not self.trace.failed:
            return None
        said, moment = self.inbound, self.inbound.received_at.timestamp()
        text = "\n".join(one.text for one in (said, *self.joined))
        return FailedTurn(text=text, payload=said.payload, channel=self.account.kind, moment=moment)


def read_turn(session: Session, inbound_id: int) -> Turn:
    """The turn in which this message was answered. Six statements. Raises NotFound, also for what lies out of reach."""
    found = session.execute(
        select(Inbound, ChannelAccount)
        .join(Conversation, Conversation.id == Inbound.conversation_id)
        .join(ChannelAccount, ChannelAccount.id == Inbound.channel_account_id)
        .where(Inbound.id == inbound_id)
    ).first()
    if found is None:
        raise NotFound(f"no message {inbound_id}")
    inbound, account = found[0], found[1]
    if inbound.joined_to is not None:
        inbound = session.get_one(Inbound, inbound.joined_to)
    trace = session.get(TurnTrace, inbound.id)
    spans = read_spans([*inbound.arrival, *(trace.spans if trace else ())])
    return Turn(
        inbound=inbound,
        account=account,
        joined=_joined(session, inbound),
        interaction=session.scalar(select(Interaction).where(Interaction.inbound_id == inbound.id)),
        trace=trace,
        spans=sorted(spans, key=lambda one: (one.start, -one.micros)),
        explained=Explained.model_validate(trace.explained if trace else {}),
        replies=_replies(session, inbound),
    )


def find_turns(session: Session, wanted: str) -> list[int]:
    """The numbers of messages by a trace id, their number, or the provider's id; newest first, at most twenty."""
    if wanted.isdecimal() and len(wanted) < 19:
        return list(session.scalars(select(Inbound.id).where(Inbound.id == int(wanted))))
    of_trace = select(TurnTrace.inbound_id).where(TurnTrace.trace_id == wanted)
    by_id = or_(Inbound.external_id == wanted, Inbound.id.in_(of_trace))
    if found := list(session.scalars(_newest(by_id))):
        return found
    # A trace that was not kept is known to its message's row only, which nothing looks up but this.
    return list(session.scalars(_newest(Inbound.trace_id == wanted)))


def _newest(those: ColumnElement[bool]) -> Select[int]:
    return select(Inbound.id).where(those).order_by(Inbound.id.desc()).limit(MOST_FOUND)


def _joined(session: Session, first: Inbound) -> Sequence[Inbound]:
    return session.scalars(
        select(Inbound)
        .where(Inbound.conversation_id == first.conversation_id, Inbound.joined_to == first.id)
        .order_by(Inbound.position)
    ).all()


def _replies(session: Session, inbound: Inbound) -> list[Reply]:
    keys = [Outbound.send_key.startswith(f"{kind}-{inbound.id}-") for kind in ("turn", "desk")]
    rows = session.scalars(
        select(Outbound)
        .where(Outbound.conversation_id == inbound.conversation_id, or_(*keys))
        .order_by(Outbound.position)
    ).all()
    tries: dict[str, list[SendAttempt]] = defaultdict(list)
    attempts = select(SendAttempt).where(SendAttempt.outbound_id.in_([row.id for row in rows])).order_by(SendAttempt.id)
    for attempt in session.scalars(attempts) if rows else ():
        tries[attempt.outbound_id].append(attempt)
    return [Reply(row, tries[row.id]) for row in rows]
