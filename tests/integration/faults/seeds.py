"""The faults, one function each: break one thing, and let the platform meet it."""

from __future__ import annotations

import asyncio
import errno
import smtplib
import sqlite3
import threading
from contextlib import ExitStack, closing
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import event, update

from actions import my_bookings, server
from ramah.booking import erp_registry
from ramah.booking.context import Place
from ramah.booking.made import listing
from ramah.booking.proposing import consulting
from ramah.channels.errors import SignatureError
from ramah.integrations.erp.frappe import FrappeAccess, FrappeErp
from ramah.integrations.errors import IntegrationError
from ramah.integrations.http import Breakers, HttpLimits
from ramah.integrations.llm import ChatModel, LlmAccess, Question
from ramah.integrations.storage import StorageError, open_storage
from ramah.messaging.alerts.mail import MailError, hand_in
from ramah.messaging.engine_client import EngineClient, EngineReply, EngineTrouble, EngineTurn, TurnRequest
from ramah.messaging.models import Inbound
from ramah.messaging.unattended import report_loop
from ramah.messaging.webhooks import receive
from ramah.observe import record_incident
from ramah.observe.readiness import require_right_clock
from ramah.store import utc_now
from tests.fakes.frappe import FakeFrappe
from tests.fakes.frappe.faults import Kind
from tests.integration.conftest import defaults
from tests.integration.console.signed import signature
from tests.integration.faults.scene import Scene, httpserver_path, locked_by_another
from tests.stack import free_ports

HASTY = HttpLimits(read=0.3, total=1.0, attempts=1)
PATIENT = HttpLimits(read=10.0, total=10.0, attempts=1)
"""Where the fault is what the other side answers: a busy machine must not make it a silence."""
EMPTY_ENVELOPE = b'{"object":"whatsapp_business_account","entry":[]}'


def wrong_signature_key(scene: Scene) -> None:
    with pytest.raises(SignatureError):
        receive(scene.database, scene.tenant.whatsapp, signature(EMPTY_ENVELOPE, "another"), EMPTY_ENVELOPE)


def unreadable_webhook(scene: Scene) -> None:
    receive(scene.database, scene.tenant.whatsapp, signature(b"<html>"), b"<html>")


def erp(scene: Scene, kind: Kind) -> None:
    with (
        FakeFrappe(site_timezone="Asia/Jakarta") as fake,
        closing(FrappeErp(_site(fake, HASTY if kind == "hang" else PATIENT), Breakers())) as adapter,
    ):
        fake.fail_next(kind, 50)
        taken = erp_registry.taken_or_unknown(scene.database, scene.tenant.id, adapter)
        assert taken("JKT", date(2030, 1, 7), "Asia/Jakarta") == []


def _site(fake: FakeFrappe, limits: HttpLimits) -> FrappeAccess:
    key, secret = SecretStr(fake.api_key), SecretStr(fake.api_secret)
    return FrappeAccess(
        base_url=fake.base_url,
        api_key=key,
        api_secret=secret,
        company="Kilap Auto",
        site_timezone=fake.site_timezone,
        limits=limits,
    )


def an_action_raises(scene: Scene) -> None:
    # Calling int so raises without a frame of ours below the action's own.
    scene.patch.setattr(listing, "my_bookings", partial(int, "x"))
    here = Place(scene.database, scene.tenant.id, "conversation")
    scene.patch.setattr(my_bookings, "place_of", lambda tracker: here)
    executor = server.DiscreetExecutor(5.0)
    executor.register_action(my_bookings.ShowMyBookings())
    tracker: dict[str, Any] = {"sender_id": "c", "slots": {}, "latest_message": {}, "events": [], "active_loop": {}}
    tracker |= {"paused": False, "followup_action": None, "latest_action_name": None}
    call = {"next_action": "action_show_my_bookings", "tracker": tracker, "domain": {}}
    with pytest.raises(server.ActionFailed) as failed:
        asyncio.run(executor.run(call))
    told = server._told(failed.value)
    scene.engine_says("action_failed", told["subsystem"], told["place"])


class _raising:
    def __init__(self, error: Exception) -> None:
        self._raise = (_ for _ in ()).throw
        self._error = error

    def __call__(self, *_: object, **__: object) -> object:
        return self._raise(self._error)


def the_engine_tells(scene: Scene, kind: str, subsystem: str, at: str) -> None:
    scene.engine_says(kind, subsystem, at)


