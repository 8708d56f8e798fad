"""The behaviour of Facebook without HTTP: who may do what, what was sent, and what people write back."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.graph.accounts import Account
from tests.fakes.graph.buckets import Buckets
from tests.fakes.graph.postman import Postman
from tests.fakes.messenger import events
from tests.fakes.messenger.faults import FaultOrder, Faults, Place, lose_answer
from tests.fakes.messenger.refusals import RefusalError
from tests.fakes.messenger.requests import SendRequest, read_request
from tests.fakes.messenger.tokens import Holder, Tokens
from tests.fakes.messenger.world import HUMAN_AGENT, App, Habits, Limits, Member, PageOnFacebook

WINDOW = 24 * 3600.0
HUMAN_WINDOW = 7 * WINDOW
TOO_MANY_CALLS = 613


@dataclass
class Line:
    """One message that a page sent. ``body`` is the request; ``file`` what came with it."""

    mid: str
    page_id: str
    psid: str
    at: float
    body: dict[str, Any]
    file: bytes | None = field(default=None, repr=False)

    @property
    def message(self) -> dict[str, Any]:
        """The ``message`` of the request."""
        found: dict[str, Any] = self.body["message"]
        return found


class Platform:
    """State of the fake. Safe to use from several threads."""

    def __init__(
        self, app: App, postman: Postman, habits: Habits, limits: Limits, clock: Callable[[], float] = time.time
    ) -> None:
        self.app = app
        self.habits = habits
        self.tokens = Tokens(app)
        self.faults = Faults()
        self.pages: dict[str, PageOnFacebook] = {}
        self.visitor: Member | None = None
        self.blocked: set[str] = set()
        self.lines: list[Line] = []
        self.actions: list[tuple[str, str]] = []
        self.refused_for_speed = 0
        self._files: dict[str, tuple[bytes, str]] = {}
        self._buckets = Buckets(limits.rate, limits.burst)
        self._postman = postman
        self._clock = clock
        self._ahead = 0.0
        self._lock = threading.Lock()
        self._last_inbound: dict[tuple[str, str], float] = {}

    @property
    def now(self) -> float:
        """The fake's time, Unix seconds."""
        return self._clock() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += seconds

    def open_page(self, page: PageOnFacebook, token: str | None = None) -> str:
        """Put a page on Facebook that our app acts for already; returns its token."""
        self.pages[page.id] = page
        return self.tokens.issue(Holder(None, page, long_lived=True), token)

    def log_in(self, member: Member) -> None:
        """The person whom the next dialog finds logged in at Facebook."""
        self.visitor = member
        self.pages.update({page.id: page for page in member.pages})

    def order_fault(self, order: FaultOrder) -> None:
        """Make later requests go wrong."""
        with self._lock:
            self.faults.order(order)

    def exchange(self, asked: dict[str, str]) -> dict[str, Any]:
        """``GET /oauth/access_token``."""
        return self._carry_out("login", lambda: self.tokens.exchange(asked, self.now))

    def identity(self, holder: Holder) -> dict[str, Any]:
        """``GET /me``."""
        owner = holder.page or holder.member
        assert owner is not None
        return self._carry_out("look_ups", lambda: {"id": owner.id, "name": owner.name})

    def accounts(self, holder: Holder, after: str | None, limit: int) -> dict[str, Any]:
        """``GET /me/accounts``, part by part."""
        return self._carry_out("pages", lambda: self._accounts(holder, after, limit))

    def subscribe(self, holder: Holder, page_id: str, fields: str | None) -> dict[str, Any]:
        """``POST`` (with fields) and ``DELETE`` (None) of ``/{page}/subscribed_apps``."""
        return self._carry_out("subscriptions", lambda: self._subscribe(holder, page_id, fields))

    def send(self, holder: Holder, page_id: str, body: dict[str, Any], file: bytes | None = None) -> dict[str, Any]:
        """``POST /{page}/messages``."""
        return self._carry_out("messages", lambda: self._send(holder, page_id, body, file))

    def download(self, ticket: str) -> tuple[bytes, str]:
        """A file that a person sent. Raises RefusalError."""
        with self._lock:
            order = self.faults.next_at("downloads")
            if ticket not in self._files:
                raise RefusalError(100, "URL signature expired", status=403)
            lose_answer(order, self._files[ticket][0])
            return self._files[ticket]

    def file_from_person(self, content: bytes, mime_type: str, base: str) -> str:
        """Keep a file of a person; returns the address that a webhook would name."""
        ticket = secrets.token_urlsafe(12)
        self._files[ticket] = (content, mime_type)
        return f"{base}/_cdn/{ticket}"

    def forget_files(self) -> None:
        """All addresses expire."""
        self._files.clear()

    def person_does(self, page_id: str, psid: str, content: dict[str, Any], *, repeat: int = 1) -> dict[str, Any]:
        """A person writes, taps or reacts; posted to us if the page is subscribed. Returns the envelope."""
        with self._lock:
            self._last_inbound[page_id, psid] = self.now
        body = events.envelope(page_id, events.from_person(page_id, psid, self._milliseconds(), content))
        name = next(iter(content))
        fields = {"message": "messages", "postback": "messaging_postbacks", "message_edit": "message_edits"}
        for _ in range(repeat):
            self._post(page_id, fields.get(name, "messages"), body)
        return body

    def staff_answers(self, page_id: str, psid: str, text: str) -> str:
        """Somebody answers in the page's own inbox; returns the id."""
        mid = new_mid()
        self._echo(page_id, psid, {"mid": mid, "text": text, "app_id": 263902037430900})
        return mid

    def _carry_out(self, place: Place, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        with self._lock:
            order = self.faults.next_at(place)
            answer = work()
            lose_answer(order, json.dumps(answer).encode())
            return answer

    def _accounts(self, holder: Holder, after: str | None, limit: int) -> dict[str, Any]:
        if holder.member is None or holder.page is not None:
            raise RefusalError(100, "Tried accessing nonexisting field (accounts)")
        begin = int(after) if after and after.isdigit() else 0
        shown = holder.member.pages[begin : begin + limit]
        data = [self._managed(holder, page) for page in shown]
        end = begin + len(shown)
        paging: dict[str, Any] = {"cursors": {"before": str(begin), "after": str(end)}}
        if end < len(holder.member.pages):
            paging["next"] = f"https://graph.facebook.com/v23.0/me/accounts?access_token=EAA-leaks&after={end}"
        return {"data": data, "paging": paging} if data else {"data": []}

    def _managed(self, holder: Holder, page: PageOnFacebook) -> dict[str, Any]:
        token = self.tokens.issue(Holder(holder.member, page, long_lived=holder.long_lived))
        return {"id": page.id, "name": page.name, "access_token": token, "tasks": list(page.tasks)}

    def _subscribe(self, holder: Holder, page_id: str, fields: str | None) -> dict[str, Any]:
        page = self._own_page(holder, page_id)
        if fields is not None and page.subscription_code is not None:
            raise RefusalError(page.subscription_code, "Permissions error", status=403)
        page.fields = frozenset(fields.split(",")) if fields else frozenset()
        return {"success": True}

    def _own_page(self, holder: Holder, page_id: str) -> PageOnFacebook:
        if holder.page is None:
            raise RefusalError(210, "A page access token is required to request this resource.")
        if holder.page.id != page_id:
            raise RefusalError(100, f"Unsupported request. Object with ID '{page_id}' does not exist", 33)
        return holder.page

    def _send(self, holder: Holder, page_id: str, body: dict[str, Any], file: bytes | None) -> dict[str, Any]:
        page = self._own_page(holder, page_id)
        request = read_request(body, file)
        psid = request.recipient.id
        if not self._buckets.take(page.id, self.now):
            self.refused_for_speed += 1
            raise RefusalError(TOO_MANY_CALLS, "Calls to this API have exceeded the rate limit.", status=403)
        self._must_reach(page, request)
        if request.sender_action is not None:
            self.actions.append((psid, request.sender_action))
            return {"recipient_id": psid}
        line = Line(new_mid(), page.id, psid, self.now, body, file)
        self.lines.append(line)
        self._tell_fate(line)
        return {"recipient_id": psid, "message_id": line.mid}

    def _must_reach(self, page: PageOnFacebook, request: SendRequest) -> None:
        psid = request.recipient.id
        opened = self._last_inbound.get((page.id, psid))
        if opened is None:
            raise RefusalError(100, "No matching user found", 2018001)
        if psid in self.blocked:
            raise RefusalError(551, "This person isn't available right now.", 1545041)
        if request.tag is not None and request.tag not in self.app.tags:
            raise RefusalError(10, "Application does not have permission for this action")
        window = HUMAN_WINDOW if request.tag == HUMAN_AGENT else WINDOW
        if self.now - opened > window:
            raise RefusalError(10, "This message is sent outside of allowed window.", 2018278)

    def _tell_fate(self, line: Line) -> None:
        said = {key: value for key, value in line.message.items() if key in ("text", "metadata")}
        for _ in range(self.habits.repeat):
            if self.habits.echo:
                self._echo(line.page_id, line.psid, {"mid": line.mid, "app_id": int(self.app.id), **said})
            at = self._milliseconds() + 1
            if self.habits.delivered != "never":
                mids = [line.mid] if self.habits.delivered == "mids" else None
                self._told(line, "message_deliveries", events.delivery(line.page_id, line.psid, at, mids))
            if self.habits.read:
                self._told(line, "message_reads", events.read(line.page_id, line.psid, at + 1))

    def _told(self, line: Line, name: str, event: events.Event) -> None:
        self._post(line.page_id, name, events.envelope(line.page_id, event))

    def _echo(self, page_id: str, psid: str, message: dict[str, Any]) -> None:
        event = events.echo(page_id, psid, self._milliseconds(), message)
        self._post(page_id, "message_echoes", events.envelope(page_id, event))

    def _post(self, page_id: str, name: str, body: dict[str, Any]) -> None:
        """Post an event to the app, if the page is subscribed to its field."""
        page = self.pages.get(page_id)
        if page is not None and name in page.fields:
            account = Account(webhook_url=self.app.webhook_url, app_secret=self.app.secret)
            self._postman.post(account, body)

    def _milliseconds(self) -> int:
        return int(self.now * 1000)


def new_mid() -> str:
    """The id of a message."""
    return "m_" + secrets.token_urlsafe(64)
