"""Refusals of the fake site, with bodies as frappe/utils/response.py builds them."""

from __future__ import annotations

import json
from dataclasses import dataclass

from werkzeug.wrappers import Response


@dataclass
class Refusal(Exception):
    """An exception of the site. ``message`` may hold HTML, as Frappe's do."""

    status: int
    kind: str
    message: str
    retry_after: int | None = None


def missing(doctype: str, fields: list[str]) -> Refusal:
    """A mandatory field is empty."""
    rows = "".join(f"<li>Error: Value missing for {doctype}: <strong>{name}</strong></li>" for name in fields)
    return Refusal(417, "MandatoryError", f"<ul>{rows}</ul>")


def no_link(field: str, value: object) -> Refusal:
    """A link points nowhere."""
    return Refusal(417, "LinkValidationError", f"Could not find {field}: <b>{value}</b>")


def not_unique(doctype: str, field: str) -> Refusal:
    """A unique field's value is taken."""
    return Refusal(417, "UniqueValidationError", f"{doctype}: <strong>{field}</strong> must be unique")


def render(refusal: Refusal, *, with_exc_type: bool) -> Response:
    """The response; without ``exc_type`` the class shows in ``exception`` only, as on some sites."""
    inner = json.dumps({"message": refusal.message, "title": "Message", "indicator": "red", "raise_exception": 1})
    body = {
        "exception": f"frappe.exceptions.{refusal.kind}: {refusal.message}",
        "exc": json.dumps(["Traceback (most recent call last): secret of the house"]),
        "_server_messages": json.dumps([inner]),
    }
    if with_exc_type:
        body["exc_type"] = refusal.kind
    response = Response(json.dumps(body), status=refusal.status, content_type="application/json")
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def page(status: int, title: str) -> Response:
    """The web server's own HTML page."""
    html = f"<!DOCTYPE html><html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Response(html, status=status, content_type="text/html")