def the_engine_tells_beside_the_answer(scene: Scene, kind: str, subsystem: str, at: str) -> None:
    trouble = EngineTrouble(kind=kind, operation="action_x", detail="d", subsystem=subsystem, place=at)
    scene.engine.answer = lambda request: EngineTurn(replies=[EngineReply(text="baik")], troubles=[trouble])
    scene.run_turn()


def engine_killed(scene: Scene) -> None:
    with scene.database.tenant(scene.tenant.id) as session:
        session.execute(update(Inbound).values(received_at=utc_now() - timedelta(hours=1)))
    address = f"http://127.0.0.1:{free_ports(1)[0]}"
    with closing(EngineClient(defaults(engine_url=address))) as client:
        scene.run_turn(client)


def engine_hangs(scene: Scene) -> None:
    over = threading.Event()

    def hang(_: Any) -> Any:
        over.wait(5)

    scene.httpserver.expect_request("/webhooks/ramah/turn").respond_with_handler(hang)
    config = defaults(engine_url=scene.httpserver.url_for("").rstrip("/"), engine_timeout=0.3)
    with closing(EngineClient(config)) as client:
        scene.run_turn(client)
    over.set()


def engine_answers_garbage(scene: Scene) -> None:
    scene.httpserver.expect_request("/webhooks/ramah/turn").respond_with_data("<html>", 200)
    with closing(EngineClient(defaults(engine_url=scene.httpserver.url_for("").rstrip("/")))) as client:
        scene.run_turn(client)


def database_locked(scene: Scene) -> None:
    held = ExitStack()

    def answer(request: TurnRequest) -> EngineTurn:
        held.enter_context(locked_by_another(scene.database))
        return EngineTurn(replies=[EngineReply(text="baik")])

    scene.engine.answer = answer
    with held:
        scene.run_turn()


def outbox_full(scene: Scene) -> None:
    with closing(sqlite3.connect(str(scene.database.engine.url.database))) as connection:
        connection.execute("VACUUM")  # no free page is left of the migrations

    def limit(connection: Any) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count=1")

    def answer(request: TurnRequest) -> EngineTurn:
        event.listen(scene.database.engine, "begin", limit)
        return EngineTurn(replies=[EngineReply(text="baik " * 20_000)])

    scene.engine.answer = answer
    scene.run_turn()
    event.remove(scene.database.engine, "begin", limit)
    scene.database.engine.dispose()  # there is room again: the limit belonged to the connections


def provider(scene: Scene, status: int, body: dict[str, Any] | None = None) -> None:
    scene.run_turn()
    scene.httpserver.expect_request(httpserver_path()).respond_with_json(body or {}, status=status)
    scene.deliver()


def provider_hangs(scene: Scene) -> None:
    over = threading.Event()

    def hang(_: Any) -> Any:
        over.wait(5)

    scene.run_turn()
    scene.httpserver.expect_request(httpserver_path()).respond_with_handler(hang)
    scene.deliver()
    over.set()


def llm(scene: Scene, status: int, body: str) -> None:
    scene.httpserver.expect_request("/chat/completions").respond_with_data(body, status)
    access = LlmAccess(base_url=scene.httpserver.url_for("").rstrip("/"), model="small", attempts=1)
    question = Question("Answer in JSON", "apa?", "answer", {})
    with closing(ChatModel(access, Breakers())) as model, pytest.raises(IntegrationError) as failed:
        model.ask(question)
    consulting._report(Place(scene.database, scene.tenant.id, "conversation"), failed.value)


def clock_skew(scene: Scene) -> None:
    scene.patch.setattr("ramah.observe.readiness.clock_is_off", lambda database: True)
    try:
        require_right_clock(scene.database)
    except Exception as error:  # noqa: BLE001 - as the loop does
        report_loop(scene.database, "clock", error)


def disk_full(scene: Scene) -> None:
    scene.patch.setattr("obstore.put", _raising(OSError(errno.ENOSPC, "No space left on device")))
    storage = open_storage(defaults(media_url=f"file://{scene.folder}"))
    with pytest.raises(StorageError) as failed:
        storage.put("a/b", b"x", "text/plain")
    record_incident(scene.database, scene.tenant.id, failed.value, "media:store")


def mail_server_away(scene: Scene) -> None:
    scene.patch.setattr(smtplib, "SMTP", _raising(ConnectionRefusedError()))
    with pytest.raises(MailError) as failed:
        hand_in(defaults(smtp_url="smtp://127.0.0.1:9"), [])
    record_incident(scene.database, scene.tenant.id, failed.value, "letters:send")
