"""Telling: each alert goes to every administrator by mail, again and again until the mail server took it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import formataddr, parseaddr

import structlog
from sqlalchemy import ColumnElement, or_, select, update

from ramah.lib.errors import RamahError
from ramah.messaging.alerts.mail import MailError, hand_in
from ramah.messaging.alerts.register import facts_of
from ramah.messaging.alerts.schedule import tries_due
from ramah.messaging.alerts.wording import mail_frame, worded
from ramah.messaging.models import Alert
from ramah.observe import record_incident
from ramah.people import Organisation, Staff
from ramah.people.alert_choices import choices_of_all, ways_of
from ramah.settings import Settings
from ramah.store import Database, utc_now

log = structlog.get_logger()
ADMINISTRATOR = "admin"
OVER_IS_NEWS_FOR = timedelta(days=1)
CANDIDATES = 50
OPERATION = "alerts:tell"
TEST = "test"
"""An alert that somebody made to see how it looks: for them alone, whose id is its subject."""


class NobodyToTell(RamahError):
    """No administrator of the organisation has an address that takes mail."""

    subsystem = "alerts"


@dataclass(frozen=True)
class Due:
    """An alert that is to be told now, with who wants to hear of it by mail; ``someone``: there is an administrator."""

    alert: Alert
    organisation: Organisation
    administrators: tuple[Staff, ...]
    someone: bool = True


def tell_one(database: Database, config: Settings) -> bool:
    """Tell the administrators of one alert by mail. False when none is due, or there is no mail server: then alerts
    are shown in the console alone."""
    if not config.smtp_url:
        return False
    due = _claim(database)
    if due is None:
        return False
    try:
        _send(database, config, due)
    except (MailError, NobodyToTell) as error:
        log.warning("alert_not_told", alert=due.alert.id, attempts=due.alert.attempts, reason=str(error))
        record_incident(database, due.alert.organisation_id, error, OPERATION)
    else:
        _note_told(database, due.alert)
        log.info("alert_told", alert=due.alert.id, kind=due.alert.kind, people=len(due.administrators))
    return True


def _claim(database: Database) -> Due | None:
    """The first alert whose next try is due, taken by counting the try: only one worker counts it."""
    now = utc_now()
    with database.every_organisation_reading() as session:
        over_lately = or_(Alert.closed_at.is_(None), Alert.closed_at > now - OVER_IS_NEWS_FOR)
        untold = session.scalars(
            select(Alert).where(Alert.told_at.is_(None), over_lately).order_by(Alert.attempts).limit(CANDIDATES)
        ).all()
    for alert in untold:
        tries = tries_due((now - _since(alert)).total_seconds())
        if alert.attempts < tries and _take(database, alert, tries):
            return _with_people(database, alert)
    return None


def _since(alert: Alert) -> datetime:
    return alert.closed_at or alert.opened_at


def _phase(alert: Alert) -> ColumnElement[bool]:
    """It is still as it was read: what is over meanwhile is told as such."""
    return Alert.closed_at.is_(None) if alert.closed_at is None else Alert.closed_at.is_not(None)


def _take(database: Database, alert: Alert, tries: int) -> bool:
    with database.tenant(alert.organisation_id) as session:
        won = session.execute(
            update(Alert)
            .where(Alert.id == alert.id, Alert.attempts == alert.attempts, Alert.told_at.is_(None), _phase(alert))
            .values(attempts=tries)
            .execution_options(synchronize_session=False)
        )
        return bool(won.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _with_people(database: Database, alert: Alert) -> Due:
    with database.tenant_reading(alert.organisation_id) as session:
        staff = session.scalars(select(Staff).where(Staff.active).order_by(Staff.email)).all()
        organisation = session.get_one(Organisation, alert.organisation_id)
        administrators = [one for one in staff if ADMINISTRATOR in one.roles]
        choices = choices_of_all(session, [one.id for one in administrators])
    if alert.kind == TEST:
        return Due(alert, organisation, tuple(one for one in staff if one.id == alert.subject))
    wanted = tuple(one for one in administrators if ways_of(choices[one.id], alert.kind).mail)
    return Due(alert, organisation, wanted, someone=bool(administrators))


def _send(database: Database, config: Settings, due: Due) -> None:
    if not due.administrators and due.someone:
        return  # all of them switched its mails off
    if not due.administrators:
        raise NobodyToTell(f"{due.organisation.slug} has no administrator who could be told")
    messages = [_letter(config, due, person) for person in due.administrators]
    refused = hand_in(config, messages)
    if len(refused) == len(messages):
        raise NobodyToTell(f"the mail server refused every administrator of {due.organisation.slug}")
    # Named by their number: an incident holds no addresses.
    for person in (one for one in due.administrators if one.email in refused):
        record_incident(database, due.organisation.id, NobodyToTell(f"mail to staff {person.id} is refused"), OPERATION)


def _letter(config: Settings, due: Due, person: Staff) -> EmailMessage:
    text = worded(due.alert, person.language, due.organisation.timezone)
    greeting, closing = mail_frame(person.language, person.name, due.organisation.name)
    address = link_of(due.alert, config)
    link = f"\n\n{text.link}: {address}" if address and due.alert.closed_at is None else ""
    console = f"{config.public_url.rstrip('/')}/console"
    message = EmailMessage()
    message["Subject"] = f"[{_one_line(due.organisation.name)}] {text.title}"
    message["From"] = config.mail_from
    message["To"] = formataddr((_one_line(person.name), person.email))
    message["Date"] = utc_now()
    message["Message-ID"] = _message_id(config, due.alert, person)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no vacation notes, please
    message.set_content(f"{greeting}\n\n{text.body}{link}\n\nRamah: {console}\n\n--\n{closing}\n")
    return message


def link_of(alert: Alert, config: Settings) -> str | None:
    """Where an alert leads: its own address, or the conversation that it is about."""
    conversation_id = facts_of(alert).get("conversation")
    if alert.link_url or not conversation_id:
        return alert.link_url
    return f"{config.public_url.rstrip('/')}/console/conversations/{conversation_id}"


def _message_id(config: Settings, alert: Alert, person: Staff) -> str:
    """The same for a repetition, so that a mailbox shows it once."""
    domain = parseaddr(config.mail_from)[1].rpartition("@")[2] or "localhost"
    phase = "over" if alert.closed_at else "open"
    return f"<ramah-alert-{alert.id}-{phase}-{person.id}@{domain}>"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _note_told(database: Database, alert: Alert) -> None:
    with database.tenant(alert.organisation_id) as session:
        session.execute(
            update(Alert)
            .where(Alert.id == alert.id, _phase(alert))
            .values(told_at=utc_now())
            .execution_options(synchronize_session=False)
        )
