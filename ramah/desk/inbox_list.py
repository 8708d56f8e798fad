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
NOBODY_URGENT = 4 * 10**15
"""More microseconds than any wait began at; urgent rows are above all others, and JavaScript has the sum exactly."""

FILTERS = ("all", "waiting", "mine", "bot", "closed")
MICROSECONDS = 1_000_000
LATEST_FIRST = (Conversation.last_activity_at.desc(), Conversation.id.desc())
QUEUE_ORDER = (Conversation.queue_rank, Conversation.queued_at, Conversation.id)


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

    @property
    def turn(self) -> int:
        """The order among those who wait: urgent ones first, then who waits longest; highest first."""
        above = NOBODY_URGENT if self.conversation.queue_rank == 0 else 0
        return above - microseconds(self.conversation.queued_at)


@dataclass(frozen=True)
class Page:
    """A page of the list and the cursor of the next one."""

    items: list[ListItem]
    next_before: str | None


def list_page(session: Session, staff_id: str, chosen: str, search: str, before: str | None) -> Page:
    """One page, latest activity first (waiting: urgent ones, then the longest waiting). One query."""
    statement = _filtered(_base(), chosen, staff_id)
    if search.strip():
        statement = _searched(statement, search.strip())
    waiting = chosen == "waiting"
    if before:
        statement = _after_in_queue(statement, before) if waiting else _after_cursor(statement, before)
    statement = statement.order_by(*(QUEUE_ORDER if waiting else LATEST_FIRST))
    rows = session.execute(statement.limit(PAGE + 1)).all()
    items = [ListItem(row[0], row[1], row[2], row[3], row[4]) for row in rows[:PAGE]]
    return Page(items, _cursor(items[-1], waiting=waiting) if len(rows) > PAGE else None)


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


def _cursor(item: ListItem, *, waiting: bool) -> str:
    """Where a page ends: number and id; in the queue the rank comes before them."""
    conversation = item.conversation
    if waiting:
        return f"{conversation.queue_rank}.{microseconds(conversation.queued_at)}.{conversation.id}"
    return f"{item.order}.{conversation.id}"


def _after_cursor(statement: Rows, before: str) -> Rows:
    number, _, conversation_id = before.partition(".")
    if not number.isdecimal() or "." in conversation_id:
        return statement
    moment = _moment(number)
    activity, key = Conversation.last_activity_at, Conversation.id
    return statement.where(or_(activity < moment, and_(activity == moment, key < conversation_id)))


def _after_in_queue(statement: Rows, before: str) -> Rows:
    rank, _, rest = before.partition(".")
    number, _, conversation_id = rest.partition(".")
    if not (rank.isdecimal() and number.isdecimal()):
        return statement
    moment = _moment(number)
    ranked, began, key = QUEUE_ORDER
    later = or_(began > moment, and_(began == moment, key > conversation_id))
    return statement.where(or_(ranked > int(rank), and_(ranked == int(rank), later)))


def _moment(number: str) -> datetime:
    seconds, micros = divmod(int(number), MICROSECONDS)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)
