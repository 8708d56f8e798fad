"""Contacts from a file: upload, columns with a preview, progress, and what was refused as a file."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw, redirect

from console.contacts import presenters
from console.permissions import needs
from console.render import page
from console.security import form_text
from console.spreadsheet import BYTE_ORDER_MARK, download, lines_of
from console.translations import Marked, mark, translator
from console.wiring import in_thread, wiring
from ramah.desk.contacts.fields import FIELDS
from ramah.desk.importing.columns import chosen
from ramah.desk.importing.rows import Rejected
from ramah.desk.importing.uploads import (
    EXISTING,
    Preview,
    begin,
    cancel,
    choose_columns,
    columns_of,
    keep_upload,
    latest_imports,
    one_import,
    preview,
    rejected_rows,
)
from ramah.lib.errors import BadInput, NotFound
from ramah.people import ContactImport, RejectedRow
from ramah.people.contact_imports import ImportStatus
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("importing", url_prefix="/console/contacts/import")
HERE = "/console/contacts/import"
PROBLEMS: dict[str, Marked] = {
    "too_large": mark("This file is larger than 3 MB. Split it and import the parts one after the other."),
    "too_many_rows": mark("This file has more than 20,000 rows. Split it and import the parts one after the other."),
    "no_rows": mark("There are no rows in this file. The first row must be the heading, contacts stand below it."),
    "no_table": mark("This is no CSV file. In your spreadsheet choose “Save as” and then CSV."),
    "no_file": mark("Choose a file first."),
    "no_columns": mark("Choose at least one column by which people are known: name, phone, e-mail, policy or plate."),
}
REASONS: dict[str, Marked] = {
    **presenters.PROBLEMS,
    Rejected.NOBODY: mark("There is nothing in this row by which one could know somebody."),
    Rejected.TWO_CONTACTS: mark("It fits two contacts. Merge them, or correct the number, e-mail or policy."),
}
STATUSES: dict[str, Marked] = {
    ImportStatus.UPLOADED: mark("Not started"),
    ImportStatus.WAITING: mark("Running"),
    ImportStatus.DONE: mark("Done"),
    ImportStatus.CANCELLED: mark("Stopped"),
}
WAYS: dict[str, Marked] = dict(
    zip(
        EXISTING,
        (
            mark("Fill in only what is empty"),
            mark("Replace it by what is in the file"),
            mark("Leave it as it is"),
        ),
        strict=True,
    )
)
REASON_COLUMN = mark("Why it was refused")
NO_IMPORT = mark("There is no such import.")


@blueprint.get("/")
@needs(Permission.MANAGE_CONTACTS)
async def show_imports(request: Request) -> HTTPResponse:
    """The form for a file, and the last imports."""
    return await _list(request)


@blueprint.post("/")
@needs(Permission.MANAGE_CONTACTS)
async def upload(request: Request) -> HTTPResponse:
    """Keep a file and go on to its columns."""
    login: Login = request.ctx.login
    database = wiring(request).database
    given = request.files.get("file") if request.files else None
    if given is None or not given.name:
        return await _list(request, problem=PROBLEMS["no_file"])
    who = (login.organisation_id, login.staff_id)
    try:
        import_id = await in_thread(lambda: keep_upload(database, *who, given.name, given.body))
    except BadInput as error:
        return await _list(request, problem=PROBLEMS[error.code or "no_table"])
    return redirect(f"{HERE}/{import_id}", status=303)


@blueprint.get("/<import_id:str>")
@needs(Permission.MANAGE_CONTACTS)
async def show_import(request: Request, import_id: str) -> HTTPResponse:
    """One import: its columns before it begins, its progress and end afterwards; for htmx the progress alone."""
    return await _one(request, import_id)


@blueprint.post("/<import_id:str>")
@needs(Permission.MANAGE_CONTACTS)
async def choose(request: Request, import_id: str) -> HTTPResponse:
    """Keep the columns (``column-<n>``) and what happens to known contacts (``existing``); with ``begin``, begin."""
    login: Login = request.ctx.login
    database, organisation_id = wiring(request).database, login.organisation_id
    form: dict[str, Any] = request.form or {}
    given = {name.removeprefix("column-"): form_text(request, name) for name in form if name.startswith("column-")}
    columns, existing = chosen(given, len(given)), form_text(request, "existing") or EXISTING[0]
    try:
        await in_thread(lambda: choose_columns(database, organisation_id, import_id, columns, existing))
        if form_text(request, "begin"):
            await in_thread(lambda: begin(database, organisation_id, import_id, login.staff_id))
    except NotFound as error:
        raise NotFound(NO_IMPORT) from error
    except BadInput as error:
        return await _one(request, import_id, problem=PROBLEMS.get(error.code or "", PROBLEMS["no_columns"]))
    return redirect(f"{HERE}/{import_id}", status=303)


@blueprint.post("/<import_id:str>/cancel")
@needs(Permission.MANAGE_CONTACTS)
async def stop(request: Request, import_id: str) -> HTTPResponse:
    """Throw it away, or stop it."""
    login: Login = request.ctx.login
    database = wiring(request).database
    try:
        await in_thread(lambda: cancel(database, login.organisation_id, import_id))
    except NotFound as error:
        raise NotFound(NO_IMPORT) from error
    return redirect(HERE, status=303)


@blueprint.get("/<import_id:str>/rejected.csv")
@needs(Permission.MANAGE_CONTACTS)
async def rejected(request: Request, import_id: str) -> HTTPResponse:
    """The rows that became no contact, each with its reason: correct them and import this file."""
    login: Login = request.ctx.login
    database, said = wiring(request).database, translator(login.language)

    def read() -> tuple[ContactImport, list[RejectedRow]]:
        with database.tenant_reading(login.organisation_id) as session:
            return one_import(session, import_id), rejected_rows(session, import_id)

    try:
        job, rows = await in_thread(read)
    except NotFound as error:
        raise NotFound(NO_IMPORT) from error
    width = max((len(row.cells) for row in rows), default=0)
    named = columns_of(job)
    heading = [said(presenters.LABELS[named[n]]) if n in named else f"({n + 1})" for n in range(width)]
    lines = [[*row.cells, said(REASONS[row.reason])] for row in rows]
    body = BYTE_ORDER_MARK + lines_of([[*heading, said(REASON_COLUMN)], *lines])
    return raw(body.encode(), content_type="text/csv; charset=utf-8", headers=download("rejected.csv"))


async def _list(request: Request, problem: Marked | None = None) -> HTTPResponse:
    login: Login = request.ctx.login
    database = wiring(request).database

    def read() -> list[tuple[ContactImport, str]]:
        with database.tenant_reading(login.organisation_id) as session:
            return latest_imports(session)

    jobs = await in_thread(read)
    return await page(
        request,
        "contacts/imports.html",
        status_code=400 if problem else 200,
        title=mark("Import contacts"),
        problem=problem,
        jobs=[_job(job, who) for job, who in jobs],
    )


async def _one(request: Request, import_id: str, problem: Marked | None = None) -> HTTPResponse:
    login: Login = request.ctx.login
    database = wiring(request).database

    def read() -> tuple[ContactImport, Preview | None]:
        with database.tenant_reading(login.organisation_id) as session:
            job = one_import(session, import_id)
            open_one = job.status == ImportStatus.UPLOADED
            return job, preview(session, job, columns_of(job)) if open_one else None

    try:
        job, looked = await in_thread(read)
    except NotFound as error:
        raise NotFound(NO_IMPORT) from error
    alone = request.headers.get("hx-request") == "true"
    template = "contacts/_progress.html" if alone else "contacts/import.html"
    return await page(
        request,
        template,
        status_code=400 if problem else 200,
        title=mark("Import contacts"),
        problem=problem,
        job=_job(job),
        looked=_looked(looked, job) if looked else None,
    )


def _job(job: ContactImport, who: str = "") -> dict[str, Any]:
    names = ("id", "filename", "status", "total", "done", "added", "changed", "unchanged", "rejected", "created_at")
    shown = {name: getattr(job, name) for name in names}
    percent = 100 * job.done // job.total if job.total else 100
    return {**shown, "percent": percent, "who": who, "word": STATUSES[job.status]}


def _looked(looked: Preview, job: ContactImport) -> dict[str, Any]:
    """The table with a choice over each column, and the counts."""
    return {
        "columns": [
            {
                "number": number,
                "heading": heading,
                "field": looked.columns.get(number, ""),
                "sample": next((line.cells[number] for line in looked.sheet.lines if line.cells[number]), ""),
            }
            for number, heading in enumerate(looked.sheet.heading)
        ],
        "fields": {name: presenters.LABELS[name] for name in FIELDS},
        "used": [name for name in FIELDS if name in looked.columns.values()],
        "rows": [
            {"number": r.line.number, "values": r.values, "problem": REASONS[r.problem] if r.problem else None}
            for r in looked.first
        ],
        "new": looked.new,
        "known": looked.known,
        "refused": [(REASONS[reason], count) for reason, count in sorted(looked.refused.items())],
        "ways": WAYS,
        "existing": job.existing,
    }
