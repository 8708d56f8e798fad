"""The shared HTTP client: allow-list, retries of reads, time limits, circuits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Barrier, Thread
from typing import Any

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from werkzeug.wrappers import Request, Response

from ramah.integrations.http import BadStatus, Breakers, CircuitOpen, HttpClient, HttpLimits, NoAnswer

QUICK = HttpLimits(read=2.0, total=5.0, wait_initial=0.001, wait_max=0.01, wait_jitter=0.001)

Build = Callable[..., HttpClient]


@pytest.fixture
def build(httpserver: HTTPServer) -> Iterator[Build]:
    """Makes clients of the test server, closed at the end."""
    made: list[HttpClient] = []

    def make(limits: HttpLimits = QUICK, breakers: Breakers | None = None, url: str | None = None) -> HttpClient:
        client = HttpClient(
            url or httpserver.url_for(""), headers={"X-Key": "k"}, limits=limits, breakers=breakers or Breakers()
        )
        made.append(client)
        return client

    yield make
    for client in made:
        client.close()


def answers(httpserver: HTTPServer, *statuses: int, headers: dict[str, str] | None = None) -> list[str]:
    """Let the server answer with these statuses in turn (the last one for ever); returns the log of methods."""
    seen: list[str] = []

    def handle(request: Request) -> Response:
        seen.append(request.method)
        return Response("body", status=statuses[min(len(seen), len(statuses)) - 1], headers=headers)

    httpserver.expect_request("/thing").respond_with_handler(handle)
    return seen


def test_it_sends_headers_parameters_and_json(httpserver: HTTPServer, build: Build) -> None:
    httpserver.expect_request(
        "/a b", method="POST", query_string="q=1", headers={"X-Key": "k"}, json={"x": [1]}
    ).respond_with_data("done")
    answer = build().request("POST", "/a%20b", params={"q": 1}, json={"x": [1]})
    assert (answer.status, answer.text) == (200, "done")


def test_it_accepts_only_the_statuses_on_the_list(httpserver: HTTPServer, build: Build) -> None:
    answers(httpserver, 202)
    assert build().request("GET", "/thing", good=frozenset({202})).status == 202
    with pytest.raises(BadStatus) as caught:
        build().request("GET", "/thing")
    assert caught.value.answer.status == 202


def test_it_follows_no_redirect(httpserver: HTTPServer, build: Build) -> None:
    seen = answers(httpserver, 302, headers={"Location": "http://192.0.2.1/"})
    with pytest.raises(BadStatus):
        build().request("GET", "/thing")
    assert len(seen) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 508])
def test_it_repeats_a_read_that_may_succeed_later(httpserver: HTTPServer, build: Build, status: int) -> None:
    seen = answers(httpserver, status, status, 200)
    assert build().request("GET", "/thing").status == 200
    assert len(seen) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 417])
def test_it_does_not_repeat_a_refused_read(httpserver: HTTPServer, build: Build, status: int) -> None:
    seen = answers(httpserver, status)
    with pytest.raises(BadStatus) as caught:
        build().request("GET", "/thing")
    assert caught.value.permanent
    assert len(seen) == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_it_sends_a_write_once(httpserver: HTTPServer, build: Build, method: str) -> None:
    seen = answers(httpserver, 503)
    with pytest.raises(BadStatus) as caught:
        build().request(method, "/thing", json={})
    assert not caught.value.permanent
    assert seen == [method]


def test_it_does_not_wait_longer_than_it_may(httpserver: HTTPServer, build: Build) -> None:
    seen = answers(httpserver, 429, headers={"Retry-After": "60"})
    with pytest.raises(BadStatus) as caught:
        build().request("GET", "/thing")
    assert caught.value.retry_after == 60
    assert len(seen) == 1


def test_a_refused_connection_was_not_sent(build: Build) -> None:
    with HTTPServer() as gone:
        url = gone.url_for("")
    with pytest.raises(NoAnswer) as caught:
        build(url=url).request("POST", "/thing", json={})
    assert not caught.value.sent


def test_a_silent_server_may_have_got_the_request(httpserver: HTTPServer, build: Build) -> None:
    release = Barrier(2)

    def hang(_: Request) -> Response:
        release.wait(timeout=10)
        return Response("late")

    httpserver.expect_request("/thing").respond_with_handler(hang)
    with pytest.raises(NoAnswer) as caught:
        build(QUICK.model_copy(update={"read": 0.1})).request("POST", "/thing", json={})
    release.wait(timeout=10)
    assert caught.value.sent


def test_it_refuses_a_body_that_is_too_large(httpserver: HTTPServer, build: Build) -> None:
    httpserver.expect_request("/thing").respond_with_data(b"x" * 2_000)
    with pytest.raises(NoAnswer, match="1000 bytes"):
        build(QUICK.model_copy(update={"body_bytes": 1_000})).request("POST", "/thing")


def test_clients_of_one_base_url_share_a_circuit(httpserver: HTTPServer, build: Build) -> None:
    shared = Breakers()
    limits = QUICK.model_copy(update={"attempts": 1, "breaker_threshold": 2})
    seen = answers(httpserver, 503, 503, 200)
    with time_machine.travel(1_900_000_000) as clock:
        for _ in range(2):
            with pytest.raises(BadStatus):
                build(limits, shared).request("GET", "/thing")
        with pytest.raises(CircuitOpen):
            build(limits, shared).request("GET", "/thing")
        with pytest.raises(CircuitOpen):
            build(limits, shared).request("POST", "/thing")
        assert len(seen) == 2
        clock.shift(limits.breaker_seconds + 1)
        assert build(limits, shared).request("GET", "/thing").status == 200


def test_another_base_url_has_a_circuit_of_its_own(httpserver: HTTPServer, build: Build) -> None:
    shared = Breakers()
    limits = QUICK.model_copy(update={"attempts": 1, "breaker_threshold": 1})
    answers(httpserver, 503)
    httpserver.expect_request("/other/thing").respond_with_data("fine")
    with pytest.raises(BadStatus):
        build(limits, shared).request("GET", "/thing")
    assert build(limits, shared, httpserver.url_for("/other")).request("GET", "/thing").text == "fine"


@pytest.mark.parametrize("status", [500, 429, 404])
def test_only_outages_open_the_circuit(httpserver: HTTPServer, build: Build, status: int) -> None:
    client = build(QUICK.model_copy(update={"attempts": 1, "breaker_threshold": 1}))
    answers(httpserver, status)
    for _ in range(3):
        with pytest.raises(BadStatus):
            client.request("GET", "/thing")


def test_a_circuit_survives_many_threads(httpserver: HTTPServer) -> None:
    seen = answers(httpserver, 503)
    limits = QUICK.model_copy(update={"attempts": 1, "breaker_threshold": 3})
    failures: list[Any] = []
    gate = Barrier(12)
    with closing(HttpClient(httpserver.url_for(""), headers={}, limits=limits, breakers=Breakers())) as client:

        def call() -> None:
            gate.wait(timeout=10)
            for _ in range(5):
                try:
                    client.request("GET", "/thing")
                except (BadStatus, CircuitOpen) as error:
                    failures.append(error)

        threads = [Thread(target=call) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
    assert len(failures) == 60
    assert 3 <= len(seen) <= 15
    assert sum(isinstance(one, BadStatus) for one in failures) == len(seen)
