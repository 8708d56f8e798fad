"""Addresses of gateways: what an administrator may type in, and which one counts."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from ramah.lib.errors import BadInput
from ramah.settings import settings

LONGEST = 300
_LOOPBACK_NAMES = frozenset({"localhost", "localhost.localdomain"})


def checked_address(base_url: str | None) -> str:
    """The address without what does not belong to it; empty for the platform's own gateway. Raises BadInput.

    Our server calls it, so no address of the machine itself in production (the engine listens there), and never the
    link-local ones where clouds keep their credentials. Names that lead there are the network's to stop.
    """
    wanted = (base_url or "").strip().rstrip("/")
    if not wanted or wanted == _platform():
        if not _platform():
            raise BadInput("Enter the gateway's address; this installation has none of its own.")
        return ""
    host = _host(wanted)
    if _is_forbidden(host):
        raise BadInput("The gateway's address leads into our own machine; enter the one that it has in the network.")
    return wanted


def effective_address(base_url: str | None) -> str:
    """Where an account's calls go."""
    return ((base_url or "").rstrip("/") or _platform()).lower()


def _platform() -> str:
    return (settings().device_base_url or "").rstrip("/")


def _host(wanted: str) -> str:
    try:
        parts = urlsplit(wanted)
        host, odd = parts.hostname or "", parts.username or parts.password or parts.query or parts.fragment
        valid = parts.scheme in ("http", "https") and host and not odd and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise BadInput("The gateway's address cannot be read.") from error
    if not valid or len(wanted) > LONGEST or not wanted.isascii() or not wanted.isprintable() or " " in wanted:
        raise BadInput("The gateway's address begins with https:// or http:// and holds no password.")
    return host


def _is_forbidden(host: str) -> bool:
    in_production = settings().environment == "production"
    try:
        number = ip_address(host)
    except ValueError:
        return in_production and host.lower().rstrip(".") in _LOOPBACK_NAMES
    mapped = getattr(number, "ipv4_mapped", None) or number
    return mapped.is_link_local or (in_production and (mapped.is_loopback or mapped.is_unspecified))
