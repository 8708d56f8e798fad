"""What an operator opens, asked over HTTP like a browser, beside how such consoles commonly read the same rows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from benchmarks.path_fill import CONVERSATION, PRIME, SCATTER, Size
from benchmarks.path_tenant import Tenant
from benchmarks.process import BenchmarkError
from ramah.desk.inbox_list import list_page, microseconds
from ramah.desk.list_filters import Filter
from ramah.desk.messages.asking import Direction, Place, Wanted
from ramah.desk.messages.log import log_page
from ramah.messaging.models import Conversation, Inbound
from ramah.people import Contact
from ramah.store import Database, utc_now

PAGE = 40
HTMX = {"hx-request": "true"}
Times = dict[str, list[float]]
Done = Callable[[int], None]


@dataclass(frozen=True)
class Screens:
    """A logged-in operator of a filled database."""

    url: str
    cookie: Mapping[str, str]
    database: Database
    tenant: Tenant
    size: Size

    def measure(self, samples: int, seconds: float, done: Done) -> Times:
        """Milliseconds of each screen; ends early when the time is up, never before each was asked five times."""
        times: Times = {}
        dice, deadline = random.Random(11), time.monotonic() + seconds
        with httpx.Client(base_url=self.url, cookies=dict(self.cookie), timeout=60, trust_env=False) as browser:
            for name, path in self._paths(random.Random(3)).items():
                self._get(browser, name, path, {})  # compiles templates
            for number in range(samples):
                if number >= 5 and time.monotonic() > deadline:
                    break
                for name, path in self._paths(dice).items():
                    self._get(browser, name, path, times)
                done(1)
        return times

    def _paths(self, dice: random.Random) -> dict[str, str]:
        chosen = dice.randrange(self.size.conversations)
        deep = f"{microseconds(utc_now()) - dice.randrange(10**12)}.00000000-0000-4000-8003-{0:012d}"
        return {
            "list": "/console/conversations",
            "list, waiting": "/console/conversations?filter=waiting",
            "list, with a person": "/console/conversations?filter=human",
            "list, deep page": f"/console/conversations?before={deep}",
            "thread": f"/console/conversations/{key_of(chosen)}",
            "search, a name": f"/console/conversations?q=pelanggan+{chosen}",
            "search, a frequent word": "/console/conversations?q=catat",
            "search, nothing fits": f"/console/conversations?q=zzz{chosen}",
            "message log": "/console/messages",
            "message log, failed": "/console/messages?status=failed",
        }

    def _get(self, browser: httpx.Client, name: str, path: str, times: Times) -> None:
        started = time.perf_counter()
        answer = browser.get(path, headers=HTMX)
        times.setdefault(name, []).append((time.perf_counter() - started) * 1000)
        if answer.status_code != httpx.codes.OK:
            raise BenchmarkError(f"{path}: {answer.status_code} {answer.text[:300]}")


def key_of(number: int) -> str:
    """The id of conversation ``number`` as ``path_fill`` made it."""
    return f"00000000-0000-4000-{CONVERSATION}-{number * SCATTER % PRIME:012d}"


def beside_rivals(database: Database, tenant: Tenant, size: Size, samples: int) -> dict[str, tuple[Times, str]]:
    """The same page of rows by our statements and by the common ones, in turn. Name -> times of both, and what the
    rival does."""
    deep = size.conversations * 3 // 4
    pairs: dict[str, tuple[Callable[[Session], Any], Callable[[Session], Any], str]] = {
        "list, three quarters down": (
            lambda session: list_page(session, tenant.staff_id, Filter(), _cursor(session, deep)),
            lambda session: _offset_page(session, deep),
            "OFFSET",
        ),
        "search, nothing fits": (
            lambda session: list_page(session, tenant.staff_id, Filter(search="zzzyx"), None),
            lambda session: _like_page(session, "zzzyx"),
            "LIKE over every message",
        ),
        "message log, three quarters down": (
            lambda session: log_page(session, Wanted(before=_place(session, size.messages // 2 * 3 // 4))),
            lambda session: _offset_messages(session, size.messages // 2 * 3 // 4),
            "OFFSET",
        ),
    }
    found: dict[str, tuple[Times, str]] = {}
    for name, (ours, theirs, how) in pairs.items():
        times: Times = {"ours": [], "rival": []}
        for number in range(samples):
            order = (("ours", ours), ("rival", theirs))
            for who, step in order if number % 2 else reversed(order):
                with database.tenant_reading(tenant.organisation_id) as session:
                    _prepare(session)
                    started = time.perf_counter()
                    step(session)
                    times[who].append((time.perf_counter() - started) * 1000)
        found[name] = (times, how)
    return found


_CURSORS: dict[tuple[str, int], Any] = {}


def _prepare(session: Session) -> None:
    """Connect, so that neither pays for it."""
    session.execute(select(1))


def _cursor(session: Session, number: int) -> str:
    row = _remembered(session, "conversation", number)
    return f"{microseconds(row.last_activity_at)}.{row.id}"


def _place(session: Session, number: int) -> Place:
    row = _remembered(session, "inbound", number)
    return Place(row.received_at, Direction.IN, str(row.id))


def _remembered(session: Session, kind: str, number: int) -> Any:
    """The row where the page before ended: a browser has it in its address, so it is read once and not counted."""
    key = (f"{session.get_bind().engine.url}{kind}", number)
    if key not in _CURSORS:
        model: Any = Conversation if kind == "conversation" else Inbound
        at = model.last_activity_at if kind == "conversation" else model.received_at
        _CURSORS[key] = session.scalars(
            select(model).order_by(at.desc(), model.id.desc()).offset(number).limit(1)
        ).one()
    return _CURSORS[key]


def _offset_page(session: Session, number: int) -> list[Any]:
    unread = select(func.count(Inbound.id)).where(
        Inbound.conversation_id == Conversation.id, Inbound.position >= Conversation.next_position
    )
    statement = (
        select(Conversation, Contact, unread.scalar_subquery())
        .join(Contact, Contact.id == Conversation.contact_id)
        .order_by(Conversation.last_activity_at.desc(), Conversation.id.desc())
    )
    return list(session.execute(statement.offset(number).limit(PAGE)))


def _like_page(session: Session, words: str) -> list[Any]:
    name = func.coalesce(Contact.first_name, "") + " " + func.coalesce(Contact.profile_name, "")
    hit = Conversation.id.in_(select(Inbound.conversation_id).where(Inbound.text.icontains(words)))
    statement = (
        select(Conversation, Contact)
        .join(Contact, Contact.id == Conversation.contact_id)
        .where(or_(name.icontains(words), Contact.phone.icontains(words), hit))
        .order_by(Conversation.last_activity_at.desc())
    )
    return list(session.execute(statement.limit(PAGE)))


def _offset_messages(session: Session, number: int) -> list[Any]:
    statement = (
        select(Inbound, Conversation, Contact)
        .join(Conversation, Conversation.id == Inbound.conversation_id)
        .join(Contact, Contact.id == Conversation.contact_id)
        .order_by(Inbound.received_at.desc(), Inbound.id.desc())
    )
    return list(session.execute(statement.offset(number).limit(PAGE)))
