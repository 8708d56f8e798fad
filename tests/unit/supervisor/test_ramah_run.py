"""What ``ramah run`` prepares and starts."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from ramah.booking.embedded.models import Service
from ramah.cli.processes import all_processes, child_environment, public_address
from ramah.cli.run import prepare_database, start_all
from ramah.people import Organisation, Staff
from ramah.settings import Settings, settings
from ramah.store import Database
from ramah.supervisor import SupervisorError


def _settings(**values: object) -> Settings:
    return Settings.model_validate(values)


def test_the_processes_stand_in_the_order_of_dependence() -> None:
    specs = all_processes(_settings(), demo=True, whatsapp_demo=True)
    assert [spec.name for spec in specs] == ["actions", "engine", "worker", "console", "whatsapp"]
    assert all(spec.environment == specs[0].environment for spec in specs)


def test_the_stand_in_for_whatsapp_is_left_out_unless_asked_for() -> None:
    specs = all_processes(_settings(), demo=True, whatsapp_demo=False)
    assert "whatsapp" not in [spec.name for spec in specs]
    assert "RAMAH_WHATSAPP_BASE_URL" not in specs[0].environment


def test_the_processes_agree_on_ports_and_tokens() -> None:
    config = _settings(engine_port=7001, actions_port=7002, engine_token="one", actions_token="two")
    environment = child_environment(config, demo=False, whatsapp_demo=False)
    assert environment["RAMAH_ENGINE_URL"] == "http://127.0.0.1:7001"
    assert environment["RAMAH_ACTIONS_URL"] == "http://127.0.0.1:7002/webhook"
    assert (environment["RAMAH_ENGINE_TOKEN"], environment["RAMAH_ACTIONS_TOKEN"]) == ("one", "two")
    assert environment["RAMAH_DEMO"] == "0"


def test_links_follow_the_console_port_unless_the_address_was_set() -> None:
    assert public_address(_settings(console_host="0.0.0.0", console_port=9000)) == "http://127.0.0.1:9000"
    assert public_address(_settings(console_port=9000, public_url="https://chat.example")) == "https://chat.example"


def test_a_restart_keeps_what_an_administrator_changed(tmp_path: Path) -> None:
    config = _settings(database_url=f"sqlite:///{tmp_path / 'ramah.db'}")
    prepare_database(config, demo=True)
    database = Database(config.database_url)
    with database.every_organisation() as session:
        services = session.scalars(select(Service)).all()
        assert services
        services[0].minutes, changed = 7, services[0].id
    prepare_database(config, demo=True)
    with database.every_organisation_reading() as session:
        assert session.scalar(select(Service.minutes).where(Service.id == changed)) == 7
    database.close()


def test_no_demo_leaves_the_database_empty(tmp_path: Path) -> None:
    config = _settings(database_url=f"sqlite:///{tmp_path / 'ramah.db'}")
    prepare_database(config, demo=False)
    database = Database(config.database_url)
    with database.every_organisation_reading() as session:
        assert session.scalars(select(Organisation)).all() == []
        assert session.scalars(select(Staff)).all() == []
    database.close()


def test_the_demo_is_refused_in_production(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAMAH_ENVIRONMENT", "production")
    for name in ("SECRET_KEY", "ENGINE_TOKEN", "ACTIONS_TOKEN"):
        monkeypatch.setenv(f"RAMAH_{name}", "of-our-own")
    settings.cache_clear()
    try:
        with pytest.raises(SupervisorError, match="not for production"):
            start_all(demo=True)
    finally:
        settings.cache_clear()
