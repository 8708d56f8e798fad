"""One Meta app for several organisations: what is for another one's account never stands in this one's envelope.

Accounts that were connected with the same app secret trust the same signature. A body that came to one of them and
holds entries for another organisation's is kept there, entry by entry, as if Meta had posted it there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from ramah.channels.pieces import pieces_of
from ramah.lib.signatures import same_text
from ramah.messaging.accounts import access_of
from ramah.messaging.models import ChannelAccount
from ramah.store import Database

SHARED_KINDS = frozenset({"whatsapp", "messenger"})


@dataclass(frozen=True)
class Portion:
    """What of a body is for one organisation, and the account there that it is read for."""

    account: ChannelAccount
    body: bytes


def portions(database: Database, account: ChannelAccount, body: bytes) -> list[Portion]:
    """A verified body by organisation. The account that it came to keeps what is its own organisation's, what nobody
    knows and what cannot be read; byte for byte when nothing is for others.

    An account that was disconnected keeps nothing; its address still serves the others of its app, because Meta posts
    to one address for all of them.
    """
    if not account.active:
        return _portions_behind(database, account, body)
    found = pieces_of(body) if account.kind in SHARED_KINDS else None
    elsewhere = found.accounts() - {account.external_id} if found is not None else frozenset()
    others = _others(database, account, elsewhere) if elsewhere else {}
    if found is None or not others:
        return [Portion(account, body)]
    foreign = {number for accounts in others.values() for number in (one.external_id for one in accounts)}
    rest = found.body_without(foreign)
    kept = [Portion(account, rest)] if rest is not None else []
    # Any account of the organisation serves as the address of what is for all of them.
    return kept + [
        Portion(accounts[0], found.body_for({one.external_id for one in accounts})) for accounts in others.values()
    ]


def _portions_behind(database: Database, account: ChannelAccount, body: bytes) -> list[Portion]:
    found = pieces_of(body) if account.kind in SHARED_KINDS else None
    if found is None:
        return []
    takers = _trusting(database, account, found.accounts() - {account.external_id})
    return [Portion(accounts[0], found.body_for({one.external_id for one in accounts})) for accounts in takers.values()]


def _others(
    database: Database, account: ChannelAccount, external_ids: Collection[str]
) -> dict[str, list[ChannelAccount]]:
    """Accounts of other organisations with these ids that trust the secret which signed the body, by organisation."""
    found = _trusting(database, account, external_ids)
    found.pop(account.organisation_id, None)
    return found


def _trusting(
    database: Database, account: ChannelAccount, external_ids: Collection[str]
) -> dict[str, list[ChannelAccount]]:
    secret = access_of(account).secrets.get("app_secret", "")
    with database.every_organisation_reading() as session:
        candidates = session.scalars(
            select(ChannelAccount)
            .where(
                ChannelAccount.kind == account.kind,
                ChannelAccount.external_id.in_(external_ids),
                ChannelAccount.active,
            )
            .order_by(ChannelAccount.id)
        ).all()
    found: dict[str, list[ChannelAccount]] = defaultdict(list)
    for candidate in candidates:
        if secret and same_text(secret, access_of(candidate).secrets.get("app_secret", "")):
            found[candidate.organisation_id].append(candidate)
    return found
