"""Channel accounts: connected numbers, bots and web chats, their secrets sealed at rest."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ramah.channels.port import AccountAccess
from ramah.lib.errors import NotFound
from ramah.lib.sealed import seal, unseal
from ramah.messaging.models import ChannelAccount
from ramah.settings import settings
from ramah.store import PREPARED, Database, utc_now

BY_ADDRESS = (
    select(ChannelAccount)
    .where(
        ChannelAccount.kind == bindparam("kind"),
        ChannelAccount.public_key == bindparam("public_key"),
        ChannelAccount.active,
    )
    .execution_options(**PREPARED)
)


def connect_account(
    session: Session,
    kind: str,
    name: str,
    external_id: str,
    access: Mapping[str, str],
    *,
    base_url: str | None = None,
    public_key: str | None = None,
    options: Mapping[str, object] | None = None,
    fallback_url: str | None = None,
) -> ChannelAccount:
    """Store a new account or refresh the one with the same provider id."""
    account = session.scalar(
        select(ChannelAccount).where(ChannelAccount.kind == kind, ChannelAccount.external_id == external_id)
    )
    if account is None:
        account = ChannelAccount(kind=kind, external_id=external_id, public_key=public_key or secrets.token_urlsafe(18))
        session.add(account)
    account.name, account.base_url = name, base_url
    account.secrets = seal(access, settings().encryption_key) if access else None
    account.options = dict(options) if options is not None else (account.options or {})
    account.fallback_url = fallback_url or account.fallback_url
    account.active, account.trouble = True, None
    account.trouble_since = account.paused_until = None
    account.check_at = utc_now()
    session.flush()
    return account


def find_account(database: Database, kind: str, public_key: str) -> ChannelAccount:
    """The active account behind a public address. Raises NotFound."""
    with database.every_organisation_reading() as session:
        account = session.scalar(BY_ADDRESS, {"kind": kind, "public_key": public_key})
        if account is None:
            raise NotFound(f"no {kind} account at this address")
        return account


def find_receiver(database: Database, kind: str, public_key: str) -> ChannelAccount:
    """The account behind a public address that posts may come to: the active one, or one that was disconnected, whose
    address may serve others still (`shared_apps`). Raises NotFound."""
    try:
        return find_account(database, kind, public_key)
    except NotFound:
        with database.every_organisation_reading() as session:
            account = session.scalar(
                select(ChannelAccount).where(ChannelAccount.kind == kind, ChannelAccount.public_key == public_key)
            )
        if account is None:
            raise
        return account


def sibling_account(database: Database, account: ChannelAccount, external_id: str) -> ChannelAccount | None:
    """The account in use of the same organisation and kind with this provider id.

    Meta posts the events of all numbers of one app to one address, signed with the app's one secret.
    """
    if account.external_id == external_id:
        return account
    with database.tenant_reading(account.organisation_id) as session:
        return session.scalar(
            select(ChannelAccount).where(
                ChannelAccount.kind == account.kind, ChannelAccount.external_id == external_id, ChannelAccount.active
            )
        )


def access_of(account: ChannelAccount) -> AccountAccess:
    """What the channel needs to act for this account, secrets opened."""
    return AccountAccess(
        external_id=account.external_id,
        secrets=unseal(account.secrets, settings().encryption_key),
        base_url=account.base_url,
        options=account.options or {},
        webhook_url=webhook_url(account),
        name=account.name,
    )


def webhook_url(account: ChannelAccount) -> str:
    """Where the provider reaches us for this account."""
    return f"{settings().public_url.rstrip('/')}/webhooks/{account.kind}/{account.public_key}"
