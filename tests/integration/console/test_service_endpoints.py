"""Schema, health and metrics."""

from __future__ import annotations

import httpx

from ramah.integrations.erp.schema import booking_schema
from ramah.messaging.inbox import accept
from ramah.observe.readiness import NO_DATABASE, NO_REDIS
from ramah.store import Database
from tests.integration.conftest import Tenant, text_message
from tests.integration.console.conftest import settings_with
from tests.integration.console.event_stream import event_stream
from tests.integration.console.served import client_of, served
from tests.integration.console.visitors import logged_in


def test_the_booking_schema_is_public_and_a_schema(anybody: httpx.Client) -> None:
    answer = anybody.get("/api/schemas/booking")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/schema+json")
    assert answer.json() == booking_schema()
    assert {"reference", "starts_at", "vehicle"} <= set(answer.json()["properties"])


def test_a_healthy_console_says_so(anybody: httpx.Client) -> None:
    assert anybody.get("/healthz").json() == {"alive": True}
    assert anybody.get("/readyz").json() == {"ready": True, "troubles": [], "warnings": []}


def test_a_console_without_its_database_is_alive_but_not_ready() -> None:
    gone = Database("postgresql://nobody@127.0.0.1:1/none")
    with served(settings_with(), gone) as console, client_of(console) as client:
        answer = client.get("/readyz")
        assert client.get("/healthz").status_code == 200
    gone.close()
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "troubles": [NO_DATABASE], "warnings": []}


def test_a_console_without_its_redis_is_ready_and_says_what_is_worse(database: Database) -> None:
    gone = settings_with(redis_url="redis://127.0.0.1:1/0")
    with served(gone, database) as console, client_of(console) as client:
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "troubles": [], "warnings": [NO_REDIS]}


def test_metrics_are_for_this_machine_only(anybody: httpx.Client, database: Database) -> None:
    assert b"python_info" in anybody.get("/metrics").content
    with served(settings_with(trusted_proxies=1), database) as console, client_of(console) as client:
        assert client.get("/metrics").status_code == 200
        answer = client.get("/metrics", headers={"x-forwarded-for": "127.0.0.1, 203.0.113.7"})
    assert answer.status_code == 403
    assert "python_info" not in answer.text


def test_live_events_begin_when_the_database_does(database: Database, kilap: Tenant) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE live_events RENAME TO hidden")
    with served(settings_with(), database) as console:
        alice = logged_in(console, database, kilap.id, kilap.alice)
        assert alice.get("/console").status_code == 200
        with database.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE hidden RENAME TO live_events")
        with event_stream(alice.client, "/console/live") as stream:
            stream.until("ready")
            accept(database, kilap.whatsapp, text_message("halo"))
            stream.until("conversation")
        alice.client.close()
