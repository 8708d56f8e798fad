"""What a dialect is: routes to the small WhatsApp, and its events as webhook bodies."""

from __future__ import annotations

import json
import secrets
from abc import ABC, abstractmethod
from datetime import UTC, datetime
from typing import Any, ClassVar

from tests.fakes.device.calls import Call, Reply
from tests.fakes.device.events import Event, Sent
from tests.fakes.device.phones import Client, Phones


class Dialect(ABC):
    """One gateway's words. ``key`` is what calls must prove; ``secret`` signs webhooks of clients without their own."""

    qr_seconds: ClassVar[tuple[float, ...]] = (60.0, 20.0, 20.0, 20.0, 20.0, 20.0)

    def __init__(self, key: str, secret: str) -> None:
        self.key = key
        self.secret = secret
        self.callback_url = ""

    @abstractmethod
    def is_proved(self, call: Call) -> bool:
        """Whether the call carries the key."""

    @abstractmethod
    def answer(self, phones: Phones, call: Call) -> Reply | None:
        """The answer; None for a path that does not exist. Raises Refusal."""

    @abstractmethod
    def refuse(self, code: str) -> Reply:
        """A refusal in this gateway's words."""

    @abstractmethod
    def body_of(self, client: Client, event: Event) -> dict[str, Any] | None:
        """The webhook body; None for what this gateway does not report."""

    @abstractmethod
    def headers_of(self, client: Client, body: bytes, now: float) -> dict[str, str]:
        """What proves the body."""

    def address_of(self, client: Client) -> str:
        """Where the events of a client go."""
        return client.webhook_url

    def encoded(self, client: Client, event: Event, now: float) -> tuple[dict[str, str], bytes] | None:
        """Headers (lower-case) and bytes of a webhook; None for what is not reported."""
        body = self.body_of(client, event)
        if body is None:
            return None
        content = json.dumps(body, separators=(",", ":")).encode()
        return {"content-type": "application/json", **self.headers_of(client, content, now)}, content


def digits(address: str) -> str:
    """A recipient without WhatsApp's domain for numbers; a LID stays."""
    return address.removesuffix("@s.whatsapp.net").removesuffix("@c.us")


def new_message_id() -> str:
    """An id as WhatsApp makes them."""
    return "3EB0" + secrets.token_hex(9).upper()


def iso(at: float) -> str:
    """A moment as gateways write it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def sent(phones: Phones, to: str, kind: str, text: str, **more: Any) -> Sent:
    """A message of ours."""
    return Sent(new_message_id(), digits(to), kind, text, phones.now, **more)
