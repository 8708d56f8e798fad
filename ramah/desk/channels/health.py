"""The health of every channel account: what was proved, what came and went, what is stuck, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from ramah.channels.content import LinkStatus
from ramah.channels.port import Abilities
from ramah.desk.channels import reading
from ramah.desk.channels.reading import HOURS, Reason, Seen, Waiting
from ramah.lib.errors import NotFound
from ramah.messaging.models import ChannelAccount
from ramah.messaging.registry import channel_for

STUCK_AFTER = timedelta(minutes=5)
"""A message that is due and is older than this should have left: nobody sends, or the account is held back."""
OLD_PROOF = 3.0
"""So many times the channel's own pace of checks without any proof is too long."""


class Advice(StrEnum):
    """What to do next, the most pressing first."""

    LINK_AGAIN = "link_again"
    SCAN_CODE = "scan_code"
    CHECK_SETTINGS = "check_settings"
    WAIT_FOR_GATEWAY = "wait_for_gateway"
    CHECK_SECRET = "check_secret"  # noqa: S105 - a name, no password
    START_WORKER = "start_worker"
    WAIT_FOR_PROVIDER = "wait_for_provider"
    READ_ENVELOPES = "read_envelopes"
    READ_REASONS = "read_reasons"
    TRY_A_MESSAGE = "try_a_message"


@dataclass(frozen=True)
class Health:
    """One account. Lists have a number for each of the last 24 hours, the oldest first; ``paced_until`` is when its own
    pace lets the next message pass, ``paused_until`` when the provider does; both only while they lie ahead."""

    account: ChannelAccount
    last_in: datetime | None
    last_out: datetime | None
    came: Sequence[int]
    went: Sequence[int]
    failed: Sequence[int]
    reasons: Sequence[Reason]
    waiting: Waiting | None
    refused: Seen | None
    unread: int
    paced_until: datetime | None
    paused_until: datetime | None
    advice: Sequence[Advice] = ()

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.advice


@dataclass(frozen=True)
class Report:
    """All accounts; ``begin`` is the first of the 24 hours. ``unknown``: what came for numbers of nobody."""

    begin: datetime
    accounts: Sequence[Health]
    unknown: Sequence[tuple[str, Seen]]


def channel_health(session: Session, now: datetime) -> Report:
    """Read it. Ten statements, however many accounts and messages there are."""
    begin = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=HOURS - 1)
    rows = reading.accounts_with_last(session)
    came, went = reading.came_by_hour(session, begin), reading.went_by_hour(session, begin)
    failed, why = reading.failed_by_hour(session, begin), reading.reasons(session, begin)
    waiting, refused = reading.waiting(session, now), reading.refused_posts(session, begin)
    unread, paces = reading.unread_envelopes(session, begin), reading.paces(session, [row[0] for row in rows])
    none = [0] * HOURS
    found = [
        Health(
            account=account,
            last_in=last_in,
            last_out=last_out,
            came=came.get(account.id, none),
            went=went.get(account.id, none),
            failed=failed.get(account.id, none),
            reasons=why.get(account.id, []),
            waiting=waiting.get(account.id),
            refused=refused.get(account.id),
            unread=unread.get(account.id, 0),
            paced_until=_ahead(paces.get(account.id), now),
            paused_until=_ahead(account.paused_until, now),
        )
        for account, last_in, last_out in rows
    ]
    advised = [Health(**{**one.__dict__, "advice": tuple(advice_for(one, now))}) for one in found]
    return Report(begin, advised, reading.unknown_numbers(session, begin))


def advice_for(health: Health, now: datetime) -> list[Advice]:
    """What to do next; nothing for an account that is well, or switched off."""
    if not health.account.active:
        return []
    held = health.waiting is not None and now - health.waiting.oldest > STUCK_AFTER
    held_by_provider = health.paused_until is not None and not health.account.trouble
    checks = {
        **_of_link(health.account),
        Advice.CHECK_SECRET: health.refused is not None,
        Advice.START_WORKER: held and health.paused_until is None and health.paced_until is None,
        Advice.WAIT_FOR_PROVIDER: held_by_provider,
        Advice.READ_ENVELOPES: health.unread > 0,
        Advice.READ_REASONS: bool(health.reasons),
        Advice.TRY_A_MESSAGE: _is_unproved(health.account, now),
    }
    return [advice for advice in Advice if checks.get(advice)]


def _of_link(account: ChannelAccount) -> dict[Advice, bool]:
    link = account.link
    again = link in (LinkStatus.LOGGED_OUT, LinkStatus.FAILED)
    return {
        Advice.LINK_AGAIN: again,
        Advice.SCAN_CODE: link == LinkStatus.SCAN_QR,
        Advice.WAIT_FOR_GATEWAY: link == LinkStatus.DISCONNECTED,
        Advice.CHECK_SETTINGS: bool(account.trouble) and not again and link != LinkStatus.DISCONNECTED,
    }


def _is_unproved(account: ChannelAccount, now: datetime) -> bool:
    """Nothing has proved lately that it works, although its channel can be asked."""
    abilities = _abilities(account)
    if abilities is None or abilities.check_every is None or account.trouble:
        return False
    proved = account.proved_at
    return proved is None or (now - proved).total_seconds() > OLD_PROOF * abilities.check_every


def _abilities(account: ChannelAccount) -> Abilities | None:
    try:
        return channel_for(account.kind).abilities
    except NotFound:
        return None


def _ahead(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None
