"""Who is on the fake Facebook: one app, people with pages, and how Messenger behaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

HUMAN_AGENT = "HUMAN_AGENT"


@dataclass
class App:
    """Our app. ``webhook_url`` may be empty: then nothing is posted to us."""

    id: str = "400100"
    secret: str = "demo-app-secret"
    verify_token: str = "demo-verify-token"
    webhook_url: str = ""
    wants_proof: bool = False
    tags: frozenset[str] = frozenset()


@dataclass
class PageOnFacebook:
    """A page. ``subscription_code``: subscribing is refused with it (200: not linked to Business Manager)."""

    id: str = "700100"
    name: str = "Kilap Auto"
    tasks: tuple[str, ...] = ("MANAGE", "MESSAGING", "MODERATE")
    subscription_code: int | None = None
    fields: frozenset[str] = frozenset()


@dataclass
class Member:
    """Somebody with a Facebook account, and the pages that they let our app see."""

    id: str = "900100"
    name: str = "Rani"
    pages: list[PageOnFacebook] = field(default_factory=list)


@dataclass
class Habits:
    """How receipts come. ``delivered``: with the ids of the messages, by watermark alone, or never."""

    echo: bool = True
    delivered: Literal["mids", "watermark", "never"] = "mids"
    read: bool = False
    repeat: int = 1


@dataclass
class Limits:
    """Sends a second of one page, and how many at once (code 613)."""

    rate: float = 300.0
    burst: int = 300
