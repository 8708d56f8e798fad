"""Slow answers: whoever waits too long is told so, once per message; the answer comes by itself.

The engine may be what is slow, so that the words are not asked of it. Nothing is remembered in the process: the notice
is a row under the message's own key, so that no worker's death repeats or loses it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from sqlalchemy import Select, String, and_, cast, exists, literal, or_, select
from sqlalchemy.orm import Session, aliased

from ramah.channels.content import Outgoing
from ramah.messaging.conversations import locked
from ramah.messaging.hours.bot import BotMode, rules_of
from ramah.messaging.inbox import SAY
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    HandledBy,
    Inbound,
    InboundStatus,
    Outbound,
)
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.routing import SILENT_KINDS
from ramah.observe.metrics import NOTICES
from ramah.people import Organisation
from ramah.settings import Settings
from ramah.store import Database, utc_now

WORDS = Path(__file__).parent / "slow.yml"
DEFAULT_LANGUAGE = "en"
KEY = "slow"
MOST = 50
TOO_LATE = timedelta(minutes=5)
"""A message that waited so long was forgotten by whoever wrote it, or told of otherwise."""


def tell_waiting(database: Database, config: Settings) -> bool:
    """Tell everybody whose oldest unanswered message waits too long. False when nobody does."""
    if not config.notice_after:
        return False
    now = utc_now()
    patience = timedelta(seconds=config.notice_after)
    with database.every_organisation_reading() as session:
        due = session.execute(_due(now, patience)).all()
    told = [_tell(database, organisation_id, inbound_id, patience) for organisation_id, inbound_id in due]
    NOTICES.inc(sum(told))
    return any(told)


def _due(now: datetime, patience: timedelta) -> Select[str, int]:
    earlier, said = aliased(Inbound), aliased(Outbound)
    return (
        select(Inbound.organisation_id, Inbound.id)
        .join(Conversation, Conversation.id == Inbound.conversation_id)
        .where(
            Inbound.status == InboundStatus.WAITING,
            Inbound.received_at <= now - patience,
            Inbound.received_at > now - TOO_LATE,
            Inbound.kind.not_in((SAY, *SILENT_KINDS)),
            Inbound.automatic.is_(False),
            Inbound.joined_to.is_(None),
            Conversation.handled_by == HandledBy.BOT,
            ~exists().where(
                earlier.conversation_id == Inbound.conversation_id,
                earlier.status == InboundStatus.WAITING,
                earlier.kind != SAY,
                earlier.position < Inbound.position,
            ),
            ~exists().where(
                said.conversation_id == Inbound.conversation_id,
                or_(
                    said.send_key == literal(f"{KEY}-") + cast(Inbound.id, String) + "#0",
                    # What the bot said lately shows that it is there.
                    and_(said.author == Author.BOT, said.created_at > now - patience),
                ),
            ),
        )
        .order_by(Inbound.received_at)
        .limit(MOST)
    )


def _tell(database: Database, organisation_id: str, inbound_id: int, patience: timedelta) -> bool:
    """Under the conversation's lock, where a takeover or the answer itself may have come first."""
    with database.tenant(organisation_id) as session:
        inbound = session.get_one(Inbound, inbound_id)
        conversation = locked(session, inbound.conversation_id)
        session.refresh(inbound)
        if inbound.status != InboundStatus.WAITING or conversation.handled_by != HandledBy.BOT:
            return False
        if not _bot_answers(session, conversation, inbound):
            return False
        words = notice_in(conversation.language or session.get_one(Organisation, organisation_id).language)
        before = conversation.next_position
        write_outbound(
            session, conversation, Writer(Author.BOT, conversation.epoch), Outgoing(text=words), f"{KEY}-{inbound_id}"
        )
        return conversation.next_position > before


def _bot_answers(session: Session, conversation: Conversation, inbound: Inbound) -> bool:
    organisation = session.get_one(Organisation, conversation.organisation_id)
    account = session.get_one(ChannelAccount, conversation.channel_account_id)
    rules = rules_of(organisation, account, conversation)
    return rules.mode is BotMode.ANSWERS and not rules.is_outside(inbound.received_at, utc_now())


def notice_in(language: str) -> str:
    """The notice in a language."""
    words = _words()
    return words.get(language) or words[DEFAULT_LANGUAGE]


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    found: dict[str, str] = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))["languages"]
    return found
