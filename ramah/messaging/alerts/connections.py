"""Watching the connections: a trouble that lasts becomes an alert, and its end is told as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from ramah.messaging.alerts.register import close_alert, open_alert
from ramah.messaging.links import BROKEN
from ramah.messaging.models import Alert, ChannelAccount
from ramah.settings import Settings
from ramah.store import Database, utc_now

ALERT = "connection_lost"
WHATSAPP_CHAT = "https://wa.me/"


@dataclass(frozen=True)
class _Change:
    """What a look found: connections that are down for long enough, and alerts whose trouble is over."""

    down: list[ChannelAccount]
    over: list[Alert]


def watch_connections(database: Database, config: Settings) -> bool:
    """Open and close the alerts of all connections. Returns whether anything changed.

    There is one alert for each trouble: closed by hand, it comes back only with the next trouble."""
    found = _look(database, utc_now() - timedelta(seconds=config.alert_after))
    opened = [_open(database, account) for account in found.down]
    closed = [_close(database, alert) for alert in found.over]
    return any((*opened, *closed))


def _look(database: Database, before: datetime) -> _Change:
    with database.every_organisation_reading() as session:
        broken = or_(ChannelAccount.trouble.is_not(None), ChannelAccount.link.in_(BROKEN))
        troubled = session.scalars(select(ChannelAccount).where(ChannelAccount.active, broken)).all()
        alerts = session.scalars(select(Alert).where(Alert.kind == ALERT, Alert.closed_at.is_(None))).all()
    open_subjects, still = {alert.subject for alert in alerts}, {account.id for account in troubled}
    return _Change(
        down=[one for one in troubled if _since(one) <= before and one.id not in open_subjects],
        over=[alert for alert in alerts if alert.subject not in still],
    )


def _since(account: ChannelAccount) -> datetime:
    return account.trouble_since or account.proved_at or account.created_at


def _open(database: Database, account: ChannelAccount) -> bool:
    with database.tenant(account.organisation_id) as session:
        told = select(Alert.id).where(
            Alert.kind == ALERT, Alert.subject == account.id, Alert.opened_at >= _since(account)
        )
        if session.scalar(told.limit(1)) is not None:
            return False
        return open_alert(session, ALERT, account.id, _facts(account), fallback_of(account))


def _close(database: Database, alert: Alert) -> bool:
    with database.tenant(alert.organisation_id) as session:
        return close_alert(session, ALERT, alert.subject)


def _facts(account: ChannelAccount) -> dict[str, str]:
    return {
        "name": account.name,
        "since": _since(account).isoformat(),
        "trouble": (account.trouble or account.link_detail or "").rstrip("."),
        "state": account.link if account.link in BROKEN else "",
    }


def fallback_of(account: ChannelAccount) -> str | None:
    """Where customers can be sent meanwhile: the account's own setting, else a WhatsApp chat with its number."""
    if account.fallback_url:
        return account.fallback_url
    digits = "".join(sign for sign in account.linked_phone or "" if sign.isdigit())
    return f"{WHATSAPP_CHAT}{digits}" if digits else None
