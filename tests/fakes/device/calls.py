"""Requests and answers, as the dialects see them."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import Any

import segno

from tests.fakes.device.refusals import Refusal


@dataclass(frozen=True)
class Call:
    """One request. Header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    base: str = ""

    def matches(self, method: str, pattern: str) -> dict[str, str] | None:
        """The named parts of the path, when method and path are these."""
        found = re.fullmatch(pattern, self.path) if method == self.method else None
        return found.groupdict() if found else None

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object. Raises Refusal."""
        try:
            read = json.loads(self.body or b"{}")
        except ValueError as error:
            raise Refusal("invalid_request") from error
        if not isinstance(read, dict):
            raise Refusal("invalid_request")
        return read

    def form(self) -> tuple[dict[str, str], dict[str, tuple[str, str, bytes]]]:
        """Fields and files of a multipart form."""
        head = b"Content-Type: " + self.headers.get("content-type", "").encode() + b"\r\n\r\n"
        message = BytesParser(policy=policy.HTTP).parsebytes(head + self.body)
        fields: dict[str, str] = {}
        files: dict[str, tuple[str, str, bytes]] = {}
        for part in message.iter_parts():
            name = str(part.get_param("name", "", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            filename = part.get_filename()
            if filename:
                files[name] = (filename, part.get_content_type(), content)
            else:
                fields[name] = content.decode()
        return fields, files


@dataclass(frozen=True)
class Reply:
    """One answer: an object, or a file."""

    status: int = 200
    body: Any = None
    content: bytes | None = None
    mime_type: str = "application/json"


def picture(code: str) -> bytes:
    """A PNG of a code."""
    uri = segno.make_qr(code, error="l").png_data_uri(scale=3)
    return base64.b64decode(uri.partition(",")[2])


def data_url(code: str) -> str:
    """The same as a data URL."""
    return "data:image/png;base64," + base64.b64encode(picture(code)).decode()


def decoded(text: str | None) -> bytes | None:
    """Base64, or None."""
    return base64.b64decode(text) if text else None
