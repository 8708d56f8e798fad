"""The outlet that a conversation is about, and who may therefore see it.

A conversation begins with the outlet of its account (``options["outlet"]`` of a number or page that is one outlet's).
A draft in it that names an outlet, by the customer's choice or by the home that it serves, puts that one in its place;
the last word counts. Before either it has none, and everybody who answers sees it.

Staff who are limited to outlets neither list nor open what belongs to another one: conversations, what hangs on them
(messages, tickets, drafts, slips of payment), and contacts all of whose conversations are elsewhere. The criteria are
added to every statement of their sessions (``ramah.store.tenancy``), so that no page can forget them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, exists, or_, select

from ramah.messaging.models import (
    ChannelAccount,
    Conversation,
    Inbound,
    Interaction,
    MediaFile,
    Outbound,
    ThreadNote,
    TurnTrace,
)
from ramah.people import Contact
from ramah.store import limit_to_outlets

OPTION = "outlet"


def outlet_of_account(account: ChannelAccount) -> str | None:
    """The code of the outlet that a number, page or chat belongs to."""
    found = (account.options or {}).get(OPTION)
    return str(found) if found else None


def limit_by_conversation(model: type[Any]) -> None:
    """Rows of the model are seen with the conversation that their ``conversation_id`` names."""

    def within(outlets: Sequence[str]) -> ColumnElement[bool]:
        theirs = _conversations()
        return exists(select(theirs.c.id).where(theirs.c.id == model.conversation_id, _inside(theirs, outlets)))

    limit_to_outlets(model, within)


def _conversations() -> FromClause:
    """Under a name of its own: the statement around it may have the table too."""
    return Conversation.__table__.alias("scoped")


def _inside(table: FromClause, outlets: Sequence[str]) -> ColumnElement[bool]:
    return or_(table.c.outlet.is_(None), table.c.outlet.in_(outlets))


def _contact_within(outlets: Sequence[str]) -> ColumnElement[bool]:
    theirs, any_of_them = _conversations(), Conversation.__table__.alias("scoped_any")
    return or_(
        exists(select(theirs.c.id).where(theirs.c.contact_id == Contact.id, _inside(theirs, outlets))),
        ~exists(select(any_of_them.c.id).where(any_of_them.c.contact_id == Contact.id)),
    )


limit_to_outlets(Conversation, lambda outlets: or_(Conversation.outlet.is_(None), Conversation.outlet.in_(outlets)))
limit_to_outlets(Contact, _contact_within)
for _model in (Inbound, Interaction, MediaFile, Outbound, ThreadNote, TurnTrace):
    limit_by_conversation(_model)
