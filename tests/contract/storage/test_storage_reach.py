"""Readiness asks the bucket for files: reached, down, silent, denying, wrong; never for long, never as a trouble."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ramah.integrations.storage.reach import PROBE
from ramah.observe.readiness import NO_BUCKET, PATIENCE, REFUSED_BY_BUCKET, look_around
from ramah.store import Database
from tests.contract.storage.conftest import REGION, settings_with
from tests.databases import fresh_database
from tests.stack import free_ports

DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with fresh_database("sqlite", tmp_path) as fresh:
        yield fresh


def warnings_with(database: Database, address: str, place: str = "media") -> list[str]:
    """What readiness says with the bucket at this address, within twice the time limit."""
    url = f"s3://{place}?endpoint={address}&region={REGION}"
    config = settings_with(media_url=url, media_key="AKIDEXAMPLE", media_secret="secret")
    began = time.monotonic()
    found = look_around(database, config)
    assert time.monotonic() - began < 2 * PATIENCE
    assert (found.troubles, found.status) == ([], 200)
    return found.warnings


@contextmanager
def answering(status: int, body: bytes, asked: list[str]) -> Iterator[str]:
    """A server that answers every question alike, and remembers them."""

    class Same(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Same)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_bucket_that_is_there_is_no_warning(database: Database, s3_address: str, bucket: str) -> None:
    assert warnings_with(database, s3_address, bucket) == []
    assert warnings_with(database, s3_address, f"{bucket}/of/ramah") == []


def test_a_bucket_that_is_down_is_a_warning(database: Database) -> None:
    assert warnings_with(database, f"http://127.0.0.1:{free_ports(1)[0]}") == [NO_BUCKET]


def test_a_bucket_that_never_answers_is_a_warning_within_the_time_limit(database: Database) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        assert warnings_with(database, f"http://127.0.0.1:{silent.getsockname()[1]}") == [NO_BUCKET]


def test_a_bucket_in_trouble_is_asked_once_and_is_a_warning(database: Database) -> None:
    asked: list[str] = []
    with answering(503, b"", asked) as address:
        assert warnings_with(database, address) == [NO_BUCKET]
    assert asked == [f"/media/{PROBE}"]


def test_a_bucket_that_denies_us_says_what_to_check(database: Database) -> None:
    with answering(403, DENIED, []) as address:
        assert warnings_with(database, address) == [REFUSED_BY_BUCKET]


def test_a_bucket_that_nobody_made_says_what_to_check(database: Database, s3_address: str) -> None:
    assert warnings_with(database, s3_address, "nobody-made-this") == [REFUSED_BY_BUCKET]


def test_a_folder_is_not_asked_over_the_network(database: Database, tmp_path: Path) -> None:
    config = settings_with(media_url=f"file://{tmp_path}/media")
    assert look_around(database, config).warnings == []
