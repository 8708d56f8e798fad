"""The page of all components is for those who build pages, and for nobody else."""

from __future__ import annotations

import httpx

from ramah.store import Database
from tests.integration.console.conftest import settings_with
from tests.integration.console.served import client_of, served


def test_it_is_there_in_development(anybody: httpx.Client) -> None:
    assert "Styleguide" in anybody.get("/styleguide").text


def test_it_is_not_there_in_production(database: Database) -> None:
    tokens = {"engine_token": "e" * 44, "actions_token": "a" * 44}
    config = settings_with(environment="production", secret_key="a" * 44, public_url="https://desk.example", **tokens)
    with served(config, database) as console, client_of(console) as client:
        assert client.get("/styleguide").status_code == 404
