"""A customer's seat: what a visitor of the web chat, or the person with the demo's WhatsApp phone, can do and see."""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ramah.channels.content import Choice
from ramah.lib.errors import BadInput, NotFound, RamahError

BOT = "bot"
CUSTOMER = "customer"
QUIET = 2.0
"""Seconds without a sign of life after which nobody is taken to be answering."""
PATIENCE = 40.0
START = "What to do: start it with `make run`, or name a running one with --url."


class NobodyAnswers(RamahError):
    """No console (or demo phone) is there to talk to."""

    subsystem = "chat"
    permanent = False


class Bubble(BaseModel):
    """One message as the page shows it. ``author`` is customer, bot, staff or system."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True, frozen=True)

    position: int
    author: str = Field(alias="from")
    name: str | None = Field(default=None, alias="author")
    text: str = ""
    choices: tuple[Choice, ...] = ()
    image_url: str | None = None


@dataclass(frozen=True)
class Answer:
    """What came back: the bubbles of the other side, and who handles the conversation (bot, queue, human, closed).

    ``whole`` is False where patience ended first."""

    bubbles: tuple[Bubble, ...]
    handled_by: str = BOT
    whole: bool = True

    @property
    def text(self) -> str:
        """All texts, one a line."""
        return "\n".join(bubble.text for bubble in self.bubbles)


class Seat(ABC):
    """One customer's conversation on a channel."""

    @abstractmethod
    def send(self, text: str, payload: str | None = None) -> None:
        """Write a message, or tap a button (its payload and its title as the text).

        Raises:
            NobodyAnswers: Nothing runs there, or it refuses.
        """

    @abstractmethod
    def send_file(self, name: str, content: bytes, mime_type: str) -> None:
        """Send a file. Raises NobodyAnswers."""

    @abstractmethod
    def answer(self, patience: float = PATIENCE) -> Answer:
        """Wait for the whole answer to all that was sent, at most ``patience`` seconds. Raises NobodyAnswers."""

    def close(self) -> None:
        """Leave."""
        self._http.close()

    _http: httpx.Client

    def _call(self, method: str, path: str, **words: Any) -> Any:
        try:
            answer = self._http.request(method, path, **words)
        except httpx.TransportError as error:
            raise _nobody(self._http, error) from error
        _judge(self._http, answer)
        return answer.json()


def _nobody(http: httpx.Client, error: Exception) -> NobodyAnswers:
    return NobodyAnswers(f"nothing answers at {http.base_url} ({type(error).__name__}). {START}")


def _judge(http: httpx.Client, answer: httpx.Response) -> None:
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise NotFound(f"{http.base_url} has no {answer.request.url.path}; look at the web chats on its front page")
    if answer.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.REQUEST_ENTITY_TOO_LARGE):
        raise BadInput(f"the message was refused: {answer.read().decode(errors='replace')[:200]}")
    if answer.is_error:
        raise NobodyAnswers(f"{http.base_url} answers {answer.status_code}; its logs are in var/log", permanent=True)


@dataclass
class WebChatSeat(Seat):
    """A visitor of the web chat behind a public key. ``token`` continues an earlier visit."""

    url: str
    key: str
    token: str | None = None
    shown: int = 0
    _mine: int = 0
    _http: httpx.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._http = httpx.Client(base_url=self.url, timeout=20.0, trust_env=False)
        self._path = f"/api/webchat/{self.key}"
        opened = self._call("POST", f"{self._path}/session", json={"token": self.token})
        self.token, self.shown = str(opened["token"]), int(opened["position"])
        self._http.headers["Authorization"] = f"Bearer {self.token}"

    def send(self, text: str, payload: str | None = None) -> None:
        """Post one message."""
        body = {"client_id": str(uuid4()), "text": text, "payload": payload}
        self._accepted(self._call("POST", f"{self._path}/messages", json=body))

    def send_file(self, name: str, content: bytes, mime_type: str) -> None:
        """Upload one file."""
        form, files = {"client_id": str(uuid4()), "text": ""}, {"file": (name, content, mime_type)}
        self._accepted(self._call("POST", f"{self._path}/files", data=form, files=files))

    def _accepted(self, answer: dict[str, Any]) -> None:
        self._mine = int(answer["message"]["position"])

    def answer(self, patience: float = PATIENCE) -> Answer:
        """Follow the page's stream until nobody is writing any more."""
        deadline = time.monotonic() + patience
        following = _Following(self.shown, self._mine)
        while not following.is_whole and time.monotonic() < deadline:
            self._follow(following, deadline)
            if following.handled_by != BOT:
                break
        self.shown = following.shown
        return Answer(tuple(following.bubbles), following.handled_by, following.is_whole)

    def _follow(self, following: _Following, deadline: float) -> None:
        """One stream, until the answer is whole, the time is over or nothing comes for a while."""
        path, quiet = f"{self._path}/stream?after={following.shown}", httpx.Timeout(20.0, read=QUIET)
        try:
            with self._http.stream("GET", path, timeout=quiet) as response:
                _judge(self._http, response)
                for event, data in _events(response.iter_lines()):
                    following.take(event, data)
                    if following.is_whole or time.monotonic() > deadline:
                        return
        except httpx.ReadTimeout:
            following.typing = None
        except httpx.TransportError as error:
            raise _nobody(self._http, error) from error


@dataclass
class _Following:
    """What the stream has told. ``typing`` is None until it was told whether somebody writes."""

    shown: int
    mine: int
    typing: bool | None = None
    handled_by: str = BOT
    bubbles: list[Bubble] = field(default_factory=list)

    def take(self, event: str, data: dict[str, Any]) -> None:
        if event == "typing":
            self.typing = bool(data["on"])
        elif event == "state":
            self.handled_by = str(data["handled_by"])
        elif event == "message":
            bubble = _read_bubble(data)
            self.shown = max(self.shown, bubble.position)
            if bubble.author != CUSTOMER:
                self.bubbles.append(bubble)

    @property
    def is_whole(self) -> bool:
        """Whether the latest message was answered and nothing more is being written."""
        return self.typing is False and any(bubble.position > self.mine for bubble in self.bubbles)


def _read_bubble(data: dict[str, Any]) -> Bubble:
    try:
        return Bubble.model_validate(data)
    except ValidationError as error:
        raise BadInput(f"the console's answer is of another version: {error.errors()[0]['msg']}") from error


def _events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    event = ""
    for line in lines:
        name, _, value = line.partition(": ")
        if name == "event":
            event = value
        elif name == "data":
            yield event, json.loads(value)
