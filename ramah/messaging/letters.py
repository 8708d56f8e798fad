"""Letters to staff: invitations and new passwords, handed in again and again until the mail server takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr, parseaddr
from functools import lru_cache
from pathlib import Path

import structlog
from ruamel.yaml import YAML
from sqlalchemy import select, update

from ramah.lib.errors import RamahError
from ramah.lib.sealed import unseal
from ramah.messaging.alerts.mail import MailError, hand_in
from ramah.observe import record_incident
from ramah.observe.seldom import record_seldom
from ramah.people import Organisation, Staff
from ramah.people.account_models import LinkPurpose, StaffLink
from ramah.people.links import LIVES
from ramah.settings import Settings
from ramah.store import Database, utc_now

log = structlog.get_logger()
WORDS = Path(__file__).parent / "letters.yml"
DEFAULT_LANGUAGE = "en"
OPERATION = "letters:send"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=20), timedelta(hours=1)
TAKEN = {LinkPurpose.INVITATION: "join", LinkPurpose.RESET: "reset"}


class LetterRefused(RamahError):
    """The mail server does not know the address."""

    subsystem = "letters"


@dataclass(frozen=True)
class Letter:
    """One letter that is due, with what it needs."""

    link: StaffLink
    staff: Staff
    organisation: Organisation
    token: str


def link_address(config: Settings, purpose: str, token: str) -> str:
    """Where a link of this purpose leads."""
    return f"{config.public_url.rstrip('/')}/account/{TAKEN[LinkPurpose(purpose)]}/{token}"


def send_letter(database: Database, config: Settings) -> bool:
    """Send one letter that is due. False when none is, or there is no mail server."""
    if not config.smtp_url:
        return False
    due = _claim(database, config)
    if due is None:
        return False
    try:
        refused = hand_in(config, [_message(config, due)])
    except MailError as error:
        log.warning("letter_not_sent", purpose=due.link.purpose, attempts=due.link.attempts, reason=str(error))
        record_seldom(database, due.organisation.id, error, OPERATION)
        return True
    if refused:
        trouble = LetterRefused(f"mail to {due.staff.email} is refused")
        record_incident(database, due.organisation.id, trouble, OPERATION)
    _settle(database, due.link, sent=not refused)
    return True


def _claim(database: Database, config: Settings) -> Letter | None:
    """The next letter, taken by setting its next try: only one worker does."""
    now = utc_now()
    with database.every_organisation_reading() as session:
        waiting = (StaffLink.sealed.is_not(None), StaffLink.next_try_at <= now, StaffLink.expires_at > now)
        found = session.scalar(select(StaffLink).where(*waiting).order_by(StaffLink.next_try_at).limit(1))
        if found is None:
            return None
        staff = session.get_one(Staff, found.staff_id)
        organisation = session.get_one(Organisation, found.organisation_id)
    with database.tenant(found.organisation_id) as session:
        mine = (StaffLink.token_hash == found.token_hash, StaffLink.attempts == found.attempts)
        taken = session.execute(
            update(StaffLink)
            .where(*mine, StaffLink.sealed.is_not(None))
            .values(attempts=found.attempts + 1, next_try_at=_next_try(now, found.attempts))
        )
    if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        return None
    return Letter(found, staff, organisation, unseal(found.sealed, config.encryption_key)["token"])


def _next_try(now: datetime, attempts: int) -> datetime:
    wait: timedelta = min(FIRST_WAIT * int(2 ** min(attempts, 10)), LONGEST_WAIT)
    return now + wait


def _settle(database: Database, link: StaffLink, *, sent: bool) -> None:
    with database.tenant(link.organisation_id) as session:
        session.execute(
            update(StaffLink)
            .where(StaffLink.token_hash == link.token_hash)
            .values(sealed=None, sent_at=utc_now() if sent else None)
        )


def _message(config: Settings, due: Letter) -> EmailMessage:
    purpose = LinkPurpose(due.link.purpose)
    said = _words(due.staff.language)[purpose]
    values = {
        "person": due.staff.name,
        "organisation": " ".join(due.organisation.name.split()),
        "hours": str(int(LIVES[purpose].total_seconds() // 3600)),
        "link": link_address(config, purpose, due.token),
    }
    message = EmailMessage()
    message["Subject"] = said["subject"].format_map(values)
    message["From"] = config.mail_from
    message["To"] = formataddr((" ".join(due.staff.name.split()), due.staff.email))
    message["Date"] = utc_now()
    domain = parseaddr(config.mail_from)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<ramah-letter-{due.link.token_hash[:32]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notes, please
    message.set_content(said["body"].format_map(values))
    return message


@lru_cache(maxsize=4)
def _words(language: str) -> Mapping[str, Mapping[str, str]]:
    languages = YAML(typ="safe").load(WORDS.read_text(encoding="utf-8"))["languages"]
    found: Mapping[str, Mapping[str, str]] = languages.get(language) or languages[DEFAULT_LANGUAGE]
    return found
