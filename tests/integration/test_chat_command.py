"""``ramah chat`` against a console at the HTTP border: whole answers, numbered buttons, scripts, clear failures."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from typer.testing import CliRunner

from ramah.cli.app import app
from ramah.cli.chat import Conversation, open_seat, run_script
from ramah.cli.chat_seats import NobodyAnswers, WebChatSeat
from ramah.lib.errors import BadInput, NotFound
from tests.stack import free_ports

BUTTONS: list[dict[str, Any]] = [
    {"title": "Book", "payload": "/book_service", "description": None},
    {"title": "Prices", "payload": "/ask"},
]


class PretendedConsole(ThreadingHTTPServer):
    """Answers each message with two bubbles, the second after a moment of typing; the second has buttons."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[dict[str, Any]] = []
        self.posted: list[dict[str, Any]] = []
        self.handled_by = "bot"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def add(self, author: str, text: str, choices: list[dict[str, Any]] | None = None) -> dict[str, Any]:
        position = len(self.messages) + 1
        message = {"position": position, "from": author, "author": None, "text": text, "choices": choices or []}
        self.messages.append(message)
        return message


class _Handler(BaseHTTPRequestHandler):
    server: PretendedConsole

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "/nowhere/" in self.path:
            self._json({}, 404)
        elif self.path.endswith("/session"):
            self._json({"token": "t" * 43, "messages": [], "position": len(self.server.messages)})
        else:
            assert self.headers["Authorization"] == f"Bearer {'t' * 43}"
            self.server.posted.append(body)
            self._json({"message": self.server.add("customer", body["text"])}, 202)

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        if self.server.handled_by == "bot":
            self._events(("typing", {"on": True}), ("message", self.server.add("bot", "One moment")))
            self._events(("message", self.server.add("bot", "What shall it be?", BUTTONS)))
        state = ("state", {"handled_by": self.server.handled_by, "agent": None})
        self._events(state, ("typing", {"on": False}))

    def _events(self, *events: tuple[str, dict[str, Any]]) -> None:
        for name, data in events:
            self.wfile.write(f"event: {name}\ndata: {json.dumps(data)}\n\n".encode())

    def _json(self, body: dict[str, Any], status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@pytest.fixture
def console() -> Iterator[PretendedConsole]:
    server = PretendedConsole()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def lines(console: PretendedConsole, *written: dict[str, Any]) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    conversation = Conversation(WebChatSeat(console.url, "kilap-auto"))
    code = run_script(conversation, [json.dumps(one) for one in written], out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_the_whole_answer_is_waited_for(console: PretendedConsole) -> None:
    seat = WebChatSeat(console.url, "kilap-auto")
    seat.send("hello")
    answer = seat.answer()
    assert [bubble.text for bubble in answer.bubbles] == ["One moment", "What shall it be?"]
    assert answer.whole


def test_a_script_gets_one_line_a_line_with_numbered_buttons(console: PretendedConsole) -> None:
    code, answers = lines(console, {"text": "hello"})
    assert code == 0
    assert [choice["number"] for choice in answers[0]["messages"][1]["choices"]] == [1, 2]
    assert (answers[0]["handled_by"], answers[0]["whole"]) == ("bot", True)


@pytest.mark.parametrize("which", [2, "2", "pri"])
def test_a_tap_by_number_or_title_sends_the_payload(console: PretendedConsole, which: int | str) -> None:
    lines(console, {"text": "hello"}, {"tap": which})
    assert (console.posted[1]["payload"], console.posted[1]["text"]) == ("/ask", "Prices")


def test_a_typed_number_taps_only_what_is_on_the_screen(console: PretendedConsole) -> None:
    conversation = Conversation(WebChatSeat(console.url, "kilap-auto"))
    conversation.write("2")
    conversation.receive()
    conversation.write("2")
    assert [one["payload"] for one in console.posted] == [None, "/ask"]


@pytest.mark.parametrize("line", [{"colour": "red"}, {}, {"tap": 9}, {"file": "/no/such/file.png"}])
def test_a_line_that_cannot_be_used_says_so_and_the_script_goes_on(
    console: PretendedConsole, line: dict[str, Any]
) -> None:
    code, answers = lines(console, line, {"text": "hello"})
    assert code == 1
    assert "error" in answers[0] and "messages" in answers[1]


def test_a_person_who_has_the_conversation_is_told_and_not_waited_for(console: PretendedConsole) -> None:
    console.handled_by = "human"
    _, answers = lines(console, {"text": "hello"})
    assert (answers[0]["handled_by"], answers[0]["messages"]) == ("human", [])


def test_the_command_talks_in_json_and_asks_for_a_language_first(console: PretendedConsole) -> None:
    words = ["chat", "--json", "--url", console.url, "--lang", "en"]
    done = CliRunner().invoke(app, words, input='{"text": "hello"}\n')
    assert done.exit_code == 0, done.output
    assert console.posted[0]["payload"] == '/change_language{"language":"en"}'
    assert json.loads(done.output)["messages"][0]["text"] == "One moment"


def test_people_see_bubbles_and_numbered_buttons(console: PretendedConsole) -> None:
    done = CliRunner().invoke(app, ["chat", "--url", console.url], input="hello\n1\n/quit\n")
    assert done.exit_code == 0, done.output
    assert "What shall it be?" in done.output and "2 Prices" in done.output
    assert console.posted[1]["payload"] == "/book_service"


def test_when_nothing_runs_it_says_what_to_do() -> None:
    (port,) = free_ports(1)
    with pytest.raises(NobodyAnswers, match="make run"):
        open_seat(f"http://127.0.0.1:{port}", "kilap-auto", "webchat")


def test_an_unknown_organisation_and_channel_are_named(console: PretendedConsole) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        open_seat(console.url, "nowhere", "webchat")
    with pytest.raises(BadInput, match="pigeon"):
        open_seat(console.url, "kilap-auto", "pigeon")
