"""Multipart bodies of uploads."""

from __future__ import annotations

from dataclasses import dataclass
from email import policy
from email.parser import BytesParser

from tests.fakes.graph.refusals import RefusalError


@dataclass(frozen=True)
class Upload:
    """What a business hands over."""

    content: bytes
    mime_type: str
    filename: str | None


def read_upload(content_type: str, body: bytes) -> Upload:
    """The file of a ``multipart/form-data`` body. Raises RefusalError when something is missing."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=policy.HTTP).parsebytes(head + body)
    fields: dict[str, bytes] = {}
    filename: str | None = None
    for part in message.iter_parts() if message.is_multipart() else ():
        name = str(part.get_param("name", "", header="content-disposition"))
        payload = part.get_payload(decode=True)
        fields[name] = payload if isinstance(payload, bytes) else b""
        filename = part.get_filename() if name == "file" else filename
    if fields.get("messaging_product") != b"whatsapp":
        raise RefusalError(400, 100, "The parameter messaging_product is required.")
    if "file" not in fields or not fields.get("type"):
        raise RefusalError(400, 131008, "Required parameter is missing", "file and type")
    return Upload(fields["file"], fields["type"].decode(), filename)
