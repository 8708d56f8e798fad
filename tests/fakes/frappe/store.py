"""Documents of the fake site and the rules that Frappe applies when they are written."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import RLock
from typing import Any
from zoneinfo import ZoneInfo

from tests.fakes.frappe.doctypes import DOCTYPES
from tests.fakes.frappe.errors import Refusal, missing, no_link, not_unique
from tests.fakes.frappe.meta import DocType, Field
from tests.fakes.frappe.query import Document, same

DATA_LENGTH = 140


class Store:
    """All documents. One lock stands for the database's transactions."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.lock = RLock()
        self._doctypes = dict(DOCTYPES)
        self._documents: dict[str, dict[str, Document]] = {name: {} for name in DOCTYPES}
        self._series: Counter[str] = Counter()
        self._last = datetime.min.replace(tzinfo=UTC)

    def doctype(self, name: str) -> DocType:
        """The doctype, or the site's 404."""
        if name not in self._doctypes:
            raise Refusal(404, "DoesNotExistError", f"DocType <b>{name}</b> not found")
        return self._doctypes[name]

    def drop_field(self, doctype: str, field: str) -> None:
        """Be a site where somebody forgot a custom field."""
        meta = self.doctype(doctype)
        fields = tuple(one for one in meta.fields if one.name != field)
        self._doctypes[doctype] = replace(meta, fields=fields, by_name={})

    def all(self, doctype: str) -> list[Document]:
        """Copies of all documents of a doctype, in the order of their making."""
        with self.lock:
            return [dict(one) for one in self._documents[self.doctype(doctype).name].values()]

    def get(self, doctype: str, name: str) -> Document:
        """One document, or the site's 404."""
        with self.lock:
            documents = self._documents[self.doctype(doctype).name]
            if name not in documents:
                raise Refusal(404, "DoesNotExistError", f"{doctype} <b>{name}</b> not found")
            return documents[name]

    def insert(self, doctype: str, body: Document) -> Document:
        """Create a document; unknown fields are ignored in silence."""
        meta = self.doctype(doctype)
        with self.lock:
            document = {one.name: one.default for one in meta.fields} | self._accepted(meta, body)
            name = self._name(meta, document)
            self._validate(meta, document, name)
            stamp = self._now()
            document |= {"name": name, "owner": "bot@example.com", "creation": stamp, "modified": stamp}
            document |= {"docstatus": int(body.get("docstatus") or 0), "idx": 0, "doctype": doctype}
            self._documents[doctype][name] = document
            return document

    def update(self, doctype: str, name: str, body: Document) -> Document:
        """Change fields of a document, with the optimistic lock and the docstatus machine."""
        meta = self.doctype(doctype)
        with self.lock:
            document = self.get(doctype, name)
            if "modified" in body and body["modified"] != document["modified"]:
                raise Refusal(417, "TimestampMismatchError", "Document has been modified after you have opened it")
            changed = document | self._accepted(meta, body) | {"docstatus": self._docstatus(meta, document, body)}
            self._validate(meta, changed, name)
            document |= changed | {"modified": self._now()}
            return document

    def delete(self, doctype: str, name: str) -> None:
        """Delete a draft or cancelled document."""
        with self.lock:
            if self.get(doctype, name)["docstatus"] == 1:
                raise Refusal(417, "ValidationError", f"Submitted {doctype} <b>{name}</b> cannot be deleted")
            del self._documents[doctype][name]

    def _docstatus(self, meta: DocType, document: Document, body: Document) -> int:
        old = int(document["docstatus"])
        new = int(body["docstatus"]) if "docstatus" in body else old
        if (old, new) not in {(0, 0), (0, 1), (1, 1), (1, 2), (2, 2)} or (new and not meta.submittable):
            raise Refusal(417, "DocstatusTransitionError", f"Cannot change docstatus from {old} to {new}")
        changed = {key for key, value in self._accepted(meta, body).items() if document.get(key) != value}
        if old == new == 1 and any(not meta.by_name[key].on_submit for key in changed):
            raise Refusal(417, "UpdateAfterSubmitError", "Not allowed to change <b>fields</b> after submission")
        return new

    def _accepted(self, meta: DocType, body: Document) -> Document:
        return {key: stored(meta.by_name[key], value) for key, value in body.items() if key in meta.by_name}

    def _name(self, meta: DocType, document: Document) -> str:
        if not meta.naming.startswith("field:"):
            self._series[meta.name] += 1
            return f"{meta.prefix or meta.name[:3].lower()}{self._series[meta.name]:05d}"
        name = str(document.get(meta.naming.removeprefix("field:")) or "").strip()
        if re.search("[<>]", name):
            raise Refusal(409, "NameError", "Name cannot contain special characters like '<', '>'")
        taken = self._documents[meta.name]
        if name not in taken:
            return name
        if not meta.suffix_duplicates:
            raise Refusal(409, "DuplicateEntryError", f"{meta.name} <b>{name}</b> already exists")
        return next(f"{name} - {number}" for number in range(1, 10_000) if f"{name} - {number}" not in taken)

    def _validate(self, meta: DocType, document: Document, name: str) -> None:
        empty = [one.name for one in meta.fields if one.required and document.get(one.name) in (None, "", [])]
        if empty:
            raise missing(meta.name, empty)
        for field in meta.fields:
            self._validate_field(meta, field, document.get(field.name), name)

    def _validate_field(self, meta: DocType, field: Field, value: Any, name: str) -> None:
        if value in (None, ""):
            return
        if field.kind == "Data" and len(str(value)) > DATA_LENGTH:
            raise Refusal(417, "CharacterLengthExceededError", f"<b>{field.name}</b> will get truncated")
        if field.link and value not in self._documents[field.link]:
            raise no_link(field.name, value)
        others = (one for other, one in self._documents[meta.name].items() if other != name)
        if field.unique and any(same(one.get(field.name), value) for one in others):
            raise not_unique(meta.name, field.name)
        for row in value if field.child else ():
            self._validate(DOCTYPES[field.child or ""], row, "")

    def _now(self) -> str:
        self._last = max(datetime.now(UTC), self._last + timedelta(microseconds=1))
        return self._last.astimezone(self.zone).strftime("%Y-%m-%d %H:%M:%S.%f")


def stored(field: Field, value: Any) -> Any:
    """A value as its column keeps it: numbers out of text, markup out of text that is not raw."""
    if field.unique and value == "":
        return None
    if field.kind in {"Currency", "Float"} and value is not None:
        return float(value)
    if field.kind in {"Int", "Check"} and value is not None:
        return int(value)
    if field.child and value is not None:
        return [accepted_row(DOCTYPES[field.child], row) for row in value]
    if isinstance(value, str) and not field.raw:
        return re.sub(r"<[^<>]*>", "", value)
    return value


def accepted_row(meta: DocType, row: Document) -> Document:
    """A child row with the columns that it has."""
    return {key: stored(meta.by_name[key], value) for key, value in row.items() if key in meta.by_name}
