"""The person with the demo's WhatsApp phone (`make run` starts it), as a seat."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from ramah.channels.content import Choice
from ramah.cli.chat_seats import BOT, PATIENCE, Answer, Bubble, Seat

SETTLED = 1.2
"""Seconds after the last bubble until an answer counts as whole; WhatsApp does not say that somebody still writes."""
PAUSE = 0.1


@dataclass
class WhatsAppSeat(Seat):
    """Writes signed webhooks through the demo phone and reads what arrives on it."""

    url: str
    number: str = "628111000900"
    name: str = "Tamu"
    _seen: int = 0
    _lists: frozenset[str] = frozenset()
    _http: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.url, timeout=20.0, trust_env=False)
        self._seen = len(self._messages())

    def send(self, text: str, payload: str | None = None) -> None:
        """Write or tap."""
        tap = {"payload": payload, "title": text, "from_list": payload in self._lists}
        self._write(tap if payload else {"text": text})

    def send_file(self, name: str, content: bytes, mime_type: str) -> None:
        """Send a picture or a document."""
        kind = "image" if mime_type.startswith("image/") else "document"
        file = {"kind": kind, "content": base64.b64encode(content).decode(), "mime_type": mime_type, "filename": name}
        self._write({"file": file})

    def answer(self, patience: float = PATIENCE) -> Answer:
        """Wait until bubbles have come and no further one follows."""
        deadline, settled, count = time.monotonic() + patience, 0.0, self._seen
        while time.monotonic() < deadline:
            now = len(self._messages())
            if now != count:
                count, settled = now, time.monotonic() + SETTLED
            elif settled and time.monotonic() > settled:
                break
            time.sleep(PAUSE)
        new, self._seen = self._messages()[self._seen :], count
        bubbles = tuple(_bubble(number, line["body"]) for number, line in enumerate(new))
        self._lists = frozenset(row for line in new for row in _rows(line["body"]))
        return Answer(bubbles, BOT, whole=bool(settled))

    def _messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._call("GET", "/_demo/messages", params={"to": self.number})
        return [line for line in found if line["body"].get("type")]

    def _write(self, content: dict[str, Any]) -> None:
        self._call("POST", "/_demo/inbound", json={"from": self.number, "name": self.name, **content})


def _bubble(number: int, body: dict[str, Any]) -> Bubble:
    kind = str(body["type"])
    part = body.get(kind) or {}
    text = part.get("body") or part.get("caption") or ""
    wording = text if isinstance(text, str) else str(text.get("text", ""))
    image = part.get("link") if kind == "image" else None
    shown = {"position": number, "from": BOT, "text": wording, "choices": _choices(part), "image_url": image}
    return Bubble.model_validate(shown)


def _choices(part: dict[str, Any]) -> tuple[Choice, ...]:
    action = part.get("action") or {}
    buttons = [button["reply"] for button in action.get("buttons", []) if "reply" in button]
    rows = [row for section in action.get("sections", []) for row in section.get("rows", [])]
    return tuple(
        Choice(title=one["title"], payload=one["id"], description=one.get("description")) for one in (*buttons, *rows)
    )


def _rows(body: dict[str, Any]) -> list[str]:
    action = (body.get("interactive") or {}).get("action") or {}
    return [row["id"] for section in action.get("sections", []) for row in section.get("rows", [])]
