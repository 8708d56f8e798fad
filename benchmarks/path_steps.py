"""The steps of the message path, called one by one in this process as console and worker call them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import TypeVar

from benchmarks.path_tenant import NUMBERS, Tenant, person, public_key, receipt_body, signed, text_body
from benchmarks.process import BenchmarkError
from ramah.channels.content import Sent
from ramah.desk.inbox_list import FILTERS, Filter, counts, list_item, list_page
from ramah.messaging.accounts import find_account
from ramah.messaging.claims import Claim, claim_turn
from ramah.messaging.delivery import settle_sent
from ramah.messaging.engine_client import EngineReply, EngineTurn
from ramah.messaging.live import LiveReader
from ramah.messaging.pacing import DatabasePacer
from ramah.messaging.parcels import Parcel, ParcelClaimer
from ramah.messaging.thread import read_latest
from ramah.messaging.turns import finish_turn
from ramah.messaging.typed_choices import typed_choice
from ramah.messaging.webhooks import Stored, receive
from ramah.store import Database

Result = TypeVar("Result")
LEASE = 60.0
Times = dict[str, list[float]]
ACKNOWLEDGE, REPEAT, CLAIM, CHOICES, FINISH, PARCEL, SETTLE, RECEIPT, EVENTS, INBOX, COUNTS, THREAD = (
    "webhook: one message",
    "webhook: the same again",
    "claim a turn",
    "typed choices",
    "finish a turn",
    "claim a parcel",
    "settle as sent",
    "webhook: one receipt",
    "look for live events",
    "inbox list",
    "inbox numbers",
    "thread",
)


class Steps:
    """Runs whole messages and notes what each step took, in milliseconds."""

    def __init__(self, database: Database, tenant: Tenant) -> None:
        self.times: Times = {}
        self._database = database
        self._tenant = tenant
        self._numbers: Iterator[int] = count(1)
        self._claimer = ParcelClaimer(database, DatabasePacer(), "bench", LEASE)
        self._reader = LiveReader(database)
        self._mark = f"{time.time_ns():x}"

    def run(self, who: int) -> str:
        """One message of person ``who`` and its answer, from webhook to receipt; returns the conversation's id."""
        index, key = who % NUMBERS, f"{self._mark}-{next(self._numbers)}"
        body = text_body(index, person(who), key, "halo kak, buka jam berapa?")
        stored = self._timed(ACKNOWLEDGE, lambda: self._post(index, body))
        if stored != Stored(messages=1):
            raise BenchmarkError(f"the webhook stored {stored}")
        self._timed(REPEAT, lambda: self._post(index, body))
        claim = self._claim()
        self._timed(CHOICES, lambda: typed_choice(self._database, claim))
        turn = EngineTurn(replies=[EngineReply(text=f"jawaban {key}")], language="id")
        self._timed(FINISH, lambda: finish_turn(self._database, claim, turn, 2))
        parcel = self._parcel()
        self._timed(SETTLE, lambda: settle_sent(self._database, parcel, Sent(provider_id=f"wamid.out-{key}")))
        receipt = receipt_body(index, f"wamid.out-{key}", "delivered", parcel.outbound_id)
        self._timed(RECEIPT, lambda: self._post(index, receipt))
        self._timed(EVENTS, self._reader.fetch)
        return claim.conversation_id

    def look(self, conversation_id: str) -> None:
        """What an operator's page reads: the list, its numbers, one thread."""
        tenant = self._tenant
        for chosen in FILTERS:
            self._timed(f"{INBOX}, {chosen}", lambda chosen=chosen: self._list(chosen))  # type: ignore[misc]
        with self._database.tenant_reading(tenant.organisation_id) as session:
            self._timed(COUNTS, lambda: counts(session, tenant.staff_id))
        self._timed(THREAD, lambda: self._thread(conversation_id))

    def _post(self, index: int, body: bytes) -> Stored:
        account = find_account(self._database, "whatsapp", public_key(index))
        return receive(self._database, account, signed(body), body)

    def _claim(self) -> Claim:
        claim = self._timed(CLAIM, lambda: claim_turn(self._database, "bench", LEASE))
        if claim is None:
            raise BenchmarkError("no turn was due")
        return claim

    def _parcel(self) -> Parcel:
        parcel = self._timed(PARCEL, self._claimer.claim)
        if parcel is None:
            raise BenchmarkError("no parcel was due")
        return parcel

    def _list(self, chosen: str) -> None:
        with self._database.tenant_reading(self._tenant.organisation_id) as session:
            list_page(session, self._tenant.staff_id, Filter(chosen), None)

    def _thread(self, conversation_id: str) -> None:
        with self._database.tenant_reading(self._tenant.organisation_id) as session:
            item = list_item(session, self._tenant.staff_id, conversation_id)
            if item is None:
                raise BenchmarkError(f"no conversation {conversation_id}")
            read_latest(session, conversation_id, item.conversation.next_position - 1)

    def _timed(self, name: str, work: Callable[[], Result]) -> Result:
        started = time.perf_counter()
        result = work()
        self.times.setdefault(name, []).append((time.perf_counter() - started) * 1000)
        return result
