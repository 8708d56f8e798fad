"""What a Bot API remembers and refuses. Source: Telegram, "Bot API" and "Bots FAQ" (limits, error texts)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.telegram import updates
from tests.fakes.telegram.calls import Call
from tests.fakes.telegram.chats import Chat, Spoken, State
from tests.fakes.telegram.faults import FaultOrder, Faults, lose_answer
from tests.fakes.telegram.flood import Flood, Limits
from tests.fakes.telegram.refusals import Refused, bad_request
from tests.fakes.telegram.sending import METHODS, spoken
from tests.fakes.telegram.updates import Update, Updates
from tests.fakes.telegram.webhooks import Pusher, Webhook

CALLBACK_SECONDS = 15.0
MOST_FILE_BYTES = 20 * 1024 * 1024
_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


class BotApi:
    """One bot and the people who talk to it. Safe to use from several threads."""

    def __init__(
        self, token: str, pusher: Pusher, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.token = token
        self.username = "kila_bot"
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.faults = Faults()
        self.flood = Flood(limits or Limits())
        self.pusher = pusher
        self.answered: list[str] = []
        self.actions: list[tuple[int, str]] = []
        self.calls: list[Call] = []
        self.wants_https = True
        self._clock = clock
        self._ahead = 0.0
        self._updates = Updates()
        self._taps: dict[str, float] = {}
        self._lock = threading.RLock()

    @property
    def id(self) -> int:
        """The bot's id."""
        return int(self.token.partition(":")[0])

    @property
    def described(self) -> dict[str, Any]:
        """The bot as getMe shows it."""
        return {"id": self.id, "is_bot": True, "first_name": "Kila", "username": self.username}

    @property
    def now(self) -> float:
        """The fake's time, seconds."""
        return self._clock() + self._ahead

    @property
    def unanswered(self) -> int:
        """How many tapped buttons still show a clock."""
        return len(self._taps)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds

    def chat(self, number: int, state: State = State.STARTED) -> Chat:
        """The chat with this person."""
        return self.chats.setdefault(number, Chat(number, state))

    def order_fault(self, order: FaultOrder) -> None:
        """Make later calls go wrong."""
        with self._lock:
            self.faults.order(order)

    def call(self, call: Call) -> Any:
        """Answer a method. Raises Refused, OddAnswer and LostAnswer."""
        with self._lock:
            self.calls.append(call)
            order = self.faults.next_for(call.method)
            answer = {"ok": True, "result": self._carry_out(call)}
            lose_answer(order, answer)
            return answer

    def file(self, path: str) -> bytes:
        """A file by the path that getFile named. Raises Refused."""
        with self._lock:
            order = self.faults.next_for("file")
            name = path.removeprefix("docs/")
            if name not in self.files:
                raise Refused(404, "Not Found")
            lose_answer(order, None)
            return self.files[name]

    def writes(self, person: int, **content: Any) -> Update:
        """A person sends a message; returns the update."""
        with self._lock:
            chat = self.chat(person)
            return self._happen("message", updates.message(chat, chat.next_id(), **content))

    def corrects(self, person: int, identifier: int, **content: Any) -> Update:
        """A person corrects a message."""
        with self._lock:
            edited = updates.message(self.chat(person), identifier, edit_date=updates.AT + 5000, **content)
            return self._happen("edited_message", edited)

    def sends_photo(self, person: int, content: bytes) -> Update:
        """A person sends a picture."""
        with self._lock:
            name = f"{person}-{len(self.files)}"
            self.files[f"big-{name}"] = content
            return self.writes(person, photo=updates.photo(name, len(content)))

    def taps(self, person: int, position: int) -> Update:
        """A person taps a button of the last message that has some; the tap wants an answer."""
        with self._lock:
            chat = self.chat(person)
            last = next(said for said in reversed(chat.got) if said.buttons)
            query = str(4_000_000_000_000 + len(self._taps) + len(self.answered))
            self._taps[query] = self.now
            shown = updates.of_bot(chat, self.described, last)
            return self._happen("callback_query", updates.tap(chat, query, shown, last.buttons[position][1]))

    def blocks(self, person: int) -> Update:
        """A person blocks the bot."""
        with self._lock:
            chat = self.chat(person)
            chat.state = State.BLOCKED
            before, after = ({"status": status, "user": self.described} for status in ("member", "kicked"))
            member = {"chat": chat.described, "from": chat.person, "date": updates.AT}
            return self._happen("my_chat_member", {**member, "old_chat_member": before, "new_chat_member": after})

    def _happen(self, kind: str, content: dict[str, Any]) -> Update:
        update = self._updates.of(kind, content)
        if self.pusher.webhook.wants(kind):
            self.pusher.post(update)
        return update

    def _carry_out(self, call: Call) -> Any:
        if call.method == "sendMessage" or call.method in METHODS:
            return self._speak(call)
        handlers: Mapping[str, Callable[[Call], Any]] = {
            "getMe": lambda _: self.described,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
            "sendChatAction": self._act,
            "answerCallbackQuery": self._answer_tap,
            "getFile": self._get_file,
        }
        if call.method not in handlers:
            raise Refused(404, "Not Found")
        return handlers[call.method](call)

    def _speak(self, call: Call) -> dict[str, Any]:
        chat = self._known_chat(call)
        said: Spoken = spoken(call, chat)
        self.flood.respect(chat.id, self.now)
        said.message_id = chat.next_id()
        chat.got.append(said)
        return updates.of_bot(chat, self.described, said)

    def _known_chat(self, call: Call) -> Chat:
        chat = self.chats.get(call.number("chat_id"))
        if chat is None:
            raise bad_request("chat not found")
        chat.must_be_open()
        return chat

    def _act(self, call: Call) -> bool:
        self.actions.append((self._known_chat(call).id, call.text("action")))
        return True

    def _answer_tap(self, call: Call) -> bool:
        query = call.text("callback_query_id")
        begun = self._taps.pop(query, None)
        if begun is None or self.now - begun > CALLBACK_SECONDS:
            raise bad_request(_TOO_OLD)
        self.answered.append(query)
        return True

    def _get_file(self, call: Call) -> dict[str, Any]:
        name = call.text("file_id")
        if name not in self.files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        size = len(self.files[name])
        if size > MOST_FILE_BYTES:
            raise bad_request("file is too big")
        return {"file_id": name, "file_unique_id": f"u{name}", "file_size": size, "file_path": f"docs/{name}"}

    def _set_webhook(self, call: Call) -> bool:
        url = call.text("url")
        if self.wants_https and not url.startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        allowed = call.text("allowed_updates")
        kinds = tuple(part.strip('"[] ') for part in allowed.split(",")) if allowed else ()
        webhook = Webhook(url, call.text("secret_token"), kinds, int(call.text("max_connections") or "40"))
        self.pusher.arrange(webhook, drop=call.text("drop_pending_updates") == "true")
        return True

    def _delete_webhook(self, call: Call) -> bool:
        self.pusher.arrange(Webhook(), drop=call.text("drop_pending_updates") == "true")
        return True

    def _webhook_info(self, call: Call) -> dict[str, Any]:
        webhook = self.pusher.webhook
        info: dict[str, Any] = {
            "url": webhook.url,
            "has_custom_certificate": False,
            "pending_update_count": self.pusher.waiting,
            "max_connections": webhook.max_connections,
        }
        if webhook.last_error is not None:
            info["last_error_date"], info["last_error_message"] = webhook.last_error
        return info
