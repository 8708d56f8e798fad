"""Providers that fail and a store that is away: what can still come is waited for, and nothing is lost."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.integrations.storage import StorageRefused, open_storage
from ramah.messaging.media.fetching import FIRST_WAIT, LONGEST_WAIT, STORE_WAIT, fetch_one
from ramah.messaging.models import ChannelAccount, MediaFile, MediaStatus
from ramah.observe import Incident
from ramah.store import Database, utc_now
from tests.fakes.disk.files import OPUS
from tests.integration.conftest import defaults
from tests.integration.media.bench import PHOTO, Bench, Provider, fail_with, passing


def test_a_failing_provider_is_asked_again_with_growing_waits_then_somebody_is_told(
    bench: Bench, provider: Provider
) -> None:
    provider.answer = fail_with(passing())
    bench.arrives()
    waits = []
    for _ in range(8):
        assert bench.fetch()
        waits.append((bench.file().next_try_at - utc_now()).total_seconds())
        assert not bench.fetch()
        bench.wait(LONGEST_WAIT)
    planned = [FIRST_WAIT, 40.0, 160.0, 640.0, 2560.0, LONGEST_WAIT, LONGEST_WAIT]
    assert all(0.75 * most <= wait <= most for wait, most in zip(waits, planned, strict=False))
    assert (bench.file().status, bench.file().error_text) == (MediaStatus.FAILED, "not now")
    (incident,) = bench.rows(Incident)
    assert (incident.operation, incident.count) == ("media:whatsapp", 1)
    assert len(provider.asked) == 8


def test_a_file_comes_when_the_provider_has_recovered(bench: Bench, provider: Provider) -> None:
    provider.answer = fail_with(passing(retry_after=7.0))
    bench.arrives()
    bench.fetch()
    assert (bench.file().next_try_at - utc_now()).total_seconds() == 7.0
    provider.answer = lambda media: OPUS
    bench.wait(7)
    bench.fetch()
    assert (bench.file().status, bench.file().kind, bench.file().error_text) == (MediaStatus.STORED, "audio", None)


def test_a_file_that_is_gone_is_not_asked_for_again(bench: Bench, provider: Provider) -> None:
    provider.answer = fail_with(ChannelError("gone", SendOutcome.GIVE_UP, code="gone"))
    bench.arrives()
    bench.fetch()
    assert (bench.file().status, len(bench.rows(Incident))) == (MediaStatus.FAILED, 1)


def test_a_dead_token_costs_no_try(bench: Bench, provider: Provider) -> None:
    provider.answer = fail_with(ChannelError("token", SendOutcome.CONFIGURATION))
    bench.arrives()
    for _ in range(20):
        assert bench.fetch()
        bench.wait(defaults().account_pause)
    assert (bench.file().status, bench.file().attempts) == (MediaStatus.WAITING, 0)


def test_a_channel_that_breaks_is_tried_again_too(bench: Bench, provider: Provider) -> None:
    provider.answer = fail_with(KeyError("url"))
    bench.arrives()
    bench.fetch(media_attempts=2)
    assert bench.file().status == MediaStatus.WAITING
    bench.wait(FIRST_WAIT)
    bench.fetch(media_attempts=2)
    assert (bench.file().status, len(bench.rows(Incident))) == (MediaStatus.FAILED, 1)


def test_another_content_than_announced_is_asked_for_again(bench: Bench, provider: Provider) -> None:
    bench.arrives(sha256=hashlib.sha256(OPUS).hexdigest().upper())
    bench.fetch()
    assert bench.file().status == MediaStatus.WAITING
    assert "checksum" in (bench.file().error_text or "")
    provider.answer = lambda media: OPUS
    bench.wait(FIRST_WAIT)
    bench.fetch()
    assert bench.file().status == MediaStatus.STORED


def test_an_account_that_is_switched_off_is_not_asked(bench: Bench) -> None:
    bench.arrives()
    with bench.database.tenant(bench.tenant.id) as session:
        session.get_one(ChannelAccount, bench.tenant.whatsapp.id).active = False
    assert not bench.fetch()


def test_a_store_that_is_away_costs_no_try_tells_once_and_all_is_kept_when_it_is_back(
    bench: Bench, provider: Provider
) -> None:
    bench.storage.go_away()
    for key in "abcde":
        bench.arrives(key)
    for _ in range(30):
        bench.fetch()
        assert not bench.fetch()  # the others are not fetched for nothing
        bench.wait(STORE_WAIT)
    rows = bench.rows(MediaFile)
    assert {row.status for row in rows} == {MediaStatus.WAITING}
    assert {row.attempts for row in rows} == {0}
    assert len(provider.asked) == 30
    (incident,) = bench.rows(Incident)
    assert (incident.subsystem, incident.count) == ("storage", 1)
    assert "No space left" in incident.message
    bench.storage.come_back()
    while bench.fetch():
        bench.wait(0)
    assert {row.status for row in bench.rows(MediaFile)} == {MediaStatus.STORED}
    assert {row.error_text for row in bench.rows(MediaFile)} == {None}


def test_the_next_outage_is_told_again(bench: Bench) -> None:
    for key in ("a", "b"):
        bench.storage.go_away()
        bench.arrives(key)
        bench.fetch()
        bench.storage.come_back()
        bench.wait(STORE_WAIT)
        bench.fetch()
    (incident,) = bench.rows(Incident)
    assert incident.count == 2


def test_a_wrong_bucket_waits_for_the_administrator_and_loses_nothing(bench: Bench) -> None:
    bench.storage.trouble = StorageRefused("there is no such bucket")
    bench.arrives()
    bench.fetch()
    assert (bench.file().status, bench.file().attempts) == (MediaStatus.WAITING, 0)


def test_a_real_folder_that_cannot_be_written_and_then_can(bench: Bench, tmp_path: Path, database: Database) -> None:
    place = tmp_path / "media"
    place.write_text("in the way")
    store = open_storage(defaults(media_url=f"file://{place}"))
    bench.arrives()
    assert fetch_one(database, store, defaults(), "w1")
    assert bench.file().status == MediaStatus.WAITING
    place.unlink()
    bench.wait(STORE_WAIT)
    assert fetch_one(database, store, defaults(), "w1")
    key = bench.file().storage_key
    assert key is not None
    assert (place / key).read_bytes() == PHOTO
