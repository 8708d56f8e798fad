"""The worker's part: an import is done in pieces, each with its rows and its progress in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from ramah.desk.contacts.fields import FIELDS
from ramah.desk.importing.matching import Book
from ramah.desk.importing.reading import Sheet, read_sheet
from ramah.desk.importing.rows import Rejected, Row, read_row
from ramah.desk.importing.uploads import columns_of
from ramah.people import Contact, ContactChange, ContactImport, Organisation, RejectedRow
from ramah.people.contact_imports import ImportStatus
from ramah.store import Database, utc_now

PIECE = 200
"""Rows of one transaction: some tens of milliseconds, so that on SQLite messages need not wait."""
LEASE = timedelta(seconds=60)


def import_some(database: Database, owner: str) -> bool:
    """Import the next piece of the oldest import that nobody else works on. False when there is none."""
    claimed = _claim(database, owner)
    if claimed is None:
        return False
    organisation_id, import_id, content = claimed
    sheet = _sheet(import_id, content)
    with database.tenant(organisation_id) as session:
        job = session.scalar(select(ContactImport).where(ContactImport.id == import_id).with_for_update())
        # Cancelled meanwhile, or taken by another worker after a long pause of this one.
        if job is None or job.status != ImportStatus.WAITING or job.lease_owner != owner:
            return True
        country = session.get_one(Organisation, organisation_id).country
        columns = columns_of(job)
        rows = [read_row(line, columns, country) for line in sheet.lines[job.done : job.done + PIECE]]
        _write(session, job, sheet, rows)
        job.done += len(rows)
        job.lease_until = utc_now() + LEASE
        if job.done >= job.total:
            job.status, job.content, job.ended_at = ImportStatus.DONE, None, utc_now()
    return True


def _claim(database: Database, owner: str) -> tuple[str, str, bytes] | None:
    now = utc_now()
    with database.every_organisation_reading() as session:
        found = session.execute(
            select(ContactImport.organisation_id, ContactImport.id)
            .where(ContactImport.status == ImportStatus.WAITING, _free(owner, now))
            .order_by(ContactImport.created_at)
            .limit(1)
        ).first()
    if found is None:
        return None
    with database.tenant(found.organisation_id) as session:
        taken = session.execute(
            update(ContactImport)
            .where(ContactImport.id == found.id, ContactImport.status == ImportStatus.WAITING, _free(owner, now))
            .values(lease_owner=owner, lease_until=now + LEASE)
            .execution_options(synchronize_session=False)
        )
        if not taken.rowcount:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
            return None
        content = session.scalar(select(ContactImport.content).where(ContactImport.id == found.id))
    return found.organisation_id, found.id, content or b""


def _free(owner: str, now: datetime) -> ColumnElement[bool]:
    return or_(ContactImport.lease_until.is_(None), ContactImport.lease_until < now, ContactImport.lease_owner == owner)


@lru_cache(maxsize=2)
def _sheet(import_id: str, content: bytes) -> Sheet:
    """The file is read once, not for every piece; ``import_id`` names it."""
    return read_sheet(content)


def _write(session: Session, job: ContactImport, sheet: Sheet, rows: list[Row]) -> None:
    book = Book(session, rows)
    for row in rows:
        about = [] if row.problem else book.about(row)
        if row.problem or len(about) > 1:
            _reject(session, job, row, row.problem or Rejected.TWO_CONTACTS)
        elif not about:
            contact = Contact(**row.values)
            session.add(contact)
            session.flush()
            book.add(contact)
            job.added += 1
        elif _change(session, job, about[0], row.values):
            book.add(about[0])
            job.changed += 1
        else:
            job.unchanged += 1


def _reject(session: Session, job: ContactImport, row: Row, reason: str) -> None:
    session.add(RejectedRow(import_id=job.id, number=row.line.number, reason=reason, cells=list(row.line.cells)))
    job.rejected += 1


def _change(session: Session, job: ContactImport, contact: Contact, values: dict[str, str]) -> bool:
    """What the row says in the place of what is empty, or of everything; with the history of each field."""
    changed = False
    for field in (name for name in FIELDS if name in values):
        old, new = getattr(contact, field), values[field]
        if job.existing == "skip" or old == new or (old and job.existing == "fill"):
            continue
        setattr(contact, field, new)
        if field == "phone":
            contact.phone_proved = False
        change = ContactChange(contact_id=contact.id, staff_id=job.staff_id, field=field, old=old, new=new)
        session.add(change)
        changed = True
    return changed
