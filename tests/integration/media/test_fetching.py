"""Files of messages: fetched apart from the message, proved, kept once, by one worker at a time."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor

import pytest

from ramah.channels.content import (
    MediaKind,
)
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.integrations.storage import content_key
from ramah.messaging.media.leases import LEASE, lease_next
from ramah.messaging.media.settling import settle_ended
from ramah.messaging.media.views import files_in, files_of_lines
from ramah.messaging.models import LiveEvent, MediaFile, MediaStatus
from ramah.messaging.thread import read_thread
from ramah.observe import Incident
from tests.fakes.disk.files import EXE, PDF, SVG
from tests.integration.conftest import Tenant
from tests.integration.media.bench import PHOTO, Bench, Provider, fail_with


def test_a_file_is_fetched_proved_kept_and_told(bench: Bench) -> None:
    inbound = bench.arrives(mime_type="image/png", filename="../foto.png", size=len(PHOTO))
    assert bench.fetch()
    row, digest = bench.file(), hashlib.sha256(PHOTO).hexdigest()
    assert (row.status, row.mime_type, row.claimed_type) == (MediaStatus.STORED, "image/jpeg", "image/png")
    assert (row.size, row.sha256, row.filename) == (len(PHOTO), digest, "foto.png.jpg")
    assert row.storage_key == content_key(bench.tenant.id, digest)
    assert bench.storage.objects[row.storage_key] == (PHOTO, "image/jpeg")
    assert row.thumbnail_key is not None
    assert bench.storage.objects[row.thumbnail_key][1] == "image/webp"
    assert [event.data for event in bench.rows(LiveEvent) if event.kind == "media"] == [{"position": 1}]
    assert row.inbound_id == inbound
    assert not bench.fetch()


def test_the_same_content_lies_there_once_per_organisation(bench: Bench, stranger: Tenant) -> None:
    for key in ("1", "2"):
        bench.arrives(key)
        bench.fetch()
    assert len({row.storage_key for row in bench.rows(MediaFile)}) == 1
    others = Bench(bench.database, stranger, bench.storage, bench.clock)
    others.arrives("3")
    others.fetch()
    assert others.file().storage_key not in {row.storage_key for row in bench.rows(MediaFile)}
    assert len(bench.storage.objects) == 4  # two contents, each with its small picture


@pytest.mark.parametrize("content", [SVG, EXE, b"<html>", b"", b"#!/bin/sh\n"])
def test_what_may_not_be_kept_is_refused_with_a_reason_and_lies_nowhere(
    bench: Bench, provider: Provider, content: bytes
) -> None:
    provider.answer = lambda media: content
    bench.arrives(mime_type="image/jpeg")
    bench.fetch()
    row = bench.file()
    assert (row.status, row.storage_key) == (MediaStatus.REFUSED, None)
    assert row.error_text
    assert bench.storage.objects == {}
    assert bench.rows(Incident) == []
    assert [event.kind for event in bench.rows(LiveEvent) if event.kind == "media"] == ["media"]


def test_a_file_announced_as_too_large_is_not_even_asked_for(bench: Bench, provider: Provider) -> None:
    bench.arrives(size=5000)
    bench.fetch(media_limit=4999)
    assert (bench.file().status, provider.asked) == (MediaStatus.REFUSED, [])


def test_a_file_that_turns_out_too_large_is_refused(bench: Bench, provider: Provider) -> None:
    bench.arrives("1")
    bench.fetch(media_limit=1024)
    provider.answer = fail_with(ChannelError("larger", SendOutcome.GIVE_UP, code="too_large"))
    bench.arrives("2")
    bench.fetch()
    assert [row.status for row in bench.rows(MediaFile)] == [MediaStatus.REFUSED] * 2
    assert bench.rows(Incident) == []


def test_a_broken_picture_is_kept_without_a_small_one(bench: Bench, provider: Provider) -> None:
    provider.answer = lambda media: PHOTO[:300]
    bench.arrives()
    bench.fetch()
    assert (bench.file().status, bench.file().thumbnail_key) == (MediaStatus.STORED, None)


def test_a_picture_that_is_a_document_counts_as_one(bench: Bench, provider: Provider) -> None:
    provider.answer = lambda media: PDF
    bench.arrives(kind=MediaKind.IMAGE, filename="nota.pdf")
    bench.fetch()
    assert (bench.file().kind, bench.file().mime_type) == ("document", "application/pdf")


def test_several_workers_fetch_each_file_once(bench: Bench, provider: Provider) -> None:
    for number in range(30):
        bench.arrives(str(number), who=f"62811{number:06}")
    bench.wait(0)

    def work() -> int:
        done = 0
        while bench.fetch():
            done += 1
        return done

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: work(), range(4))) == 30
    assert sorted(provider.asked) == sorted(f"ref-{number}" for number in range(30))
    assert {row.status for row in bench.rows(MediaFile)} == {MediaStatus.STORED}


def test_a_worker_that_died_is_followed_by_another_after_its_lease(bench: Bench) -> None:
    bench.arrives()
    assert lease_next(bench.database) is not None
    assert not bench.fetch()
    bench.wait(LEASE.total_seconds())
    assert bench.fetch()
    assert bench.file().status == MediaStatus.STORED


def test_late_bad_news_does_not_undo_what_another_worker_keeps(bench: Bench) -> None:
    bench.arrives()
    slow = lease_next(bench.database)
    assert slow is not None
    bench.wait(LEASE.total_seconds())
    quick = lease_next(bench.database)
    assert quick is not None
    settle_ended(bench.database, slow, MediaStatus.FAILED, "too slow")
    assert bench.file().status == MediaStatus.WAITING
    settle_ended(bench.database, quick, MediaStatus.FAILED, "really")
    assert bench.file().error_text == "really"


def test_lines_know_their_files(bench: Bench) -> None:
    first, second = bench.arrives("1", filename="foto.jpg"), bench.arrives("2")
    bench.fetch()
    with bench.database.tenant_reading(bench.tenant.id) as session:
        files = files_of_lines(session, [first, second, 999])
        conversation = bench.rows(MediaFile)[0].conversation_id
        by_position = files_in(session, conversation, read_thread(session, conversation))
    assert {
        number: [(one.status, one.name, one.has_thumbnail) for one in found] for number, found in files.items()
    } == {
        first: [("stored", "foto.jpg", True)],
        second: [("waiting", None, False)],
    }
    assert by_position == {1: files[first], 2: files[second]}
