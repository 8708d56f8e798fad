"""QR codes for linking: a picture from the gateway as it is, a raw code drawn here."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta

import segno
from segno import DataOverflowError

from ramah.channels.content import LinkState, LinkStatus

PICTURE = "data:image/png;base64,"
LONGEST_VALID = timedelta(seconds=60)
"""No gateway's code lives longer; one that names no end is believed for so long."""
_PNG = b"\x89PNG\r\n\x1a\n"
_LARGEST_PICTURE = 200_000
_LONGEST_CODE = 2000
_SCALE = 6


def picture_of(code: str | None) -> str | None:
    """A PNG data URL of a code: a data URL or base64 of a PNG stays, a raw one (``2@...``) is drawn; None when there is
    nothing that a phone could scan."""
    if not code or code == "not_available":
        return None
    payload = code.rpartition("base64,")[2] if code.startswith("data:") else code
    if len(payload) > _LARGEST_PICTURE:
        return None
    if _is_png(payload):
        return PICTURE + payload
    return None if code.startswith("data:") else _drawn(code)


def picture_of_bytes(content: bytes) -> str | None:
    """A PNG data URL of a picture's bytes; None for what is no PNG."""
    return picture_of(PICTURE + base64.b64encode(content).decode())


def to_scan(code: str | None, expires_at: datetime | None = None, *, seconds: float | None = None) -> LinkState:
    """The state of an account that waits for a phone; ``seconds`` is how long the gateway's codes live."""
    picture = picture_of(code)
    if picture is None:
        return LinkState(status=LinkStatus.SCAN_QR)
    now = datetime.now(UTC)
    latest = now + (timedelta(seconds=seconds) if seconds is not None else LONGEST_VALID)
    return LinkState(status=LinkStatus.SCAN_QR, qr_code=picture, qr_expires_at=expires_at or latest)


def _is_png(payload: str) -> bool:
    try:
        return base64.b64decode(payload, validate=True).startswith(_PNG)
    except (binascii.Error, ValueError):
        return False


def _drawn(code: str) -> str | None:
    if len(code) > _LONGEST_CODE:
        return None
    try:
        return str(segno.make_qr(code, error="l").png_data_uri(scale=_SCALE))
    except (DataOverflowError, ValueError):
        return None
