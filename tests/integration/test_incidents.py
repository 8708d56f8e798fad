"""Incidents: grouped, scrubbed, counted by conversation, told when new and when back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from ramah.cli.app import app
from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.alerts import open_alerts, tell_incidents, worded
from ramah.messaging.models import Alert
from ramah.observe import Incident, record_incident
from ramah.observe.models import IncidentState
from ramah.observe.register import find_incident, incidents, mark
from ramah.observe.release import running_release
from ramah.store import Database
from tests.integration.conftest import Tenant

PLACE = "ramah.somewhere:step:12"


def fail(database: Database, tenant: Tenant, message: str = "the step failed", conversation: str | None = None) -> None:
    record_incident(database, tenant.id, BadInput(message), "step", conversation, place=PLACE)


def the_incident(database: Database) -> Incident:
    with database.every_organisation_reading() as session:
        return session.scalars(select(Incident)).one()


def alerts(database: Database, tenant: Tenant) -> list[Alert]:
    with database.tenant_reading(tenant.id) as session:
        return open_alerts(session)


def test_repetitions_are_one_incident_that_counts_them(database: Database, kilap: Tenant) -> None:
    for conversation in ("c1", "c2", "c1", None):
        fail(database, kilap, conversation=conversation)
    with database.tenant_reading(kilap.id) as session:
        (listed,) = incidents(session)
    assert (listed.incident.count, listed.conversations, listed.incident.state) == (4, 2, IncidentState.NEW)
    assert listed.incident.release == running_release()


def test_what_happens_at_the_same_moment_is_counted_whole(database: Database, kilap: Tenant) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: fail(database, kilap, conversation=f"c{number % 4}"), range(24)))
    with database.tenant_reading(kilap.id) as session:
        (listed,) = incidents(session)
    assert (listed.incident.count, listed.conversations) == (24, 4)


def test_planted_secrets_and_numbers_are_not_stored(database: Database, kilap: Tenant) -> None:
    error = BadInput("GET /me?access_token=EAAGm0PX4ZCpsBA for +62 812-3456-7890 and ani@kilap.example")
    record_incident(database, kilap.id, error, "step", place=PLACE, transcript="nomor saya 081234567890")
    kept = the_incident(database).message
    assert not [planted for planted in ("EAAGm0PX4ZCpsBA", "3456", "ani@", "081234567890") if planted in kept]
    assert "access_token=[secret]" in kept
    assert "nomor saya" in kept


def test_a_new_incident_is_told_once_in_plain_words(database: Database, kilap: Tenant) -> None:
    fail(database, kilap)
    assert tell_incidents(database)
    fail(database, kilap)
    assert not tell_incidents(database)
    (alert,) = alerts(database, kilap)
    for language in ("id", "ms", "en"):
        said = worded(alert, language, "Asia/Jakarta")
        assert PLACE in said.body
        assert f"--fixed {alert.subject[:8]}" in said.body
        assert "{" not in said.title + said.body


def test_one_that_comes_back_after_it_was_fixed_is_told_as_such(database: Database, kilap: Tenant) -> None:
    fail(database, kilap)
    tell_incidents(database)
    mark(database, kilap.id, the_incident(database).id, IncidentState.FIXED)
    with database.tenant_reading(kilap.id) as session:
        assert incidents(session) == []
    fail(database, kilap)
    assert the_incident(database).state == IncidentState.BACK
    assert tell_incidents(database)
    assert [alert.kind for alert in alerts(database, kilap)] == ["incident_back"]


@pytest.mark.parametrize("state", [IncidentState.SEEN, IncidentState.FIXED])
def test_an_alert_is_over_once_somebody_has_marked_its_incident(
    database: Database, kilap: Tenant, state: IncidentState
) -> None:
    fail(database, kilap)
    tell_incidents(database)
    mark(database, kilap.id, the_incident(database).id, state)
    assert not tell_incidents(database)
    assert alerts(database, kilap) == []


def test_one_that_somebody_looks_after_stays_so(database: Database, kilap: Tenant) -> None:
    fail(database, kilap)
    mark(database, kilap.id, the_incident(database).id, IncidentState.SEEN)
    fail(database, kilap)
    assert the_incident(database).state == IncidentState.SEEN
    assert not tell_incidents(database)


def test_it_is_found_by_the_beginning_of_its_id_within_its_organisation(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    fail(database, kilap)
    known = the_incident(database)
    with database.tenant_reading(kilap.id) as session:
        assert find_incident(session, known.id[:8]).id == known.id
    with database.tenant_reading(stranger.id) as session, pytest.raises(NotFound):
        find_incident(session, known.id[:8])
    with pytest.raises(NotFound):
        mark(database, stranger.id, known.id, IncidentState.FIXED)


@pytest.fixture
def command(database: Database, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`ramah incidents` over this database."""
    url = database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setattr("ramah.cli.incidents.Database", lambda _: Database(url))
    monkeypatch.setenv("COLUMNS", "220")
    return lambda *words: CliRunner().invoke(app, ["incidents", *words])


def test_the_command_lists_shows_and_marks(command: Callable[..., Result], database: Database, kilap: Tenant) -> None:
    assert command().output.strip() == "No incident is open."
    fail(database, kilap, "[bold] is no markup", conversation="c1")
    listed = command()
    assert listed.exit_code == 1
    short = the_incident(database).id[:8]
    for shown in (short, "kilap", "new", PLACE, "[bold] is no markup"):
        assert shown in listed.output
    assert "c1" in command("--show", short).output
    assert "counts as fixed" in command("--fixed", short).output
    assert (command().exit_code, command("--all").exit_code) == (0, 0)
    assert short in command("--all").output


def test_the_command_refuses_an_organisation_that_is_not_there(command: Callable[..., Result]) -> None:
    result = command("--organisation", "nobody")
    assert isinstance(result.exception, NotFound)
