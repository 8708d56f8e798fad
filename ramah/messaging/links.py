"""Health of an account is what was last proved, by what, and when. Nothing is believed for having been said once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import case, or_, update
from sqlalchemy.orm import Session

from ramah.channels.content import LinkState, LinkStatus
from ramah.messaging.models import ChannelAccount
from ramah.store import utc_now

PROOF_WORTH_NOTING = timedelta(seconds=15)
BROKEN = frozenset({LinkStatus.DISCONNECTED, LinkStatus.LOGGED_OUT, LinkStatus.FAILED})
SENTENCES = {
    LinkStatus.DISCONNECTED: "the connection is lost; the gateway tries again by itself",
    LinkStatus.LOGGED_OUT: "the account is logged out; somebody must link it again",
    LinkStatus.FAILED: "the account cannot be connected; link it again",
}


def prove(session: Session, account: ChannelAccount, by: str) -> None:
    """Something just worked: ``webhook``, ``send`` or ``check``. Written at most every 15 seconds, since each message
    proves it again and one row for all of them would be a queue."""
    now = utc_now()
    healthy = account.link == LinkStatus.CONNECTED and account.trouble is None
    if healthy and account.proved_at is not None and now - account.proved_at < PROOF_WORTH_NOTING:
        return
    session.execute(
        update(ChannelAccount)
        .where(
            ChannelAccount.id == account.id,
            or_(
                ChannelAccount.proved_at.is_(None),
                ChannelAccount.proved_at < now - PROOF_WORTH_NOTING,
                ChannelAccount.link != LinkStatus.CONNECTED,
                ChannelAccount.trouble.is_not(None),
            ),
        )
        .values(
            proved_at=now,
            proved_by=by,
            link=LinkStatus.CONNECTED,
            link_since=case((ChannelAccount.link == LinkStatus.CONNECTED, ChannelAccount.link_since), else_=now),
            **_no_trouble(by),
        )
        .execution_options(synchronize_session=False)
    )


def _no_trouble(by: str) -> dict[str, Any]:
    """A webhook proves that we are heard of, not that we may speak: only a send or a check ends a trouble."""
    return {} if by == "webhook" else {"trouble": None, "trouble_since": None, "paused_until": None}


def note_link(session: Session, account: ChannelAccount, state: LinkState, by: str) -> None:
    """What the provider or gateway said about the account itself."""
    row = session.get_one(ChannelAccount, account.id, with_for_update=True)
    if row.link != state.status:
        row.link_since = utc_now()
    row.link, row.link_detail = state.status, state.detail and state.detail[:300]
    if state.qr_code is not None or state.status is not LinkStatus.SCAN_QR:
        # A gateway that only says that a code waits to be scanned means the one it gave before.
        row.qr_code, row.qr_expires_at = state.qr_code, state.qr_expires_at
    if state.phone:
        row.linked_phone = state.phone[:20]
    if state.status is LinkStatus.CONNECTED:
        row.proved_at, row.proved_by = utc_now(), by
        row.trouble = row.trouble_since = row.paused_until = None
    elif state.status in BROKEN:
        note_trouble(row, state.detail or SENTENCES[state.status])


def note_trouble(row: ChannelAccount, sentence: str) -> None:
    """Something is wrong with the account; the first moment stays. The caller has the row in its session."""
    row.trouble = sentence[:300]
    row.trouble_since = row.trouble_since or utc_now()
