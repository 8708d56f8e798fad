"""Frappe's REST interface (v1): lists with paging, documents, methods. Knows nothing of bookings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

import structlog
from pydantic import BaseModel, ConfigDict, ValidationError

from ramah.integrations.erp.frappe.errors import error_from
from ramah.integrations.erp.frappe.settings import FrappeAccess
from ramah.integrations.errors import Rejected, Unavailable, UncertainWrite
from ramah.integrations.http import (
    BREAKERS,
    Answer,
    BadStatus,
    Breakers,
    HttpClient,
    NoAnswer,
)

Filter = Sequence[object]
Body = Mapping[str, object]

MISSING_COLUMN = frozenset({"OperationalError", "ProgrammingError", "UndefinedColumn"})  # older sites answer 500
MAYBE_WRITTEN = frozenset({500, 502, 504})

log = structlog.get_logger(__name__)


class Row(BaseModel):
    """A row of a list. A subclass's field names are the ERP's own and become ``fields`` of the query."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str


class Stamp(Row):
    """A document's name and when it was made (site time)."""

    creation: datetime


R = TypeVar("R", bound=Row)


class FrappeClient:
    """Calls to one site as one user; raises the errors of ``ramah.integrations.errors`` only."""

    def __init__(self, access: FrappeAccess, breakers: Breakers = BREAKERS) -> None:
        headers = {"Authorization": access.authorization, "Accept": "application/json"}
        self._http = HttpClient(access.base_url, headers=headers, limits=access.patience, breakers=breakers, kind="erp")
        self._page_size = access.page_size

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def rows(
        self,
        doctype: str,
        row: type[R],
        filters: Sequence[Filter],
        *,
        order_by: str = "name asc",
        most: int | None = None,
    ) -> list[R]:
        """All rows that fit (at most ``most``), page by page; a row that cannot be read is logged and left out."""
        found: dict[str, R] = {}
        for page in self._pages(doctype, row, filters, order_by, most):
            fresh = {str(raw.get("name")): raw for raw in page if str(raw.get("name")) not in found}
            found.update((one.name, one) for one in map_rows(doctype, row, fresh.values()))
            if not fresh or (most is not None and len(found) >= most):
                break
        return list(found.values())[:most]

    def _pages(
        self, doctype: str, row: type[Row], filters: Sequence[Filter], order_by: str, most: int | None
    ) -> Iterator[list[dict[str, Any]]]:
        size = min(self._page_size, most or self._page_size)
        query: dict[str, str | int] = {
            "fields": json.dumps(list(row.model_fields)),
            "filters": json.dumps(filters),
            "order_by": order_by,
            "limit_page_length": size,
        }
        start, full = 0, True
        while full:
            data = self._read(_resource(doctype), {**query, "limit_start": start}).get("data")
            page = data if isinstance(data, list) else []
            yield page
            start, full = start + size, len(page) >= size

    def probe(self, doctype: str, fields: Sequence[str]) -> None:
        """Ask for a row filtered by every field; raises Rejected when the site lacks one of the columns."""
        filters = json.dumps([[field, "is", "set"] for field in fields])
        query: dict[str, str | int] = {"filters": filters, "order_by": "name asc", "limit_page_length": 1}
        try:
            self._read(_resource(doctype), query)
        except Unavailable as error:
            if error.code in MISSING_COLUMN:
                raise Rejected(f"a field is missing ({error})", code=error.code) from error
            raise

    def document(self, doctype: str, name: str) -> dict[str, Any]:
        """One whole document with its child tables, as it came."""
        data = self._read(_resource(doctype, name), {}).get("data")
        return data if isinstance(data, dict) else {}

    def method(self, dotted: str) -> Any:
        """What a whitelisted read method returns, or None."""
        return self._read(f"/api/method/{dotted}", {}).get("message")

    def create(self, doctype: str, body: Body) -> Stamp:
        """Insert. Raises UncertainWrite when it may have been written, Duplicate when it exists."""
        try:
            answer = self._http.request("POST", _resource(doctype), json=body)
            return Stamp.model_validate(_object(answer).get("data"))
        except NoAnswer as error:
            if error.sent:
                raise UncertainWrite(f"creating {doctype}: {error}", code="no_answer") from error
            raise
        except BadStatus as error:
            if error.answer.status in MAYBE_WRITTEN:
                code = str(error.answer.status)
                raise UncertainWrite(f"creating {doctype}: {error_from(error.answer)}", code=code) from error
            raise error_from(error.answer) from error
        except (Unavailable, ValidationError) as error:
            raise UncertainWrite(f"creating {doctype}: the answer cannot be read", code="unreadable") from error

    def update(self, doctype: str, name: str, body: Body) -> None:
        """Change fields; safe to repeat."""
        self._change("PUT", doctype, name, body, frozenset({200}))

    def delete(self, doctype: str, name: str) -> None:
        """Delete a draft; one that is gone already is fine."""
        self._change("DELETE", doctype, name, None, frozenset({200, 202, 404}))

    def _change(self, method: str, doctype: str, name: str, body: Body | None, good: frozenset[int]) -> None:
        try:
            self._http.request(method, _resource(doctype, name), json=body, good=good)
        except BadStatus as error:
            raise error_from(error.answer) from error

    def _read(self, path: str, params: Mapping[str, str | int]) -> dict[str, Any]:
        try:
            return _object(self._http.request("GET", path, params=params))
        except BadStatus as error:
            raise error_from(error.answer) from error


def map_rows(doctype: str, row: type[R], raws: Iterable[dict[str, Any]]) -> Iterator[R]:
    """Typed rows; what staff or another program left unreadable is logged and skipped."""
    for raw in raws:
        try:
            yield row.model_validate(raw)
        except ValidationError as error:
            log.warning("erp_row_unreadable", doctype=doctype, name=raw.get("name"), problems=error.error_count())


def _resource(doctype: str, name: str | None = None) -> str:
    path = f"/api/resource/{quote(doctype, safe='')}"
    return path if name is None else f"{path}/{quote(name, safe='')}"


def _object(answer: Answer) -> dict[str, Any]:
    """A JSON object with exact decimals; a web page with status 200 (a proxy's) is an outage."""
    try:
        data = json.loads(answer.content, parse_float=Decimal)
    except ValueError as error:
        raise Unavailable("ERP answered something else than JSON") from error
    if not isinstance(data, dict):
        raise Unavailable("ERP answered something else than a JSON object")
    return data
