"""Connecting an account of any channel: stored with sealed secrets, told to the provider, proved at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError

from ramah.channels.content import LinkState, LinkStatus
from ramah.channels.errors import ChannelError
from ramah.channels.port import Connecting
from ramah.lib.errors import Refused
from ramah.messaging.accounts import access_of, connect_account, webhook_url
from ramah.messaging.links import note_link, note_trouble
from ramah.messaging.models import ChannelAccount
from ramah.messaging.providers import Purpose, asking_for
from ramah.messaging.registry import channel_for
from ramah.store import Database


@dataclass(frozen=True)
class Connection:
    """What somebody gives to connect an account. ``external_id`` is the provider's id of it."""

    kind: str
    name: str
    external_id: str
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, object] | None = None
    base_url: str | None = None
    fallback_url: str | None = None


@dataclass(frozen=True)
class Connected:
    """The account's id, where its provider must post to (None when it posts nowhere), and what was proved."""

    account_id: str
    webhook_url: str | None
    state: LinkState


def connect(database: Database, organisation_id: str, asked: Connection) -> Connected:
    """Connect an account, or renew one with the same provider id. Safe to repeat.

    Raises NotFound for an unknown kind, Refused for an account of another organisation. A provider that refuses is no
    exception: the state says so, and the account stays, to be put right.
    """
    channel = channel_for(asked.kind)
    account = _store(database, organisation_id, asked)
    state = _introduce(account)
    with database.tenant(organisation_id) as session:
        if state.status is not LinkStatus.UNKNOWN:
            note_link(session, account, state, "check")
        if state.status is LinkStatus.FAILED:
            note_trouble(session.get_one(ChannelAccount, account.id), state.detail or "the provider refused it")
    address = webhook_url(account) if channel.abilities.webhook else None
    return Connected(account.id, address, state)


def _store(database: Database, organisation_id: str, asked: Connection) -> ChannelAccount:
    try:
        with database.tenant(organisation_id) as session:
            return connect_account(
                session,
                asked.kind,
                asked.name,
                asked.external_id,
                asked.secrets,
                base_url=asked.base_url,
                options=asked.options,
                fallback_url=asked.fallback_url,
            )
    except IntegrityError as error:
        raise Refused(f"{asked.kind} {asked.external_id} is connected to another organisation") from error


def disconnect(database: Database, organisation_id: str, account_id: str) -> None:
    """Take an account out of use: nothing more is sent or taken; its conversations stay. Safe to repeat."""
    with database.tenant(organisation_id) as session:
        account = session.get_one(ChannelAccount, account_id)
        account.active = False
    channel = channel_for(account.kind)
    if isinstance(channel, Connecting):
        access = access_of(account)
        with asking_for(Purpose.LINKING, channel, access):
            channel.disconnect(access)


def _introduce(account: ChannelAccount) -> LinkState:
    channel, access = channel_for(account.kind), access_of(account)
    try:
        with asking_for(Purpose.LINKING, channel, access):
            if isinstance(channel, Connecting):
                channel.connect(access)
            return channel.check(access)
    except ChannelError as error:
        return LinkState(status=LinkStatus.FAILED, detail=str(error)[:300])
