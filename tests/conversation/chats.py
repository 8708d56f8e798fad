"""People who chat with the running stack, on the web or on WhatsApp."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from sqlalchemy import select

from ramah.channels.content import Choice, Outgoing
from ramah.messaging.models import Conversation, Inbound, InboundStatus, Outbound, OutboundStatus
from ramah.people import Identity
from ramah.store import Database
from tests.stack import Stack, wait_for


@dataclass
class Chat(ABC):
    """One customer. ``say`` and ``tap`` return what the bot answered."""

    stack: Stack
    seen: int = 0
    choices: tuple[Choice, ...] = ()
    history: list[str] = field(default_factory=list)

    def say(self, text: str) -> str:
        """Write a message and wait for the whole answer."""
        self.history.append(f"> {text}")
        self._send(text, None, text)
        return self.answer()

    def tap(self, title: str) -> str:
        """Tap the latest button whose title begins with these words."""
        choice = next((one for one in self.choices if one.title.startswith(title)), None)
        assert choice is not None, f"no button {title!r} in {[one.title for one in self.choices]}\n{self.transcript()}"
        self.history.append(f"> [{choice.title}]")
        self._send(choice.title, choice.payload, choice.title)
        return self.answer()

    def answer(self, seconds: float = 40.0) -> str:
        """Wait until nothing is being answered any more; returns the new texts of the bot."""
        found: list[Outgoing] = []

        def is_done() -> bool:
            found[:] = self._replies()
            return bool(found) and not self._is_waiting()

        wait_for(is_done, f"an answer to {self.history[-1:]}\n{self.transcript()}", seconds)
        self.seen += len(found)
        for message in found:
            self.history.append(message.text)
            if message.choices:
                self.choices = message.choices
        return "\n".join(message.text for message in found)

    def transcript(self) -> str:
        """The whole conversation, for failures."""
        return "\n".join(self.history)

    @property
    def database(self) -> Database:
        """The platform's database."""
        return self.stack.database

    def conversation(self) -> Conversation:
        """This customer's latest conversation."""
        with self.database.every_organisation_reading() as session:
            return session.scalars(
                select(Conversation)
                .join(Identity, Identity.contact_id == Conversation.contact_id)
                .where(Identity.platform_id == self.address())
                .order_by(Conversation.created_at.desc())
            ).first() or Conversation(id="none")

    @abstractmethod
    def address(self) -> str:
        """The channel's id of this customer."""

    @abstractmethod
    def _send(self, text: str, payload: str | None, title: str) -> None:
        """Let a message leave the customer's device."""

    def _replies(self) -> list[Outgoing]:
        with self.database.every_organisation_reading() as session:
            rows = session.scalars(
                select(Outbound)
                .where(Outbound.conversation_id == self.conversation().id, Outbound.status != OutboundStatus.DROPPED)
                .order_by(Outbound.position)
            ).all()
        return [Outgoing.model_validate(row.content) for row in rows][self.seen :]

    def _is_waiting(self) -> bool:
        with self.database.every_organisation_reading() as session:
            waiting = select(Inbound.id).where(
                Inbound.conversation_id == self.conversation().id, Inbound.status == InboundStatus.WAITING
            )
            return session.scalars(waiting).first() is not None


@dataclass
class WebChat(Chat):
    """A visitor of the web chat page."""

    key: str = "kilap-auto"
    token: str = ""

    def __post_init__(self) -> None:
        self.base = f"{self.stack.console}/api/webchat/{self.key}"
        opened = httpx.post(f"{self.base}/session", json={"token": None}, timeout=20)
        self.token = opened.json()["token"]

    def address(self) -> str:
        """The hash of the token."""
        import hashlib

        return hashlib.sha256(self.token.encode()).hexdigest()

    def _send(self, text: str, payload: str | None, title: str) -> None:
        body = {"client_id": str(uuid4()), "text": text, "payload": payload}
        answer = httpx.post(f"{self.base}/messages", json=body, headers=self.headers(), timeout=20)
        assert answer.status_code == 202, answer.text

    def headers(self) -> dict[str, str]:
        """What authorises the visitor."""
        return {"Authorization": f"Bearer {self.token}"}

    def messages(self) -> list[dict[str, Any]]:
        """What the visitor's browser shows."""
        found: list[dict[str, Any]] = httpx.get(f"{self.base}/messages?after=0", headers=self.headers()).json()[
            "messages"
        ]
        return found


@dataclass
class WhatsAppChat(Chat):
    """A customer on the pretended WhatsApp: messages come as signed webhooks, answers leave through the Graph API."""

    number: str = "628111000001"
    name: str = "Pelanggan"

    def address(self) -> str:
        """The number."""
        return self.number

    def _send(self, text: str, payload: str | None, title: str) -> None:
        body: dict[str, Any] = {"from": self.number, "name": self.name}
        body |= {"payload": payload, "title": title} if payload else {"text": text}
        answer = httpx.post(f"{self.stack.graph}/_demo/inbound", json=body, timeout=20)
        assert answer.status_code < 300, answer.text

    def delivered(self) -> list[dict[str, Any]]:
        """What has arrived on the customer's phone."""
        answer = httpx.get(f"{self.stack.graph}/_demo/messages", params={"to": self.number}, timeout=20).json()
        messages: list[dict[str, Any]] = answer["messages"] if isinstance(answer, dict) else answer
        return messages


def wait_until_quiet(chat: Chat, seconds: float = 20.0) -> None:
    """Wait until no message of this chat is on its way in either direction."""

    def is_quiet() -> bool:
        with chat.database.every_organisation_reading() as session:
            moving = select(Outbound.id).where(
                Outbound.conversation_id == chat.conversation().id,
                Outbound.status.in_((OutboundStatus.QUEUED, OutboundStatus.SENDING)),
            )
            return session.scalars(moving).first() is None and not chat._is_waiting()

    wait_for(is_quiet, "everything was delivered", seconds)
