"""What a page shows of a linked phone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ramah.channels.content import LinkState, LinkStatus
from ramah.channels.errors import ChannelError
from ramah.channels.sentences import Explanation, explain
from ramah.lib.errors import Refused
from ramah.messaging.alerts.connections import fallback_of
from ramah.messaging.models import ChannelAccount
from ramah.store import utc_now

KIND = "device"
ANSWER_STAYS_FRESH = timedelta(seconds=10)
PROOFS = frozenset({"check", "send"})
"""What proves that the phone is linked; an event alone may be about a phone that just went away."""


class DeviceTrouble(Refused):
    """The gateway did not do what was asked; nothing that was there before is lost. Says what to do."""

    def __init__(self, error: ChannelError, account_id: str) -> None:
        self._outcome = str(error.outcome)
        self.account_id = account_id
        words = explain(KIND, error.code, self._outcome, "en")
        super().__init__(f"{words.sentence} {words.next_step}", code=error.code)

    def explained(self, language: str) -> Explanation:
        """The same in the reader's language."""
        return explain(KIND, self.code, self._outcome, language)


@dataclass(frozen=True)
class DeviceState:
    """A phone as it stands. ``qr_code`` is a PNG data URL that lives ``seconds_left``; ``problem`` is why the gateway
    could not be asked just now; ``trouble`` what is wrong since ``trouble_since``."""

    account_id: str
    name: str
    gateway: str
    base_url: str | None
    active: bool
    status: LinkStatus
    detail: str | None
    phone: str | None
    qr_code: str | None = field(repr=False)
    qr_expires_at: datetime | None
    seconds_left: int | None
    proved_at: datetime | None
    proved_by: str | None
    trouble: str | None
    trouble_since: datetime | None
    fallback_url: str | None
    problem: DeviceTrouble | None = None
    best_effort: bool = True

    @property
    def is_fresh(self) -> bool:
        """Whether the phone was proved to be linked a moment ago."""
        if self.status is not LinkStatus.CONNECTED or self.proved_by not in PROOFS or self.proved_at is None:
            return False
        return utc_now() - self.proved_at < ANSWER_STAYS_FRESH

    @property
    def needs_new_qr(self) -> bool:
        """Whether somebody has to ask for the next code."""
        waits = self.status in (LinkStatus.SCAN_QR, LinkStatus.LOGGED_OUT, LinkStatus.FAILED, LinkStatus.UNKNOWN)
        return self.active and waits and self.qr_code is None

    def differs_from(self, state: LinkState) -> bool:
        """Whether the gateway says something new; a link that stands is proved anew each time."""
        if state.status is LinkStatus.CONNECTED:
            return True
        return (self.status, self.qr_code, self.detail) != (state.status, state.qr_code, state.detail)


def shown(account: ChannelAccount, problem: DeviceTrouble | None = None) -> DeviceState:
    """The state of an account; a code that ran out is none."""
    left = (account.qr_expires_at - utc_now()).total_seconds() if account.qr_expires_at else 0.0
    lives = account.active and account.link == LinkStatus.SCAN_QR and account.qr_code is not None and left > 0
    return DeviceState(
        account_id=account.id,
        name=account.name,
        gateway=str(account.options.get("gateway", "")),
        base_url=account.base_url,
        active=account.active,
        status=LinkStatus(account.link),
        detail=account.link_detail,
        phone=account.linked_phone,
        qr_code=account.qr_code if lives else None,
        qr_expires_at=account.qr_expires_at if lives else None,
        seconds_left=max(1, round(left)) if lives else None,
        proved_at=account.proved_at,
        proved_by=account.proved_by,
        trouble=account.trouble,
        trouble_since=account.trouble_since,
        fallback_url=fallback_of(account),
        problem=problem,
    )


def with_known_code(account: ChannelAccount, state: LinkState) -> LinkState:
    """The gateway's word, with the code that we know: the same one keeps the end that it had, and one that the
    gateway tells only once stays until it runs out."""
    known = shown(account)
    if state.status is not LinkStatus.SCAN_QR or known.qr_code is None:
        return state
    if state.qr_code in (None, known.qr_code):
        return state.model_copy(update={"qr_code": known.qr_code, "qr_expires_at": known.qr_expires_at})
    return state
