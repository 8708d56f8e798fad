"""The address of the place for files, as the settings write it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from ramah.lib.errors import SettingsError

DEFAULT_REGION = "us-east-1"
_KNOWN_OPTIONS = frozenset({"endpoint", "region"})


@dataclass(frozen=True)
class Folder:
    """A folder on this machine."""

    path: Path


@dataclass(frozen=True)
class Bucket:
    """A bucket of S3 or of something that speaks like it. ``endpoint`` is None at Amazon itself; ``prefix`` stands
    before all names. Without ``key`` the machine's own role is asked."""

    name: str
    prefix: str = ""
    endpoint: str | None = None
    region: str = DEFAULT_REGION
    key: str | None = None
    secret: str | None = field(default=None, repr=False)


def read_place(url: str, key: str | None, secret: str | None) -> Folder | Bucket:
    """The place behind ``file://folder`` or ``s3://bucket/prefix?endpoint=...&region=...``. Raises SettingsError."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return Folder(_folder(unquote(parts.netloc + parts.path)))
    if parts.scheme != "s3" or not parts.netloc or "@" in parts.netloc:
        raise SettingsError("RAMAH_MEDIA_URL must be file://<folder> or s3://<bucket>?endpoint=...&region=...")
    options = parse_qs(parts.query)
    if not set(options) <= _KNOWN_OPTIONS:
        unknown = ", ".join(sorted(set(options) - _KNOWN_OPTIONS))
        raise SettingsError(f"RAMAH_MEDIA_URL has options that do not exist: {unknown[:100]}")
    if bool(key) != bool(secret):
        raise SettingsError("RAMAH_MEDIA_KEY and RAMAH_MEDIA_SECRET belong together; one of them is missing")
    return Bucket(
        name=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=_endpoint(options.get("endpoint", [""])[-1]),
        region=options.get("region", [DEFAULT_REGION])[-1],
        key=key or None,
        secret=secret or None,
    )


def _folder(path: str) -> Path:
    if not path.strip("/"):
        raise SettingsError("RAMAH_MEDIA_URL names no folder; write file://var/media or file:///srv/media")
    return Path(path).absolute()


def _endpoint(address: str) -> str | None:
    if address and urlsplit(address).scheme not in ("http", "https"):
        raise SettingsError("the endpoint in RAMAH_MEDIA_URL must begin with http:// or https://")
    return address.rstrip("/") or None
