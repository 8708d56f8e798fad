"""Lists of the fake site: fields, filters, or_filters, order, pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.frappe.errors import Refusal
from tests.fakes.frappe.meta import STANDARD, DocType

Document = dict[str, Any]
PAGE = 20


def listing(doctype: DocType, documents: list[Document], args: Mapping[str, str]) -> list[Document]:
    """The rows of one page; 20 where the caller names no limit."""
    fields = json.loads(args.get("fields", '["name"]'))
    for field in fields:
        known(doctype, field)
    filters = parsed(args.get("filters"))
    either = parsed(args.get("or_filters"))
    for condition in (*filters, *either):
        if len(condition) == 3:
            known(doctype, condition[0])
    kept = [one for one in documents if all(fits(doctype, one, each) for each in filters)]
    if either:
        kept = [one for one in kept if any(fits(doctype, one, each) for each in either)]
    start = int(args.get("limit_start", 0))
    length = int(args.get("limit_page_length", args.get("limit", PAGE)))
    rows = ordered(kept, args.get("order_by", "modified desc"))[start : start + length if length else None]
    return [{field: row.get(field) for field in fields} for row in rows]


def parsed(raw: str | None) -> list[list[Any]]:
    """Filters as lists; the object form becomes lists, too."""
    data = json.loads(raw or "[]")
    if isinstance(data, dict):
        return [[key, *(value if isinstance(value, list) else ["=", value])] for key, value in data.items()]
    return list(data)


def known(doctype: DocType, field: str) -> None:
    """Refuse a column that the doctype does not have."""
    if field not in doctype.by_name and field not in STANDARD:
        raise Refusal(417, "DataError", f"Field not permitted in query: <b>{field}</b>")


def fits(doctype: DocType, document: Document, condition: list[Any]) -> bool:
    """Whether a document passes one filter; four parts name a (child) doctype first."""
    if len(condition) == 4:
        owner, field, operator, value = condition
        if owner != doctype.name:
            return any(compare(row.get(field), operator, value) for row in child_rows(doctype, document, owner))
    else:
        field, operator, value = condition
    return compare(document.get(field), operator, value)


def child_rows(doctype: DocType, document: Document, child: str) -> list[Document]:
    """All rows of a child doctype in a document."""
    tables = [one.name for one in doctype.fields if one.child == child]
    return [row for table in tables for row in document.get(table) or []]


def like(stored: Any, pattern: Any) -> bool:
    """SQL LIKE, case-insensitive as MariaDB's default collation."""
    regex = "".join({"%": ".*", "_": "."}.get(char, re.escape(char)) for char in str(pattern))
    return re.fullmatch(regex, str(stored or ""), re.IGNORECASE | re.DOTALL) is not None


def same(stored: Any, value: Any) -> bool:
    """Equality over the types that JSON and the columns mix."""
    return stored == value or (stored is not None and str(stored) == str(value))


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": same,
    "!=": lambda stored, value: not same(stored, value),
    ">": lambda stored, value: stored is not None and stored > value,
    "<": lambda stored, value: stored is not None and stored < value,
    ">=": lambda stored, value: stored is not None and stored >= value,
    "<=": lambda stored, value: stored is not None and stored <= value,
    "like": like,
    "not like": lambda stored, value: not like(stored, value),
    "in": lambda stored, value: any(same(stored, one) for one in value),
    "not in": lambda stored, value: not any(same(stored, one) for one in value),
    "between": lambda stored, value: stored is not None and value[0] <= stored <= value[1],
    "is": lambda stored, value: (stored not in {None, ""}) == (value == "set"),
}


def compare(stored: Any, operator: str, value: Any) -> bool:
    """Apply one operator; an unknown one is refused."""
    if operator not in OPERATORS:
        raise Refusal(417, "ValidationError", f"Operator must be one of {', '.join(OPERATORS)}")
    return OPERATORS[operator](stored, value)


def ordered(rows: list[Document], order_by: str) -> list[Document]:
    """Sort by ``field asc, field desc``; empty values come first, as in MariaDB."""
    for part in reversed(order_by.split(",")):
        field, _, direction = part.strip().partition(" ")
        rows = sorted(rows, key=lambda row: _sortable(row.get(field)), reverse=direction.strip().lower() == "desc")
    return rows


def _sortable(value: Any) -> tuple[int, Any]:
    return (0, "") if value is None else (1, value)
