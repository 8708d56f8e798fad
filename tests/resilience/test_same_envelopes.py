"""Forty processes deliver the same webhooks at the same moment: each is one envelope, each message one turn."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from ramah.messaging.models import Envelope, EnvelopeTally, Inbound
from tests.databases import backends
from tests.fakes.graph import envelopes
from tests.fakes.graph.people import PersonWrites
from tests.fakes.graph.postman import encode, sign
from tests.resilience import posting, verdicts
from tests.resilience.customers import expected, number_of, text_of
from tests.resilience.small_platform import Platform, migrated_url, running_platform

PROCESSES = 40
UNTIL_ALL_ARE_THERE = 4.0
PEOPLE, MESSAGES = 3, 2
BATCHES = [
    [(0, 0), (1, 0), (2, 0)],
    [(2, 0), (1, 0), (0, 0)],
    [(1, 1), (0, 1)],
    [(0, 0), (2, 1), (0, 1)],
]
"""Messages by person and number. The batches overlap and name the people crosswise, as repeated deliveries may."""


def bodies(platform: Platform) -> list[bytes]:
    """One webhook body per batch."""
    items = {}
    for person in range(PEOPLE):
        for number in range(MESSAGES):
            written = {"from": number_of(person), "id": f"wamid.{person}-{number}", "text": text_of(number)}
            _, envelope = platform.graph.graph.note_person(PersonWrites.model_validate(written))
            items[person, number] = envelope["entry"][0]["changes"][0]["value"]["messages"][0]
    return [
        encode(envelopes.inbound(platform.meta, number_of(0), "Aina", [items[one] for one in batch]))
        for batch in BATCHES
    ]


def post_from_many_processes(platform: Platform, letters: list[bytes]) -> list[str]:
    """All statuses that the processes got."""
    file = platform.folder / "letters"
    lines = [sign(platform.meta.app_secret, body).encode() + b" " + body for body in letters]
    file.write_bytes(b"\n".join(lines))
    moment = str(time.time() + UNTIL_ALL_ARE_THERE)
    command = [sys.executable, "-I", "-S", str(Path(posting.__file__)), platform.meta.webhook_url, str(file), moment]
    processes = [
        subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, text=True) for seed in range(PROCESSES)
    ]
    return [status for process in processes for status in process.communicate(timeout=120)[0].split()]


@pytest.mark.parametrize("backend", backends())
def test_the_same_envelopes_from_forty_processes_are_stored_and_answered_once(backend: str, tmp_path: Path) -> None:
    with migrated_url(backend, tmp_path) as url, running_platform(tmp_path, url) as platform:
        letters = bodies(platform)
        statuses = post_from_many_processes(platform, letters)
        assert Counter(statuses) == {"200": PROCESSES * len(letters)}
        verdicts.wait_until_settled(platform, 60)
        with platform.database.every_organisation_reading() as session:
            kept = [row for row in session.scalars(select(Envelope)).all() if row.messages]
            counted = sum(session.scalars(select(EnvelopeTally.count)).all())
            receipts = len([row for row in session.scalars(select(Envelope)).all() if not row.messages])
            stored = session.scalars(select(Inbound.external_id)).all()
        assert sorted(row.body for row in kept) == sorted(letters)
        assert [row.repeats for row in kept] == [PROCESSES - 1] * len(letters)
        assert counted == len(letters) + receipts
        assert sorted(stored) == sorted(f"wamid.{person}-{number}" for person in range(PEOPLE) for number in range(2))
        verdicts.assert_nothing_was_sent_twice(platform)
        verdicts.assert_every_row_is_final(platform.database, PEOPLE * MESSAGES)
        verdicts.assert_the_engine_was_asked_rightly(platform)
        verdicts.assert_the_ledger_misses_nothing(platform)
        journal = platform.graph.graph.journal()
        for person in range(PEOPLE):
            seen = [entry["text"] for entry in journal[number_of(person)]]
            assert sorted(seen) == sorted(expected(list(range(MESSAGES))))
