"""The behaviour of Graph without HTTP: accept or refuse messages, tell their fate, pass on what people write."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.fakes.graph import envelopes
from tests.fakes.graph.accounts import Account, Habits, Limits
from tests.fakes.graph.faults import Fault, FaultOrder, Faults, Place, lose_answer_after, refuse_before
from tests.fakes.graph.journal import journal
from tests.fakes.graph.media import MediaStore, StoredFile
from tests.fakes.graph.people import BusinessWrites, PersonWrites
from tests.fakes.graph.postman import Postman
from tests.fakes.graph.refusals import RefusalError, no_such_object
from tests.fakes.graph.requests import Message, TemplateMessage, files_of, read_message
from tests.fakes.graph.templates import KnownTemplate, check_template
from tests.fakes.graph.throttle import Throttle
from tests.fakes.graph.uploads import Upload

WINDOW = 24 * 3600.0


@dataclass
class Line:
    """One message of a thread. ``body`` is what was sent to Graph; a person's line has ``text``."""

    id: str
    phone_number_id: str
    user: str
    ours: bool
    at: float
    text: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    statuses: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The line for the control interface."""
        return asdict(self)


class Graph:
    """State of the fake. Safe to use from several threads."""

    def __init__(
        self,
        accounts: list[Account],
        postman: Postman,
        limits: Limits,
        habits: Habits,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.accounts = {account.phone_number_id: account for account in accounts}
        self.habits = habits
        self.faults = Faults()
        self.throttle = Throttle(limits)
        self.media = MediaStore()
        self._postman = postman
        self._clock = clock
        self._ahead = 0.0
        self._lock = threading.Lock()
        self._lines: list[Line] = []
        self._last_inbound: dict[tuple[str, str], float] = {}

    @property
    def now(self) -> float:
        """The fake's time, Unix seconds."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds

    def add_account(self, account: Account) -> None:
        """Serve one more number, or the same number otherwise."""
        self.accounts[account.phone_number_id] = account

    def approve(self, phone_number_id: str | None, template: KnownTemplate) -> None:
        """Meta approves one more template of a number's business."""
        account = self._account_of(phone_number_id)
        with self._lock:
            account.templates.append(template)

    def order_fault(self, order: FaultOrder) -> None:
        """Make later sends go wrong."""
        with self._lock:
            self.faults.order(order)

    def post(self, phone_number_id: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
        """``POST /{phone_number_id}/messages``. Raises RefusalError or NoAnswerError."""
        account = self._authorised(phone_number_id, token)
        with self._lock:
            if body.get("status") == "read":
                return self._mark_read(account, body)
            return self._accept(account, token, body)

    def upload(self, phone_number_id: str, token: str, upload: Upload) -> dict[str, Any]:
        """``POST /{phone_number_id}/media``. Raises RefusalError or NoAnswerError."""
        account = self._authorised(phone_number_id, token)
        with self._lock:
            order = self._fault_of("uploads", token)
            identifier = self.media.upload(
                account.phone_number_id, upload.content, upload.mime_type, upload.filename, self.now
            )
            lose_answer_after(order, b"{}")
            return {"id": identifier}

    def look_up(self, identifier: str, token: str, base: str) -> dict[str, Any]:
        """``GET /{phone_number_id}`` or ``GET /{media_id}``; ``base`` is where files are fetched. Raises RefusalError
        or NoAnswerError."""
        self._known(token)
        with self._lock:
            lose_answer_after(self._fault_of("look_ups", token), b"{}")
            if identifier not in self.accounts:
                return self.media.describe(self._own_file(identifier, token), base, self.now)
        account = self._authorised(identifier, token)
        return {
            "id": identifier,
            "display_phone_number": f"+{account.display_phone_number}",
            "verified_name": account.name,
            "quality_rating": account.quality_rating,
        }

    def download(self, ticket: str, token: str, agent: str) -> StoredFile:
        """``GET`` the address of a file. Raises RefusalError or NoAnswerError."""
        self._known(token)
        if not agent:
            raise RefusalError(403, 10, "Requests without a User-Agent are not served")
        with self._lock:
            lose_answer_after(self._fault_of("downloads", token), b"{}")
            return self.media.behind(ticket, self.now)

    def business_writes(self, message: BusinessWrites) -> str:
        """Pass on what a person of the business wrote on the phone itself; returns its id."""
        account = self._account_of(message.phone_number_id)
        line = Line(_message_id(), account.phone_number_id, message.to, True, self.now)
        line.body = {"type": "text", "text": {"body": message.text}}
        with self._lock:
            self._lines.append(line)
        addressed = {"from": account.display_phone_number, "to": message.to}
        item = addressed | {"id": line.id, "timestamp": str(int(self.now))} | line.body
        self._postman.post(account, envelopes.echo(account, item))
        return line.id

    def person_writes(self, message: PersonWrites) -> str:
        """Pass a person's message on to the business; returns its id."""
        identifier, envelope = self.note_person(message)
        for _ in range(message.repeat):
            self._postman.post(self._account_of(message.phone_number_id), envelope)
        return identifier

    def note_person(self, message: PersonWrites) -> tuple[str, dict[str, Any]]:
        """Remember a person's message without passing it on; returns its id and the envelope that would carry it."""
        account = self._account_of(message.phone_number_id)
        identifier = message.id or _message_id()
        media_id = ""
        if message.file is not None:
            file = message.file
            media_id = self.media.receive(
                account.phone_number_id, file.content, file.mime_type, file.filename, self.now
            )
        with self._lock:
            self._last_inbound[account.phone_number_id, message.sender] = self.now
            self._lines.append(
                Line(identifier, account.phone_number_id, message.sender, False, self.now, text=message.shown())
            )
        scoped_id = envelopes.scoped_id(message.sender)
        head = {"from": message.sender, "from_user_id": scoped_id, "id": identifier, "timestamp": str(int(self.now))}
        content = [head | message.content(media_id)]
        return identifier, envelopes.inbound(account, message.sender, message.name, content)

    def lines(self, user: str | None = None, *, ours: bool | None = None) -> list[dict[str, Any]]:
        """Messages in order; of one person, and of one side, where asked."""
        with self._lock:
            return [
                line.as_json()
                for line in self._lines
                if user in (None, line.user) and (ours is None or line.ours == ours)
            ]

    def journal(self) -> dict[str, list[dict[str, Any]]]:
        """What each person got from businesses, in order."""
        with self._lock:
            return journal(self._lines)

    def _known(self, token: str) -> None:
        if token not in {account.token for account in self.accounts.values()}:
            raise RefusalError(401, 190, f"Malformed access token {token}")

    def _authorised(self, phone_number_id: str, token: str) -> Account:
        self._known(token)
        account = self.accounts.get(phone_number_id)
        if account is None or account.token != token:
            raise no_such_object(phone_number_id)
        return account

    def _own_file(self, media_id: str, token: str) -> StoredFile:
        file = self.media.file(media_id, self.now)
        if self.accounts[file.phone_number_id].token != token:
            raise no_such_object(media_id)
        return file

    def _fault_of(self, place: Place, token: str, recipient: str | None = None) -> FaultOrder | None:
        order = self.faults.next_for(place, recipient)
        refuse_before(order, token)
        return order

    def _account_of(self, phone_number_id: str | None) -> Account:
        if phone_number_id is None:
            return next(iter(self.accounts.values()))
        if phone_number_id not in self.accounts:
            raise RefusalError(400, 33, f"no number {phone_number_id}")
        return self.accounts[phone_number_id]

    def _mark_read(self, account: Account, body: dict[str, Any]) -> dict[str, Any]:
        wanted = body.get("message_id")
        for line in self._lines:
            if line.id == wanted and not line.ours and line.phone_number_id == account.phone_number_id:
                line.statuses.append("typing" if "typing_indicator" in body else "read")
                return {"success": True}
        raise RefusalError(400, 131009, "Parameter value is not valid", "message_id: no such message")

    def _accept(self, account: Account, token: str, body: dict[str, Any]) -> dict[str, Any]:
        envelope, message = read_message(body)
        order = self._fault_of("messages", token, envelope.user)
        self.throttle.respect(account.phone_number_id, envelope.user, self.now)
        self._check_against_memory(account, message)
        line = Line(_message_id(), account.phone_number_id, envelope.user, True, self.now, body=body)
        self._lines.append(line)
        self._tell_fate(account, line, order.fault if order else None)
        contact = {"input": envelope.to or envelope.user, "wa_id": envelope.user}
        answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": line.id}]}
        lose_answer_after(order, json.dumps(answer).encode())
        return answer

    def _check_against_memory(self, account: Account, message: Message) -> None:
        if isinstance(message, TemplateMessage):
            check_template(message.template, account.templates)
        for kind, file in files_of(message):
            if file.id is not None:
                self.media.must_be(file.id, kind, account.phone_number_id, self.now)

    def _tell_fate(self, account: Account, line: Line, fault: Fault | None) -> None:
        opened = self._last_inbound.get((account.phone_number_id, line.user))
        outside = line.body.get("type") != "template" and (opened is None or self.now - opened > WINDOW)
        if fault is Fault.UNDELIVERABLE:
            self._tell(account, line, ["failed"], (131026, "Message undeliverable"))
        elif outside:
            self._tell(account, line, ["failed"], (131047, "Re-engagement message"))
        else:
            self._tell(account, line, self._course(), None)

    def _course(self) -> list[str]:
        course = ["sent", "delivered", "read"] if self.habits.read else ["sent", "delivered"]
        if self.habits.skip_delivered and self.habits.read:
            course.remove("delivered")
        if self.habits.reverse:
            course.reverse()
        return course * 2 if self.habits.duplicate else course

    def _tell(self, account: Account, line: Line, course: list[str], error: tuple[int, str] | None) -> None:
        line.statuses.extend(course)
        for step, name in enumerate(course, start=1):
            item = self._status(line, name, error)
            self._postman.post(account, envelopes.status(account, item), delay=self.habits.delay * step)

    def _status(self, line: Line, name: str, error: tuple[int, str] | None) -> dict[str, Any]:
        item: dict[str, Any] = {
            "id": line.id,
            "status": name,
            "timestamp": str(int(self.now)),
            "recipient_id": line.user,
        }
        if "biz_opaque_callback_data" in line.body:
            item["biz_opaque_callback_data"] = line.body["biz_opaque_callback_data"]
        if error is not None:
            code, title = error
            details = {"details": "Message failed to send: see the error code."}
            item["errors"] = [{"code": code, "title": title, "message": title, "error_data": details}]
        return item


def _message_id() -> str:
    return "wamid." + secrets.token_urlsafe(24)
