"""The behaviour of Graph without HTTP: accept or refuse messages, tell their fate, pass on what people write."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from tests.fakes.graph import envelopes
from tests.fakes.graph.accounts import Account, Habits, Limits
from tests.fakes.graph.buckets import Buckets
from tests.fakes.graph.faults import Fault, FaultOrder, Faults, lose_answer_after, refuse_before
from tests.fakes.graph.people import PersonWrites
from tests.fakes.graph.postman import Postman
from tests.fakes.graph.refusals import RefusalError
from tests.fakes.graph.requests import read_message

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
        self._postman = postman
        self._clock = clock
        self._ahead = 0.0
        self._lock = threading.Lock()
        self._lines: list[Line] = []
        self._last_inbound: dict[tuple[str, str], float] = {}
        self._throughput = Buckets(limits.throughput_rate, limits.throughput_burst)
        self._pairs = Buckets(limits.pair_rate, limits.pair_burst)

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
            return self._accept(account, body)

    def person_writes(self, message: PersonWrites) -> str:
        """Pass a person's message on to the business; returns its id."""
        account = self._account_of(message.phone_number_id)
        identifier = _message_id()
        with self._lock:
            self._last_inbound[account.phone_number_id, message.sender] = self.now
            self._lines.append(
                Line(identifier, account.phone_number_id, message.sender, False, self.now, text=message.shown())
            )
        head = {
            "from": message.sender,
            "from_user_id": envelopes.scoped_id(message.sender),
            "id": identifier,
            "timestamp": str(int(self.now)),
        }
        envelope = envelopes.inbound(account, message.sender, message.name, [head | message.content()])
        for _ in range(message.repeat):
            self._postman.post(account, envelope)
        return identifier

    def lines(self, user: str | None = None, *, ours: bool | None = None) -> list[dict[str, Any]]:
        """Messages in order; of one person, and of one side, where asked."""
        with self._lock:
            return [
                line.as_json()
                for line in self._lines
                if user in (None, line.user) and (ours is None or line.ours == ours)
            ]

    def _authorised(self, phone_number_id: str, token: str) -> Account:
        if token not in {account.token for account in self.accounts.values()}:
            raise RefusalError(401, 190, "Invalid OAuth access token - Cannot parse access token")
        account = self.accounts.get(phone_number_id)
        if account is None or account.token != token:
            missing = f"Unsupported post request. Object with ID '{phone_number_id}' does not exist"
            raise RefusalError(400, 100, missing, subcode=33)
        return account

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

    def _accept(self, account: Account, body: dict[str, Any]) -> dict[str, Any]:
        message = read_message(body)
        fault = self.faults.next_for(message.user)
        refuse_before(fault)
        self._respect_limits(account, message.user)
        line = Line(_message_id(), account.phone_number_id, message.user, True, self.now, body=body)
        self._lines.append(line)
        self._tell_fate(account, line, fault)
        lose_answer_after(fault)
        contact = {"input": message.to or message.user, "wa_id": message.user}
        return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": line.id}]}

    def _respect_limits(self, account: Account, user: str) -> None:
        if not self._pairs.take(f"{account.phone_number_id}>{user}", self.now):
            raise RefusalError(400, 131056, "(Business Account, Consumer Account) pair rate limit hit")
        if not self._throughput.take(account.phone_number_id, self.now):
            raise RefusalError(429, 130429, "Rate limit hit", "Cloud API message throughput has been reached.")

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
