"""How tests find services: used where they answer, a failure where they are required and missing."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from tests.services import BROKER, POSTGRES, REDIS, REQUIRED, ServiceMissing, address_of

VARIABLE = "RAMAH_TEST_SOMETHING_URL"


@pytest.fixture
def nobody_there() -> Iterator[int]:
    """A port that is taken and refuses connections."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def test_a_service_that_answers_is_used() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"redis://127.0.0.1:{server.getsockname()[1]}/3"
        assert address_of((VARIABLE, url, 1)) == url


def test_a_variable_names_another_place(monkeypatch: pytest.MonkeyPatch, nobody_there: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"amqp://ani:secret@127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv(VARIABLE, url)
        assert address_of((VARIABLE, f"amqp://127.0.0.1:{nobody_there}", 1)) == url


def test_a_service_that_is_missing_is_done_without(monkeypatch: pytest.MonkeyPatch, nobody_there: int) -> None:
    monkeypatch.delenv(REQUIRED, raising=False)
    assert address_of((VARIABLE, "redis://127.0.0.1", nobody_there)) is None


def test_a_required_service_that_is_missing_fails(monkeypatch: pytest.MonkeyPatch, nobody_there: int) -> None:
    monkeypatch.setenv(REQUIRED, "1")
    with pytest.raises(ServiceMissing, match=f":{nobody_there} does not answer; see {VARIABLE}") as caught:
        address_of((VARIABLE, f"redis://:secret@127.0.0.1:{nobody_there}", 1))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("service", [POSTGRES, REDIS, BROKER], ids=["postgresql", "redis", "rabbitmq"])
def test_each_service_answers_or_is_not_required_here(service: tuple[str, str, int]) -> None:
    assert address_of(service) is not None or os.environ.get(REQUIRED) != "1"
