"""What the list can be asked for: who answers, how lively it is, labels, colleague, channel, stage, mood, words.

Of the open conversations that nobody of ours has, those with activity in the last half hour are *active* and the others
*idle*; those that a person has are *human_handled*. Together the three are all open ones, each in exactly one of them.
A snoozed conversation stands only under its own filter until it wakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select

from ramah.desk.models import ConversationLabel, Mention
from ramah.messaging.models import ChannelAccount, Conversation, HandledBy
from ramah.people import Contact
from ramah.store import utc_now
from ramah.store.words import holds

IDLE_AFTER = timedelta(minutes=30)
NOBODY = "nobody"
MOODS = ("joy", "sadness", "fear", "anger")
STAGES = ("greeting", "identified", "need_known", "details", "quoted", "confirmed", "paid", "after_sales")
ALIASES = {"queue": "waiting", "human_handled": "human"}
"""Other names of filters: those of the status, and that of the requirement."""
FILTERS = (
    "all",
    "waiting",
    "drafts",
    "mine",
    "bot",
    "human",
    "active",
    "idle",
    "mentions",
    "unread",
    "snoozed",
    "closed",
)
LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Filter:
    """What the list shows. ``chosen`` is one of ``FILTERS``; empty texts ask for nothing; ``assigned`` is the id of a
    colleague or ``nobody``; ``label`` is a label's id, ``channel`` a channel's kind."""

    chosen: str = "all"
    search: str = ""
    label: str = ""
    assigned: str = ""
    channel: str = ""
    stage: str = ""
    mood: str = ""

    @classmethod
    def of(cls, asked: Callable[[str], str]) -> Filter:
        """From what a page or a saved filter asks, by name; what is unknown asks for nothing."""
        values = {field.name: asked(field.name)[:36] for field in fields(cls)}
        chosen = ALIASES.get(asked("filter"), asked("filter"))
        values["chosen"] = chosen if chosen in FILTERS else "all"
        values["search"] = asked("q")[:LONGEST_SEARCH].strip()
        values["stage"] = values["stage"] if values["stage"] in STAGES else ""
        values["mood"] = values["mood"] if values["mood"] in MOODS else ""
        return cls(**values)

    def query(self) -> dict[str, str]:
        """What a page asks to see this again; what asks for nothing is left out."""
        named = {"filter": self.chosen, "q": self.search}
        more = {name: str(getattr(self, name)) for name in ("label", "assigned", "channel", "stage", "mood")}
        return {name: value for name, value in {**named, **more}.items() if value and value != "all"}

    @property
    def narrowed(self) -> int:
        """How many things beside status and words it asks for."""
        return sum(bool(value) for value in (self.label, self.assigned, self.channel, self.stage, self.mood))


def conditions(wanted: Filter, staff_id: str) -> list[ColumnElement[bool]]:
    """The filter as conditions on conversations, contacts and accounts."""
    found = [_chosen(wanted.chosen, staff_id), *_narrowing(wanted)]
    if wanted.chosen not in ("snoozed", "closed", "mentions"):
        found.append(Conversation.snoozed_until.is_(None))
    if wanted.search:
        found.append(_searched(wanted.search))
    return found


def held_by(whom: HandledBy) -> ColumnElement[bool]:
    """Written out in the statement, so that SQLite too sees that an index of the few is enough."""
    return Conversation.handled_by == literal(whom.value, literal_execute=True)


def mentions_of(staff_id: str, *, unseen: bool = False) -> Any:
    """The ids of the conversations in which this person was mentioned."""
    found = select(Mention.conversation_id).where(Mention.staff_id == staff_id)
    return found.where(Mention.seen_at.is_(None)) if unseen else found


def _chosen(chosen: str, staff_id: str) -> ColumnElement[bool]:
    is_open = Conversation.handled_by != HandledBy.CLOSED
    nobody = Conversation.handled_by.in_((HandledBy.BOT, HandledBy.QUEUE))
    since = utc_now() - IDLE_AFTER
    ways: dict[str, Callable[[], ColumnElement[bool]]] = {
        "waiting": lambda: held_by(HandledBy.QUEUE),
        "mine": lambda: and_(held_by(HandledBy.HUMAN), Conversation.staff_id == staff_id),
        "drafts": lambda: Conversation.proposed_at.is_not(None),
        "human": lambda: held_by(HandledBy.HUMAN),
        "bot": lambda: held_by(HandledBy.BOT),
        "active": lambda: and_(nobody, Conversation.last_activity_at >= since),
        "idle": lambda: and_(nobody, Conversation.last_activity_at < since),
        "mentions": lambda: Conversation.id.in_(mentions_of(staff_id)),
        "unread": lambda: and_(is_open, Conversation.unread > literal(0, literal_execute=True)),
        "snoozed": lambda: and_(is_open, Conversation.snoozed_until.is_not(None)),
        "closed": lambda: held_by(HandledBy.CLOSED),
    }
    return ways.get(chosen, lambda: is_open)()


def _narrowing(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.label:
        labelled = select(ConversationLabel.conversation_id).where(ConversationLabel.label_id == wanted.label)
        found.append(Conversation.id.in_(labelled))
    if wanted.assigned == NOBODY:
        found.append(Conversation.staff_id.is_(None))
    elif wanted.assigned:
        # A closed one is nobody's any more; the rest have their own small index.
        found += [held_by(HandledBy.HUMAN), Conversation.staff_id == wanted.assigned]
    if wanted.channel:
        accounts = select(ChannelAccount.id).where(ChannelAccount.kind == wanted.channel)
        found.append(Conversation.channel_account_id.in_(accounts))
    if wanted.stage:
        found.append(Conversation.stage == wanted.stage)
    if wanted.mood:
        found.append(Conversation.mood == wanted.mood)
    return found


def _searched(search: str) -> ColumnElement[bool]:
    name = func.coalesce(Contact.first_name, "") + " " + func.coalesce(Contact.last_name, "")
    return or_(*(holds(part, search) for part in (name, Contact.profile_name, Contact.phone, Conversation.preview)))
