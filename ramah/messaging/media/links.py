"""Signed addresses of files: whoever holds one may read that file until it ends, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ramah.lib.signatures import same_text
from ramah.messaging.media.views import FileView
from ramah.messaging.models import MediaStatus
from ramah.settings import Settings
from ramah.store import utc_now


class Variant(StrEnum):
    """Which of a file's objects."""

    WHOLE = "f"
    SMALL = "s"


@dataclass(frozen=True)
class Grant:
    """What a signed address allows."""

    media_id: str
    variant: Variant


@dataclass(frozen=True)
class FileLinks:
    """Where a file and its small picture may be read; None for what is not there."""

    whole: str | None
    small: str | None


def file_links(config: Settings, view: FileView) -> FileLinks:
    """Addresses of a file for somebody who may see it (``view`` was read in a session of their organisation)."""
    if view.status != MediaStatus.STORED:
        return FileLinks(None, None)
    end = link_end(config)
    small = media_link(config, view.id, Variant.SMALL, end) if view.has_thumbnail else None
    return FileLinks(media_link(config, view.id, Variant.WHOLE, end), small)


def link_end(config: Settings, now: datetime | None = None) -> datetime:
    """When addresses made now end: between half of RAMAH_MEDIA_LINK_SECONDS and all of it from now.

    It moves in steps, so that a page that is drawn again names the same addresses and the browser keeps its copies."""
    step = config.media_link_seconds / 2
    steps = math.floor((now or utc_now()).timestamp() / step) + 2
    return datetime.fromtimestamp(steps * step, UTC)


def media_link(config: Settings, media_id: str, variant: Variant, expires: datetime) -> str:
    """The address of a file on this server, valid until ``expires``. Make it only for whoever may see the file."""
    body = f"{variant}.{math.floor(expires.timestamp()):x}.{media_id}"
    return f"/media/{body}.{_signature(config, body)}"


def read_token(config: Settings, token: str, now: datetime | None = None) -> Grant | None:
    """What a token allows, or None for one that is forged, changed or too old."""
    body, _, signature = token.rpartition(".")
    if not same_text(_signature(config, body), signature):
        return None
    variant, _, media_id = body.split(".", 2)
    if token_end(token) < (now or utc_now()):
        return None
    return Grant(media_id, Variant(variant))


def token_end(token: str) -> datetime:
    """When a token that ``read_token`` took ends."""
    return datetime.fromtimestamp(int(token.split(".", 2)[1], 16), UTC)


def _signature(config: Settings, body: str) -> str:
    """HMAC-SHA256 under a key of its own, so that no other signature of this server is one of these."""
    key = hashlib.sha256(b"ramah-media-links:" + config.secret_key.get_secret_value().encode()).digest()
    digest = hmac.new(key, body.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
