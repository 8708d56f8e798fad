"""Requests as the Bot API takes them: in the address, as a form, as JSON, or with files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import policy
from email.parser import BytesParser
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.telegram.refusals import bad_request


@dataclass(frozen=True)
class Upload:
    """A file of a multipart form."""

    filename: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Call:
    """One call. Nested values are JSON in strings, as in forms."""

    method: str
    fields: Mapping[str, str]
    uploads: Mapping[str, Upload]

    def text(self, name: str) -> str:
        """A parameter; empty when it is absent."""
        return self.fields.get(name, "")

    def number(self, name: str) -> int:
        """A whole number. Raises Refused."""
        try:
            return int(self.fields[name])
        except (KeyError, ValueError) as error:
            raise bad_request(f"{name} is wrong") from error


def read_call(method: str, query: str, content_type: str, body: bytes) -> Call:
    """A call from its parts. Raises Refused."""
    fields = dict(parse_qsl(query, keep_blank_values=True))
    if content_type.startswith("multipart/"):
        more, uploads = _multipart(content_type, body)
        return Call(method, {**fields, **more}, uploads)
    if content_type.startswith("application/json"):
        return Call(method, {**fields, **_json(body)}, {})
    return Call(method, {**fields, **dict(parse_qsl(body.decode(), keep_blank_values=True))}, {})


def _json(body: bytes) -> dict[str, str]:
    try:
        read: Any = json.loads(body)
        return {name: value if isinstance(value, str) else json.dumps(value) for name, value in read.items()}
    except (ValueError, AttributeError) as error:
        raise bad_request("can't parse JSON") from error


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, str], dict[str, Upload]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    fields: dict[str, str] = {}
    uploads: dict[str, Upload] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        filename = part.get_filename()
        if filename:
            uploads[name] = Upload(filename, content)
        else:
            fields[name] = content.decode()
    return fields, uploads
