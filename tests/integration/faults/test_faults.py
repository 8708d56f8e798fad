"""Planted faults, in every subsystem: the incident names subsystem, function and line; the customer gets a sentence; no
row is missing. docs/operations/faults.md lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from ramah.lib import guard
from ramah.observe import seldom
from ramah.store import Database
from tests.databases import fresh_database
from tests.integration.conftest import Tenant, make_tenant
from tests.integration.faults import seeds
from tests.integration.faults.scene import PROJECT, Scene, place

CLIENT = "ramah.messaging.engine_client"
FRAPPE, HTTP = "ramah.integrations.erp.frappe.client", "ramah.integrations.http"
WHATSAPP = "ramah.channels.whatsapp.client"
TOLD_BY_ENGINE = (seeds.the_engine_tells, seeds.the_engine_tells_beside_the_answer)


@dataclass(frozen=True)
class Fault:
    """One fault: who is to be named, and the line, by a marker that stands in it."""

    name: str
    subsystem: str
    where: tuple[str, str, str]
    plant: Callable[..., None]

    def plant_in(self, scene: Scene) -> None:
        """Do it. What the engine tells of, it tells with the place."""
        if isinstance(self.plant, partial) and self.plant.func in TOLD_BY_ENGINE:
            self.plant(scene, subsystem=self.subsystem, at=place(*self.where))
        else:
            self.plant(scene)


TELLS, BESIDE = seeds.the_engine_tells, seeds.the_engine_tells_beside_the_answer
ACTION_SERVER, WORDING = "engine.connector.action_server", "engine.connector.wording"
FAULTS = (
    Fault("wrong signature key", "channel", ("ramah.channels.meta", "verify_signature", "does not belong to this body"),
          seeds.wrong_signature_key),
    Fault("unreadable webhook", "channel", ("ramah.channels.whatsapp.parse", "_envelope", "not a webhook envelope"),
          seeds.unreadable_webhook),
    Fault("ERP answers 500", "erp", (FRAPPE, "_read", "raise error_from(error.answer) from error"),
          partial(seeds.erp, kind="server_error")),
    Fault("ERP hangs", "erp", (HTTP, "_exchange", "{type(error).__name__} from {self._circuit}"),
          partial(seeds.erp, kind="hang")),
    Fault("ERP answers garbage", "erp", (FRAPPE, "_object", "something else than JSON\") from error"),
          partial(seeds.erp, kind="garbage")),
    Fault("ERP drops the connection", "erp", (HTTP, "_exchange", "{type(error).__name__} from {self._circuit}"),
          partial(seeds.erp, kind="drop")),
    Fault("an action raises", "actions", ("actions.my_bookings", "replies", "return listing.my_bookings(place)"),
          seeds.an_action_raises),
    Fault("action server away", "actions", (ACTION_SERVER, "_unreachable", "ACTION_UNREACHABLE, action, detail"),
          partial(TELLS, kind="action_failed")),
    Fault("missing response", "engine", (WORDING, "generate_from_slots", "record_missing(utter_action)"),
          partial(TELLS, kind="no_reply")),
    Fault("unknown slot", "actions", (ACTION_SERVER, "_note_unknown_slots", "record_trouble("),
          partial(BESIDE, kind="unknown_slot")),
    Fault("bad template", "engine", (WORDING, "_fill_response", "record_trouble("),
          partial(BESIDE, kind="lacks_variables")),
    Fault("rules without an end", "engine", ("engine.connector.processor", "_end_endless_turn", "raise TurnFailure("),
          partial(TELLS, kind="internal")),
    Fault("engine killed", "engine", (CLIENT, "_asked", "the engine cannot be reached"), seeds.engine_killed),
    Fault("engine hangs", "engine", (CLIENT, "_asked", "the engine did not answer in time"), seeds.engine_hangs),
    Fault("engine answers garbage", "engine", (CLIENT, "_read", '"garbled") from error'), seeds.engine_answers_garbage),
    Fault("database locked", "database", ("ramah.store.database", "_begin_sqlite", "connection.exec_driver_sql("),
          seeds.database_locked),
    Fault("outbox full", "database", ("ramah.messaging.outbox", "write_outbound", "session.flush()"),
          seeds.outbox_full),
    Fault("provider answers 401", "channel", (WHATSAPP, "_call", "raise errors.error_of_response"),
          partial(seeds.provider, status=401, body={"error": {"code": 190, "message": "expired"}})),
    Fault("provider answers 429", "channel", (WHATSAPP, "_call", "raise errors.error_of_response"),
          partial(seeds.provider, status=429, body={"error": {"code": 130429, "message": "slower"}})),
    Fault("provider hangs", "channel", (WHATSAPP, "_exchange", "raise errors.error_of_request(error) from error"),
          seeds.provider_hangs),
    Fault("language model writes garbage", "llm",
          ("ramah.integrations.llm.reading", "json_in", "is no chat completion"),
          partial(seeds.llm, status=200, body="tidak tahu")),
    Fault("clock skew", "clock", ("ramah.observe.readiness", "require_right_clock", "raise WrongClock"),
          seeds.clock_skew),
    Fault("disk full", "storage", ("ramah.integrations.storage.objects", "_typed", "raise _failure(doing, error)"),
          seeds.disk_full),
    Fault("mail server away", "mail", ("ramah.messaging.alerts.mail", "_connected", "raise MailError("),
          seeds.mail_server_away),
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The embedded database, which waits for a lock only a moment."""
    monkeypatch.setattr("ramah.store.database.BUSY_TIMEOUT_MS", 200)
    with fresh_database("sqlite", tmp_path) as fresh:
        yield fresh


@pytest.fixture
def scene(
    database: Database, httpserver: HTTPServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scene]:
    """A customer who waits for an answer. Circuits and pauses of other tests count for nothing."""
    monkeypatch.setattr(seldom, "_told", {})
    tenant: Tenant = make_tenant(database, "kilap", "1000001")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(guard.GUARDS, "_circuits", {})
        made = Scene(database, tenant, httpserver, patch, tmp_path / "media")
        made.write("1")
        yield made


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_named_answered_and_loses_nothing(scene: Scene, fault: Fault) -> None:
    expected = (fault.subsystem, place(*fault.where))
    fault.plant_in(scene)
    named = scene.incidents()
    scene.heal()
    scene.serve()
    assert named == {expected}
    assert scene.unanswered() == []


def test_there_are_twenty_four_and_the_document_lists_each() -> None:
    text = (PROJECT / "docs" / "operations" / "faults.md").read_text(encoding="utf-8")
    listed = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")][2:]
    assert listed == [fault.name for fault in FAULTS]
    assert len(FAULTS) == 24
