"""The operators' list: conversations by filter and search, key-set pages, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session

from ramah.messaging.models import ChannelAccount, Conversation, HandledBy
from ramah.people import Contact, Staff

Rows = Select[Conversation, Contact, str, str, str]
PAGE = 40
FILTERS = ("all", "waiting", "mine", "bot", "closed")
MICROSECONDS = 1_000_000


@dataclass(frozen=True)
class ListItem:
    """One conversation in the list. ``order`` is what the page sorts by, highest first."""

    conversation: Conversation
    contact: Contact
    channel: str
    account: str
    assigned: str | None

    @property
    def order(self) -> int:
        """Microseconds of the last activity."""
        return microseconds(self.conversation.last_activity_at)


@dataclass(frozen=True)
class Page:
    """A page of the list and the cursor of the next one."""

    items: list[ListItem]
    next_before: str | None


def list_page(session: Session, staff_id: str, chosen: str, search: str, before: str | None) -> Page:
    """One page, latest activity first (waiting: the longest waiting first). One query."""
    statement = _filtered(_base(), chosen, staff_id)
    if search.strip():
        statement = _searched(statement, search.strip())
    oldest_first = chosen == "waiting"
    if before:
        statement = _after_cursor(statement, before, oldest_first=oldest_first)
    order = (Conversation.last_activity_at, Conversation.id)
    statement = statement.order_by(*(order if oldest_first else (column.desc() for column in order)))
    rows = session.execute(statement.limit(PAGE + 1)).all()
    items = [ListItem(row[0], row[1], row[2], row[3], row[4]) for row in rows[:PAGE]]
    return Page(items, _cursor(items[-1]) if len(rows) > PAGE else None)


def list_item(session: Session, staff_id: str, conversation_id: str, chosen: str, search: str) -> ListItem | None:
    """One row, or None when it does not belong to the filter (any more)."""
    statement = _filtered(_base(), chosen, staff_id).where(Conversation.id == conversation_id)
    row = session.execute(_searched(statement, search.strip()) if search.strip() else statement).first()
    return ListItem(row[0], row[1], row[2], row[3], row[4]) if row else None


def counts(session: Session, staff_id: str) -> dict[str, int]:
    """How many wait, and how many are this person's. One query."""
    waiting = select(func.count(Conversation.id)).where(_held_by(HandledBy.QUEUE))
    mine = select(func.count(Conversation.id)).where(_held_by(HandledBy.HUMAN), Conversation.staff_id == staff_id)
    row = session.execute(select(waiting.scalar_subquery(), mine.scalar_subquery())).one()
    return {"waiting": row[0], "mine": row[1]}


def _held_by(whom: HandledBy) -> ColumnElement[bool]:
    """Written out in the statement, so that SQLite too sees that an index of the few is enough."""
    return Conversation.handled_by == literal(whom.value, literal_execute=True)


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, exact where a float would round."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds


def _base() -> Rows:
    return (
        select(Conversation, Contact, ChannelAccount.kind, ChannelAccount.name, Staff.name)
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(ChannelAccount, ChannelAccount.id == Conversation.channel_account_id)
        .outerjoin(Staff, Staff.id == Conversation.staff_id)
    )


def _filtered(statement: Rows, chosen: str, staff_id: str) -> Rows:
    conditions = {
        "waiting": Conversation.handled_by == HandledBy.QUEUE,
        "mine": and_(Conversation.handled_by == HandledBy.HUMAN, Conversation.staff_id == staff_id),
        "bot": Conversation.handled_by == HandledBy.BOT,
        "closed": Conversation.handled_by == HandledBy.CLOSED,
    }
    return statement.where(conditions.get(chosen, Conversation.handled_by != HandledBy.CLOSED))


def _searched(statement: Rows, search: str) -> Rows:
    name = func.coalesce(Contact.first_name, "") + " " + func.coalesce(Contact.last_name, "")
    return statement.where(
        or_(
            name.icontains(search, autoescape=True),
            Contact.profile_name.icontains(search, autoescape=True),
            Contact.phone.icontains(search, autoescape=True),
            Conversation.preview.icontains(search, autoescape=True),
        )
    )


def _cursor(item: ListItem) -> str:
    return f"{item.order}.{item.conversation.id}"


def _after_cursor(statement: Rows, before: str, *, oldest_first: bool) -> Rows:
    number, _, conversation_id = before.partition(".")
    if not number.isdecimal():
        return statement
    seconds, micros = divmod(int(number), MICROSECONDS)
    moment = datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
    activity, key = Conversation.last_activity_at, Conversation.id
    if oldest_first:
        return statement.where(or_(activity > moment, and_(activity == moment, key > conversation_id)))
    return statement.where(or_(activity < moment, and_(activity == moment, key < conversation_id)))
