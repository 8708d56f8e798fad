"""Opening and closing alerts: one open alert per kind and subject, whoever notices the trouble."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from ramah.messaging.models import Alert
from ramah.store import utc_now
from ramah.store.tenancy import EVERY_ORGANISATION, TENANT, TenantMissing

Detail = str | Mapping[str, str]


def open_alert(session: Session, kind: str, subject: str, detail: Detail, link_url: str | None = None) -> bool:
    """Tell administrators of a trouble, once: False when its alert is open already.

    ``detail`` is a sentence, or the values for the wording of ``kind`` in ``words.yml``. ``link_url`` is where to go.
    Raises TenantMissing in a session that belongs to no one organisation.
    """
    organisation_id = session.info.get(TENANT)
    if organisation_id in (None, EVERY_ORGANISATION):
        raise TenantMissing("an alert belongs to one organisation")
    insert = sqlite_insert if session.get_bind().dialect.name == "sqlite" else postgresql_insert
    statement = insert(Alert).values(
        organisation_id=organisation_id,
        kind=kind,
        subject=subject,
        detail=detail if isinstance(detail, str) else json.dumps(dict(detail), ensure_ascii=False),
        link_url=link_url,
    )
    opened = statement.on_conflict_do_nothing(
        index_elements=["organisation_id", "kind", "subject"], index_where=text("closed_at IS NULL")
    )
    return session.scalar(opened.returning(Alert.id)) is not None


def close_alert(session: Session, kind: str, subject: str, *, tell: bool = True) -> bool:
    """The trouble is over; ``tell`` lets administrators hear of that too. False when no alert was open."""
    told = {"told_at": None, "attempts": 0} if tell else {"told_at": func.coalesce(Alert.told_at, utc_now())}
    closed = session.execute(
        update(Alert)
        .where(Alert.kind == kind, Alert.subject == subject, Alert.closed_at.is_(None))
        .values(closed_at=utc_now(), **told)
        .execution_options(synchronize_session=False)
    )
    return bool(closed.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def open_alerts(session: Session) -> list[Alert]:
    """What is not over, oldest first."""
    return list(session.scalars(select(Alert).where(Alert.closed_at.is_(None)).order_by(Alert.opened_at)))


def facts_of(alert: Alert) -> dict[str, str]:
    """The values that an alert's words are made with; a plain sentence is ``detail``."""
    if not alert.detail.startswith("{"):
        return {"detail": alert.detail}
    try:
        found = json.loads(alert.detail)
    except ValueError:
        return {"detail": alert.detail}
    return {str(name): str(value) for name, value in found.items()}


def try_alert(session: Session, staff_id: str) -> None:
    """An alert for one person alone, to see how alerts reach them; an earlier one of theirs is over."""
    close_alert(session, "test", staff_id, tell=False)
    open_alert(session, "test", staff_id, {})
