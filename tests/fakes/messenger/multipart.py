"""``multipart/form-data`` bodies: fields that hold JSON or words, and one file."""

from __future__ import annotations

import json
from email import policy
from email.parser import BytesParser
from typing import Any

from tests.fakes.messenger.refusals import RefusalError

FILE = "filedata"


def read_multipart(content_type: str, body: bytes) -> tuple[dict[str, Any], bytes | None]:
    """The fields and the file. Raises RefusalError for another kind of body."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    if not message.is_multipart():
        raise RefusalError(100, "the body is no multipart")
    fields: dict[str, Any] = {}
    file: bytes | None = None
    for part in message.iter_parts():
        name = str(part.get_param("name", "", header="content-disposition"))
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        if name == FILE:
            file = content
        else:
            fields[name] = _value(content.decode())
    return fields, file


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
