"""A scripted customer's hands: writes, taps, uploads, lets time pass, on the web or on the pretended WhatsApp."""

from __future__ import annotations

import base64
import hashlib
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.content import Choice
from ramah.cli.chat_seats import Answer, Bubble, WebChatSeat
from ramah.messaging.models import Conversation, Outbound
from ramah.people import Identity
from ramah.store import Base, TenantRow
from tests.conversation.chats import WhatsAppChat
from tests.stack import Stack

PATIENCE = 60.0


@dataclass
class Person(ABC):
    """One customer: ``bubbles`` are all that came, oldest first, ``log`` both sides."""

    stack: Stack
    bubbles: list[Bubble] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    turns: int = 0

    def say(self, text: str) -> None:
        """Write one message."""
        self._sent(text)
        self.send(text, None)

    def tap(self, title: str, *, back: int = 0, times: int = 1) -> None:
        """Tap the button that begins so; ``back`` counts bubbles with such a button from the newest."""
        choice = self._button(title, back)
        self._sent(f"[{choice.title}]")
        for _ in range(times):
            self.send(choice.title, choice.payload)

    def receive(self) -> Answer:
        """The whole answer."""
        answer = self.wait()
        self.bubbles += answer.bubbles
        for bubble in answer.bubbles:
            buttons = f"   [{'] ['.join(choice.title for choice in bubble.choices)}]" if bubble.choices else ""
            self.log.append(f"{bubble.text}{buttons}")
        return answer

    def let_pass(self, pause: timedelta) -> None:
        """Make everything of this conversation that much older."""
        self.log.append(f"    ... {pause} later ...")
        with self.stack.database.every_organisation() as session:
            conversation = self.conversation(session)
            conversation_id = conversation.id
            _make_older(session, conversation, pause)
            for kind in _kinds_of_conversation():
                for row in session.scalars(select(kind).where(kind.conversation_id == conversation_id)):
                    _make_older(session, row, pause)

    def conversation(self, session: Session) -> Conversation:
        """This customer's latest conversation."""
        return session.scalars(
            select(Conversation)
            .join(Identity, Identity.contact_id == Conversation.contact_id)
            .where(Identity.platform_id == self.address())
            .order_by(Conversation.created_at.desc())
        ).all()[0]

    def transcript(self) -> str:
        """Both sides, for failures."""
        return "\n".join(self.log)

    def photo(self) -> bytes:
        """A small picture, another one for each customer."""
        picture = BytesIO()
        colour = (len(self.log) % 256, sum(self.address().encode()) % 256, 90)
        Image.new("RGB", (64, 48), colour).save(picture, "PNG")
        return picture.getvalue()

    def _sent(self, words: str) -> None:
        self.turns += 1
        self.log.append(f"> {words}")

    def _button(self, title: str, back: int) -> Choice:
        found = [
            choice for bubble in reversed(self.bubbles) for choice in bubble.choices if choice.title.startswith(title)
        ]
        assert len(found) > back, f"no button {title!r}\n{self.transcript()}"
        return found[back]

    @abstractmethod
    def send(self, text: str, payload: str | None) -> None:
        """Let a message leave the device."""

    @abstractmethod
    def wait(self) -> Answer:
        """What came back."""

    @abstractmethod
    def address(self) -> str:
        """The channel's id of this customer."""

    @abstractmethod
    def send_photo(self) -> None:
        """Send a picture without words."""

    @abstractmethod
    def reply(self, text: str, to: str) -> None:
        """Answer the newest bubble that says ``to``, by the channel's own reply."""

    @abstractmethod
    def send_pin(self, latitude: float, longitude: float) -> None:
        """Share a location."""


@dataclass
class Visitor(Person):
    """On the web chat."""

    key: str = "kilap-auto"

    def __post_init__(self) -> None:
        self.seat = WebChatSeat(self.stack.console, self.key)

    def send(self, text: str, payload: str | None) -> None:
        """Post."""
        self.seat.send(text, payload)

    def wait(self) -> Answer:
        """Follow the page."""
        return self.seat.answer(PATIENCE)

    def address(self) -> str:
        """The hash of the token."""
        return hashlib.sha256(str(self.seat.token).encode()).hexdigest()

    def send_photo(self) -> None:
        """Upload."""
        self._sent("(photo)")
        self.seat.send_file("photo.png", self.photo(), "image/png")

    def reply(self, text: str, to: str) -> None:
        """The page has no replies."""
        raise AssertionError("the web chat cannot reply to a bubble")

    def send_pin(self, latitude: float, longitude: float) -> None:
        """The page has no pins."""
        raise AssertionError("the web chat cannot share a location")


@dataclass
class Phone(Person):
    """On the pretended WhatsApp."""

    number: str = "6281277700000"

    def __post_init__(self) -> None:
        self.chat = WhatsAppChat(self.stack, number=self.number)

    def send(self, text: str, payload: str | None) -> None:
        """A signed webhook."""
        self.chat._send(text, payload, text)

    def wait(self) -> Answer:
        """Read what was queued for this phone."""
        seen = self.chat.seen
        self.chat.answer(PATIENCE)
        self.chat.seen = seen
        found = self.chat._replies()
        self.chat.seen += len(found)
        shown = [{"position": 0, "from": "bot", "text": one.text, "choices": one.choices} for one in found]
        return Answer(tuple(map(Bubble.model_validate, shown)), self.chat.conversation().handled_by)

    def address(self) -> str:
        """The number."""
        return self.number

    def send_photo(self) -> None:
        """A picture message."""
        self._sent("(photo)")
        self._write({"file": {"content": base64.b64encode(self.photo()).decode(), "mime_type": "image/png"}})

    def reply(self, text: str, to: str) -> None:
        """A text message whose context is the bubble."""
        self._sent(f"(to {to!r}) {text}")
        self._write({"text": text, "reply_to": self._provider_id(to)})

    def _provider_id(self, words: str) -> str:
        with self.stack.database.every_organisation_reading() as session:
            rows = session.scalars(
                select(Outbound)
                .where(Outbound.conversation_id == self.conversation(session).id, Outbound.provider_id.is_not(None))
                .order_by(Outbound.position.desc())
            )
            found = next((row.provider_id for row in rows if words in row.content["text"]), None)
        assert found, f"no bubble says {words!r}\n{self.transcript()}"
        return found

    def send_pin(self, latitude: float, longitude: float) -> None:
        """A location message."""
        self._sent(f"(pin {latitude}, {longitude})")
        place = {"latitude": latitude, "longitude": longitude}
        self._write({"message": {"type": "location", "location": place}})

    def _write(self, content: dict[str, Any]) -> None:
        body = {"from": self.number, "name": "Pelanggan", **content}
        httpx.post(f"{self.stack.graph}/_demo/inbound", json=body, timeout=20).raise_for_status()


def _kinds_of_conversation() -> list[Any]:
    kinds = (mapper.class_ for mapper in Base.registry.mappers)
    return [kind for kind in kinds if issubclass(kind, TenantRow) and hasattr(kind, "conversation_id")]


def _make_older(session: Session, row: Any, pause: timedelta) -> None:
    for column in row.__table__.columns:
        if isinstance(moment := getattr(row, column.key, None), datetime):
            setattr(row, column.key, moment - pause)
