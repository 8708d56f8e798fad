"""The disk of the media store is full: messages are answered as ever, and the files come when there is room again."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select, update

from ramah.integrations.storage import open_storage
from ramah.messaging.media.settling import STORE_AWAY
from ramah.messaging.models import Inbound, InboundStatus, MediaFile, MediaStatus
from ramah.store import utc_now
from tests.fakes.graph.people import PersonsFile, PersonWrites
from tests.integration.conftest import defaults
from tests.resilience import verdicts
from tests.resilience.customers import number_of
from tests.resilience.full_disk import TinyDisk, tiny_disk
from tests.resilience.small_platform import Platform, migrated_url, running_platform
from tests.stack import wait_for

PICTURES = 4


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[TinyDisk]:
    """A disk that can be filled."""
    with tiny_disk(tmp_path / "media") as made:
        if made is None:
            pytest.skip("this user may mount no disk")
        yield made


def picture(number: int) -> bytes:
    """A picture of its own."""
    written = io.BytesIO()
    Image.new("RGB", (40 + number, 40), "green").save(written, "PNG")
    return written.getvalue()


def send_pictures(platform: Platform) -> None:
    """Each person sends a picture and a word."""
    for person in range(PICTURES):
        file = PersonsFile(content=picture(person), mime_type="image/png")
        for content in ({"file": file}, {"text": "sudah?"}):
            platform.graph.graph.person_writes(PersonWrites.model_validate({"from": number_of(person), **content}))


def files(platform: Platform) -> list[MediaFile]:
    """The files as they are now."""
    with platform.database.every_organisation_reading() as session:
        return list(session.scalars(select(MediaFile)))


def answered(platform: Platform) -> bool:
    """Whether every message has had its turn."""
    with platform.database.every_organisation_reading() as session:
        statuses = session.scalars(select(Inbound.status)).all()
    return list(statuses) == [InboundStatus.DONE] * (2 * PICTURES)


def go_over_a_full_disk(platform: Platform, disk: TinyDisk, *, hurry: bool) -> None:
    """Pictures come while there is no room; ``hurry`` moves the files' clock instead of waiting for it."""
    disk.fill()
    send_pictures(platform)
    wait_for(lambda: answered(platform), "all was answered meanwhile", 60)
    wait_for(lambda: any(STORE_AWAY in (file.error_text or "") for file in files(platform)), "the store was tried", 60)
    assert {file.status for file in files(platform)} == {MediaStatus.WAITING}
    said = platform.members["worker-1"].answer()
    disk.free()
    if hurry:
        with platform.database.every_organisation() as session:
            session.execute(update(MediaFile).values(next_try_at=utc_now()))
    verdicts.wait_until_settled(platform, 90)
    storage = open_storage(defaults(media_url=f"file://{disk.folder}"))
    kept = {storage.get(str(file.storage_key), 10**6) for file in files(platform)}
    assert {file.status for file in files(platform)} == {MediaStatus.STORED}
    assert kept == {picture(number) for number in range(PICTURES)}
    assert {file.sha256 for file in files(platform)} == {hashlib.sha256(content).hexdigest() for content in kept}
    verdicts.assert_the_ledger_misses_nothing(platform)
    assert said is not None and "file" in said.text, "readiness does not say that files cannot be kept"


def test_a_full_disk_loses_no_file_and_delays_no_answer(disk: TinyDisk, tmp_path: Path) -> None:
    settings = {"RAMAH_MEDIA_URL": f"file://{disk.folder}"}
    with migrated_url("sqlite", tmp_path) as url, running_platform(tmp_path, url, settings=settings) as platform:
        go_over_a_full_disk(platform, disk, hurry=True)
