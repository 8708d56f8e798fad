"""BODYSTRUCTURE and the sections of a mail (RFC 9051, 7.5.2 and 6.4.5.1)."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser


def body_structure(raw: bytes) -> bytes:
    """The structure of a mail, in brackets."""
    return _described(BytesParser().parsebytes(raw))


def section(raw: bytes, name: str) -> bytes | None:
    """The bytes of ``HEADER``, ``1.2`` or ``1.2.MIME``; None where there is no such part."""
    if name == "HEADER":
        return raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    wants_header = name.endswith(".MIME")
    part: Message = BytesParser().parsebytes(raw)
    for number in map(int, name.removesuffix(".MIME").split(".")):
        children = _children(part)
        if children is None and number == 1:
            break
        if children is None or number > len(children):
            return None
        part = children[number - 1]
    if wants_header:
        fields = "".join(f"{key}: {value}\r\n" for key, value in part.raw_items())
        return fields.encode("utf-8", "surrogateescape") + b"\r\n"
    return _content(part)


def _children(part: Message) -> list[Message] | None:
    payload = part.get_payload()
    return payload if part.get_content_maintype() == "multipart" and isinstance(payload, list) else None  # type: ignore[return-value]


def _content(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):
        return b"".join(item.as_bytes() for item in payload if isinstance(item, Message))
    text = str(payload).replace("\r\n", "\n").replace("\n", "\r\n")
    return text.encode("utf-8", "surrogateescape")


def _described(part: Message) -> bytes:
    children = _children(part)
    if children is not None:
        inside = b"".join(_described(child) for child in children)
        return b"(" + inside + b" " + _quoted(part.get_content_subtype()) + b" NIL NIL NIL)"
    main, sub = part.get_content_maintype(), part.get_content_subtype()
    encoding = str(part.get("content-transfer-encoding", "7bit")).strip()
    size = len(_content(part))
    fields = [_quoted(main), _quoted(sub), _parameters(part), b"NIL", b"NIL", _quoted(encoding), b"%d" % size]
    if main == "text":
        fields.append(b"%d" % _content(part).count(b"\n"))
    if (main, sub) == ("message", "rfc822"):
        fields += [b"(" + b" ".join([b"NIL"] * 10) + b")", _described(_inner(part)), b"0"]
    return b"(" + b" ".join([*fields, b"NIL", b"NIL", b"NIL"]) + b")"


def _inner(part: Message) -> Message:
    payload = part.get_payload()
    assert isinstance(payload, list)
    inner = payload[0]
    assert isinstance(inner, Message)
    return inner


def _parameters(part: Message) -> bytes:
    found = [(name, value) for name, value in part.get_params() or [] if value][:5]
    if not found:
        return b"NIL"
    return b"(" + b" ".join(_quoted(str(item)) for pair in found for item in pair) + b")"


def _quoted(text: str) -> bytes:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'.encode("ascii", "replace")
