"""An import from its file to the moment at which the worker takes it: kept, its columns chosen, looked at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.desk.importing.columns import Columns, guess
from ramah.desk.importing.matching import Book
from ramah.desk.importing.reading import Sheet, read_sheet
from ramah.desk.importing.rows import Rejected, Row, read_row
from ramah.lib.errors import BadInput, NotFound, Refused
from ramah.people import ContactImport, Organisation, RejectedRow, Staff
from ramah.people.audit import Subject, record
from ramah.people.contact_imports import ImportStatus
from ramah.store import Database, utc_now

EXISTING = ("fill", "replace", "skip")
"""What happens to a contact that is there already: its empty fields are filled, the row wins, or nothing."""
SHOWN = 8
LATEST = 20
TOGETHER = 500


@dataclass(frozen=True)
class Preview:
    """What an import would do: its first rows, and of all rows how many are new, known, and refused by reason."""

    sheet: Sheet
    columns: Columns
    first: Sequence[Row]
    new: int
    known: int
    refused: Mapping[str, int]


def keep_upload(database: Database, organisation_id: str, staff_id: str, filename: str, content: bytes) -> str:
    """Keep a file, its columns guessed; returns the import's id. Raises BadInput, with a code, for one that cannot be
    read."""
    sheet = read_sheet(content)
    columns = {str(number): field for number, field in guess(sheet.heading).items()}
    name = " ".join("".join(sign for sign in filename if sign.isprintable()).split())[-140:] or "csv"
    with database.tenant(organisation_id) as session:
        job = ContactImport(staff_id=staff_id, filename=name, content=content, columns=columns, total=len(sheet.lines))
        session.add(job)
        session.flush()
        return job.id


def one_import(session: Session, import_id: str, *, lock: bool = False) -> ContactImport:
    """Raises NotFound."""
    statement = select(ContactImport).where(ContactImport.id == import_id)
    found = session.scalar(statement.with_for_update() if lock else statement)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def latest_imports(session: Session) -> list[tuple[ContactImport, str]]:
    """The last imports, with who brought each."""
    statement = select(ContactImport, Staff.name).join(Staff, Staff.id == ContactImport.staff_id)
    rows = session.execute(statement.order_by(ContactImport.created_at.desc()).limit(LATEST))
    return [(row[0], row[1]) for row in rows]


def columns_of(job: ContactImport) -> Columns:
    """The chosen columns by their number."""
    return {int(number): field for number, field in job.columns.items()}


def preview(session: Session, job: ContactImport, columns: Columns) -> Preview:
    """Look at all rows as these columns read them; nothing is written."""
    sheet = read_sheet(job.content or b"")
    country = session.get_one(Organisation, job.organisation_id).country
    rows = [read_row(line, columns, country) for line in sheet.lines]
    counts = Counter(_fates(session, rows))
    refused = {name: number for name, number in counts.items() if name not in ("new", "known")}
    return Preview(sheet, columns, rows[:SHOWN], counts["new"], counts["known"], refused)


def _fates(session: Session, rows: Sequence[Row]) -> Iterator[str]:
    for start in range(0, len(rows), TOGETHER):
        some = rows[start : start + TOGETHER]
        book = Book(session, some)
        for row in some:
            about = [] if row.problem else book.about(row)
            several = Rejected.TWO_CONTACTS if len(about) > 1 else None
            yield row.problem or several or ("known" if about else "new")


def choose_columns(database: Database, organisation_id: str, import_id: str, columns: Columns, existing: str) -> None:
    """Keep what a person chose so far. Raises NotFound, Refused once the import was begun, BadInput."""
    if existing not in EXISTING:
        raise BadInput("choose what happens to contacts that are there")
    with database.tenant(organisation_id) as session:
        job = one_import(session, import_id, lock=True)
        _still_open(job)
        job.columns = {str(number): field for number, field in columns.items()}
        job.existing = existing


def begin(database: Database, organisation_id: str, import_id: str, staff_id: str) -> None:
    """Let the worker do it. Beginning twice does it once. Raises NotFound, BadInput without a column to know people by,
    Refused for one that was thrown away."""
    with database.tenant(organisation_id) as session:
        job = one_import(session, import_id, lock=True)
        if job.status in (ImportStatus.WAITING, ImportStatus.DONE):
            return
        _still_open(job)
        if not set(job.columns.values()) - {"language"}:
            raise BadInput("choose a column for the name, the phone or the e-mail", code="no_columns")
        job.status = ImportStatus.WAITING
        about = Subject("import", job.id, job.filename)
        new = {"rows": job.total, "columns": sorted(job.columns.values()), "existing": job.existing}
        record(session, "contact.imported", about, new=new, staff_id=staff_id)


def cancel(database: Database, organisation_id: str, import_id: str) -> None:
    """Throw it away, or stop it: what is imported stays. Raises NotFound."""
    with database.tenant(organisation_id) as session:
        job = one_import(session, import_id, lock=True)
        if job.status in (ImportStatus.UPLOADED, ImportStatus.WAITING):
            job.status, job.content, job.ended_at = ImportStatus.CANCELLED, None, utc_now()


def rejected_rows(session: Session, import_id: str) -> list[RejectedRow]:
    """The rows that became no contact, in their order."""
    rows = select(RejectedRow).where(RejectedRow.import_id == import_id).order_by(RejectedRow.number)
    return list(session.scalars(rows))


def _still_open(job: ContactImport) -> None:
    if job.status != ImportStatus.UPLOADED:
        raise Refused("This import has begun already.")
