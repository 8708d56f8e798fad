"""The operators' list: conversations by filter and search, key-set pages, a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, Subquery, and_, func, or_, select
from sqlalchemy.orm import Session

from ramah.desk.labels import LabelView, labels_in_words, words_of_labels
from ramah.desk.list_filters import FILTERS, Filter, conditions, held_by, mentions_of
from ramah.desk.word_search import likely_conversations
from ramah.messaging.models import ChannelAccount, Conversation, HandledBy
from ramah.messaging.registry import channel_for
from ramah.messaging.window import Window
from ramah.people import Contact, Staff

__all__ = ["FILTERS", "PAGE", "Filter", "ListItem", "Page", "counts", "list_item", "list_page", "microseconds"]

Rows = Select[Conversation, Contact, ChannelAccount, str, str]
PAGE = 40
NOBODY_URGENT = 4 * 10**15
"""More microseconds than any wait began at; urgent rows are above all others, and JavaScript has the sum exactly."""

MICROSECONDS = 1_000_000
LATEST_FIRST = (Conversation.last_activity_at.desc(), Conversation.id.desc())
QUEUE_ORDER = (Conversation.queue_rank, Conversation.queued_at, Conversation.id)


@dataclass(frozen=True)
class ListItem:
    """One conversation in the list. ``order`` is what the page sorts by, highest first."""

    conversation: Conversation
    contact: Contact
    channel_account: ChannelAccount
    assigned: str | None
    labels: tuple[LabelView, ...] = ()

    @property
    def channel(self) -> str:
        """The kind of its channel."""
        return self.channel_account.kind

    @property
    def account(self) -> str:
        """The name of the account it runs over."""
        return self.channel_account.name

    @property
    def closes_at(self) -> datetime | None:
        """When free text stops passing; None where it always passes, or nobody has written yet."""
        if self.conversation.last_inbound_at is None:
            return None
        return Window.of(channel_for(self.channel), self.channel_account, self.conversation.last_inbound_at).closes_at()

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


def list_page(session: Session, staff_id: str, wanted: Filter, before: str | None) -> Page:
    """One page, latest activity first (waiting: urgent ones, then the longest waiting). One query, at most three with
    words to search for."""
    waiting = wanted.chosen == "waiting"
    likely = likely_conversations(session, wanted.search) if wanted.search else None
    order = QUEUE_ORDER if waiting else LATEST_FIRST
    # The page is chosen before anything is joined to it: what its rows show is read for forty, however many are sorted.
    matching = _chosen(wanted, staff_id, before, waiting=waiting)
    matching = matching if likely is None else matching.where(likely)
    chosen = matching.order_by(*order).limit(PAGE + 1).subquery()
    rows = session.execute(_shown(chosen).order_by(*order)).all()
    items = [ListItem(row[0], row[1], row[2], row[3], labels_in_words(row[4])) for row in rows[:PAGE]]
    return Page(items, _cursor(items[-1], waiting=waiting) if len(rows) > PAGE else None)


def list_item(session: Session, staff_id: str, conversation_id: str, wanted: Filter | None = None) -> ListItem | None:
    """One row, or None when it does not belong to the filter (any more); without a filter whatever it is. One query."""
    statement = _base().where(Conversation.id == conversation_id)
    if wanted is not None:
        statement = statement.where(*conditions(wanted, staff_id))
    row = session.execute(statement).first()
    return ListItem(row[0], row[1], row[2], row[3], labels_in_words(row[4])) if row else None


def counts(session: Session, staff_id: str) -> dict[str, int]:
    """How many wait, how many are this person's, and in how many they were mentioned and did not look. One query."""
    # Rows are counted, not ids: those the partial indexes do not hold, and each would be looked up in the table. Who
    # waits is never snoozed; those of one person are few.
    counted = select(func.count()).select_from(Conversation)
    waiting = counted.where(held_by(HandledBy.QUEUE)).scalar_subquery()
    own = (held_by(HandledBy.HUMAN), Conversation.staff_id == staff_id, Conversation.snoozed_until.is_(None))
    mine = counted.where(*own).scalar_subquery()
    unread = counted.where(*own, Conversation.unread > 0).scalar_subquery()
    unseen = mentions_of(staff_id, unseen=True).distinct().subquery()
    mentioned = select(func.count()).select_from(unseen).scalar_subquery()
    row = session.execute(select(waiting, mine, unread, mentioned)).one()
    return {"waiting": row[0], "mine": row[1], "unread": row[2], "mentions": row[3]}


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970, exact where a float would round."""
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * MICROSECONDS + since.microseconds


def _chosen(wanted: Filter, staff_id: str, before: str | None, *, waiting: bool) -> Select[str]:
    statement = select(Conversation.id).where(*conditions(wanted, staff_id))
    if wanted.search:
        statement = statement.join(Contact, Contact.id == Conversation.contact_id)
    if before is None:
        return statement
    return _after_in_queue(statement, before) if waiting else _after_cursor(statement, before)


def _base() -> Rows:
    return (
        select(Conversation, Contact, ChannelAccount, Staff.name, words_of_labels(Conversation.id))
        .join(Contact, Contact.id == Conversation.contact_id)
        .join(ChannelAccount, ChannelAccount.id == Conversation.channel_account_id)
        .outerjoin(Staff, Staff.id == Conversation.staff_id)
    )


def _shown(chosen: Subquery) -> Rows:
    """The rows of the chosen ids. Each has its conversation; the outer joins only keep SQLite's planner from beginning
    with all conversations and looking for them among the chosen."""
    return (
        select(Conversation, Contact, ChannelAccount, Staff.name, words_of_labels(Conversation.id))
        .select_from(chosen)
        .outerjoin(Conversation, Conversation.id == chosen.c.id)
        .outerjoin(Contact, Contact.id == Conversation.contact_id)
        .outerjoin(ChannelAccount, ChannelAccount.id == Conversation.channel_account_id)
        .outerjoin(Staff, Staff.id == Conversation.staff_id)
    )


def _cursor(item: ListItem, *, waiting: bool) -> str:
    """Where a page ends: number and id; in the queue the rank comes before them."""
    conversation = item.conversation
    if waiting:
        return f"{conversation.queue_rank}.{microseconds(conversation.queued_at)}.{conversation.id}"
    return f"{item.order}.{conversation.id}"


def _after_cursor(statement: Select[str], before: str) -> Select[str]:
    number, _, conversation_id = before.partition(".")
    if not number.isdecimal() or "." in conversation_id:
        return statement
    moment = _moment(number)
    activity, key = Conversation.last_activity_at, Conversation.id
    # The first condition alone is what the index is entered by.
    return statement.where(activity <= moment, or_(activity < moment, and_(activity == moment, key < conversation_id)))


def _after_in_queue(statement: Select[str], before: str) -> Select[str]:
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
