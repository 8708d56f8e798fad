"""``ramah chat``: talk to the running assistant in the terminal, or let a script talk to it."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path
from typing import Any, TextIO

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console

from ramah.channels.content import Choice
from ramah.cli import chat_screen as screen
from ramah.cli.chat_phone import WhatsAppSeat
from ramah.cli.chat_seats import Answer, Seat, WebChatSeat
from ramah.cli.processes import console_address
from ramah.lib.errors import BadInput
from ramah.settings import settings

LANGUAGE_PAYLOAD = '/change_language{{"language":"{code}"}}'
LANGUAGES = ("id", "ms", "en")
CHANNELS = ("webchat", "whatsapp")
LEAVE = ("/quit", "/exit")


class Written(BaseModel):
    """One line of a script: a text, a tap (number or beginning of the title), a payload, or a file to send."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    tap: int | str | None = None
    payload: str | None = None
    file: Path | None = None


def chat(*, url: str | None, organisation: str, channel: str, language: str | None, as_json: bool) -> int:
    """Talk until the input ends; returns the exit code.

    Raises:
        BadInput: There is no such channel or language.
        NobodyAnswers: Nothing runs at the address.
    """
    if language not in (None, *LANGUAGES):
        raise BadInput(f"there is no language {language!r}; choose one of {', '.join(LANGUAGES)}")
    seat = open_seat(url, organisation, channel)
    conversation = Conversation(seat)
    try:
        if language:
            conversation.send("", LANGUAGE_PAYLOAD.format(code=language))
            seat.answer()
        return run_script(conversation, sys.stdin, sys.stdout) if as_json else _talk(conversation, organisation)
    finally:
        seat.close()


def open_seat(url: str | None, organisation: str, channel: str) -> Seat:
    """A new customer on a channel. ``organisation`` is the public key of its web chat."""
    if channel not in CHANNELS:
        raise BadInput(f"there is no channel {channel!r} here; choose one of {', '.join(CHANNELS)}")
    config = settings()
    if channel == "whatsapp":
        return WhatsAppSeat(url or f"http://127.0.0.1:{config.whatsapp_demo_port}")
    return WebChatSeat(url or console_address(config), organisation)


class Conversation:
    """A seat with the buttons that are on the screen."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.choices: tuple[Choice, ...] = ()

    def send(self, text: str, payload: str | None = None) -> None:
        """Write or tap."""
        self.seat.send(text or payload or "", payload)

    def write(self, text: str) -> None:
        """Send what was typed; a number that is on the screen taps its button."""
        choice = self._numbered(text.strip())
        self.send(choice.title, choice.payload) if choice else self.send(text)

    def tap(self, which: int | str) -> None:
        """Tap by number or by the beginning of the title. Raises BadInput when nothing like it is on the screen."""
        wanted = str(which).strip().lower()
        titled = (one for one in self.choices if one.title.lower().startswith(wanted))
        choice = self._numbered(wanted) or next(titled, None)
        if choice is None:
            raise BadInput(f"no button {which!r}; there are {[one.title for one in self.choices]}")
        self.send(choice.title, choice.payload)

    def receive(self) -> Answer:
        """The whole answer; its buttons are the ones on the screen from now on."""
        answer = self.seat.answer()
        fresh = tuple(choice for bubble in answer.bubbles for choice in bubble.choices)
        self.choices = fresh or self.choices
        return answer

    def _numbered(self, word: str) -> Choice | None:
        number = int(word) if word.isdecimal() else 0
        return self.choices[number - 1] if 0 < number <= len(self.choices) else None


def _talk(conversation: Conversation, organisation: str) -> int:
    """People: prompt, bubbles, until Ctrl-D."""
    console = Console()
    screen.welcome(console, organisation)
    while True:
        try:
            text = console.input(screen.PROMPT)
        except (EOFError, KeyboardInterrupt):
            console.print()
            return 0
        if text.strip() in LEAVE:
            return 0
        if text.strip():
            _exchange(conversation, console, text)


def _exchange(conversation: Conversation, console: Console, text: str) -> None:
    conversation.write(text)
    with console.status("..."):
        answer = conversation.receive()
    screen.show(console, answer)


def run_script(conversation: Conversation, lines: Iterable[str], out: TextIO) -> int:
    """Scripts: one JSON object a line in and out. A line that cannot be used is answered with an ``error``; the exit
    code is 1 when there was one."""
    failed = 0
    for line in filter(str.strip, lines):
        try:
            said = _answer_line(conversation, line)
        except BadInput as error:
            failed, said = 1, {"error": str(error)}
        out.write(json.dumps(said, ensure_ascii=False) + "\n")
        out.flush()
    return failed


def _answer_line(conversation: Conversation, line: str) -> dict[str, Any]:
    try:
        written = Written.model_validate_json(line)
    except ValidationError as error:
        raise BadInput(f"the line cannot be read: {error.errors()[0]['msg']}") from error
    started = time.monotonic()
    _deliver(conversation, written)
    return _as_json(conversation.receive(), time.monotonic() - started)


def _deliver(conversation: Conversation, written: Written) -> None:
    acts: dict[str, Callable[[Any], None]] = {
        "tap": conversation.tap,
        "payload": lambda payload: conversation.send(written.text or payload, payload),
        "file": lambda path: _send_file(conversation.seat, path),
        "text": conversation.send,
    }
    for name, act in acts.items():
        if (value := getattr(written, name)) is not None:
            act(value)
            return
    raise BadInput("the line has neither text, tap, payload nor file")


def _send_file(seat: Seat, path: Path) -> None:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    kinds = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".pdf": "application/pdf"}
    seat.send_file(path.name, content, kinds.get(path.suffix.lower(), "application/octet-stream"))


def _as_json(answer: Answer, seconds: float) -> dict[str, Any]:
    numbers = count(1)
    messages = [
        {
            "from": bubble.author,
            "text": bubble.text,
            "choices": [{"number": next(numbers), **one.model_dump(exclude_none=True)} for one in bubble.choices],
        }
        for bubble in answer.bubbles
    ]
    whole = {"handled_by": answer.handled_by, "whole": answer.whole, "seconds": round(seconds, 3)}
    return {"messages": messages, **whole}
