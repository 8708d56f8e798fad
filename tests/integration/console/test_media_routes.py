"""Files by signed address: the signature is the right, and nothing in a file is ever run."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine
from PIL import Image
from sqlalchemy import update

from ramah.channels.content import Incoming, IncomingKind, MediaKind, RemoteMedia, Sender
from ramah.messaging.inbox import accept
from ramah.messaging.media.links import Variant, file_links, link_end, media_link, read_token
from ramah.messaging.media.uploads import Upload, receive_upload
from ramah.messaging.media.views import FileView, files_of_lines
from ramah.messaging.models import MediaFile, MediaStatus
from ramah.store import Database, utc_now
from tests.fakes.disk.files import OPUS, PDF, boxed, picture
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.served import ServedConsole

PHOTO = picture("JPEG", size=(900, 600))
CONFIG = settings_with()
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@pytest.fixture
def storage(console: ServedConsole) -> MoodyStorage:
    """The console's media store."""
    store = MoodyStorage()
    console.app.ctx.media_storage = store
    return store


@pytest.fixture
def reader(anybody: httpx.Client, storage: MoodyStorage) -> httpx.Client:
    """A browser of somebody who holds addresses and has no login."""
    return anybody


def stored(
    database: Database, tenant: Tenant, storage: MoodyStorage, content: bytes = PHOTO, name: str | None = "foto.jpg"
) -> FileView:
    """A file that a visitor sent."""
    message = Incoming(
        external_id=f"web-x-{len(content)}", sender=Sender(platform_id="v"), kind=IncomingKind.MEDIA, text=""
    )
    accepted = receive_upload(database, storage, tenant.webchat, message, Upload(content, name, 10_000_000))
    with database.tenant_reading(tenant.id) as session:
        ((view,),) = files_of_lines(session, [accepted.inbound_id or 0]).values()
    return view


def waiting(database: Database, tenant: Tenant, status: MediaStatus = MediaStatus.WAITING) -> str:
    """The id of a file that was not fetched."""
    remote = RemoteMedia(kind=MediaKind.IMAGE, reference="r")
    message = Incoming(external_id="m", sender=Sender(platform_id="62811"), kind=IncomingKind.MEDIA, media=(remote,))
    accepted = accept(database, tenant.whatsapp, message)
    with database.tenant(tenant.id) as session:
        session.execute(update(MediaFile).values(status=status).execution_options(synchronize_session=False))
        ((view,),) = files_of_lines(session, [accepted.inbound_id or 0]).values()
    return view.id


def address(media_id: str, variant: Variant = Variant.WHOLE, seconds: float = 600) -> str:
    return media_link(CONFIG, media_id, variant, utc_now() + timedelta(seconds=seconds))


def test_a_file_is_given_whole_with_its_proved_type_and_a_policy_that_runs_nothing(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage
) -> None:
    view = stored(database, kilap, storage)
    links = file_links(CONFIG, view)
    assert links.whole and links.small
    answer = reader.get(links.whole)
    assert (answer.status_code, answer.content) == (200, PHOTO)
    headers = answer.headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == "inline; filename=\"foto.jpg\"; filename*=UTF-8''foto.jpg"
    assert headers["content-security-policy"] == SANDBOX
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"].startswith("private, max-age=")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    small = reader.get(links.small)
    assert small.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(small.content)).size == (320, 213)


@pytest.mark.parametrize(
    ("content", "name", "shown"),
    [
        (PDF, "nota.pdf", "inline"),
        (OPUS, "suara.ogg", "inline"),
        (boxed("mp42"), "film.mp4", "inline"),
        (b"nama,plat\n", "daftar.csv", "attachment"),
        (b"halo", "catatan.txt", "attachment"),
        (boxed("heic"), "foto.heic", "attachment"),
    ],
)
def test_only_safe_types_are_shown_in_the_browser(
    reader: httpx.Client,
    database: Database,
    kilap: Tenant,
    storage: MoodyStorage,
    content: bytes,
    name: str,
    shown: str,
) -> None:
    view = stored(database, kilap, storage, content, name)
    answer = reader.get(address(view.id))
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith(f'{shown}; filename="{name}"')
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "script" not in policy
    # A player fetches the file once more, and needs its own origin for that; nothing else does.
    played = answer.headers["content-type"].startswith(("audio/", "video/"))
    assert ("sandbox allow-same-origin;" in policy) is played
    assert ("sandbox;" in policy) is not played


def test_a_name_from_outside_cannot_break_the_header(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage
) -> None:
    view = stored(database, kilap, storage, b"halo", 'a"\r\nX-Bad: 1; ü.txt')
    answer = reader.get(address(view.id))
    assert "x-bad" not in answer.headers
    assert answer.headers["content-disposition"].count('"') == 2
    nameless = stored(database, kilap, storage, PDF, None)
    assert (
        f'filename="document-{nameless.id[:8]}.pdf"' in reader.get(address(nameless.id)).headers["content-disposition"]
    )


def test_a_changed_forged_or_old_address_is_answered_alike(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage
) -> None:
    view, other = stored(database, kilap, storage), stored(database, kilap, storage, PDF, "a.pdf")
    good = address(view.id)
    another_key = settings_with(secret_key="another-secret-of-another-place-entirely")
    variant, ends, media_id, signature = good.removeprefix("/media/").split(".")
    bad = [
        address(view.id, seconds=-1),
        media_link(another_key, view.id, Variant.WHOLE, utc_now() + timedelta(hours=1)),
        f"/media/{variant}.{int(ends, 16) + 9999:x}.{media_id}.{signature}",
        f"/media/{variant}.{ends}.{other.id}.{signature}",
        f"/media/s.{ends}.{media_id}.{signature}",
        f"/media/{variant}.{ends}.{media_id}.",
        f"/media/{signature}",
        "/media/....",
        "/media/%F0%9F%98%80.%ED%A0%80",
        good + "A",
        address("00000000-0000-0000-0000-000000000000"),
    ]
    answers = [reader.get(path) for path in bad]
    assert [answer.status_code for answer in answers] == [404] * len(bad)
    assert len({answer.text for answer in answers}) == 1
    assert [reader.head(path).status_code for path in bad] == [404] * len(bad)
    assert reader.get(good).status_code == 200


def test_a_document_has_no_small_picture_to_read(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage
) -> None:
    view = stored(database, kilap, storage, PDF, "a.pdf")
    assert file_links(CONFIG, view).small is None
    assert reader.get(address(view.id, Variant.SMALL)).status_code == 404


def test_head_says_the_same_without_the_content(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage
) -> None:
    view = stored(database, kilap, storage)
    for variant in Variant:
        got, told = reader.get(address(view.id, variant)), reader.head(address(view.id, variant))
        assert told.content == b""
        for name in ("content-length", "content-type", "content-disposition", "content-security-policy"):
            assert told.headers[name] == got.headers[name]


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-0", 0, 0), ("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=3-99999999", 3, None)],
)
def test_a_player_may_ask_for_a_part(
    reader: httpx.Client,
    database: Database,
    kilap: Tenant,
    storage: MoodyStorage,
    asked: str,
    start: int,
    end: int | None,
) -> None:
    view = stored(database, kilap, storage, OPUS, "a.ogg")
    answer = reader.get(address(view.id), headers={"range": asked})
    part = OPUS[start:] if end is None else OPUS[start : end + 1]
    first = start % len(OPUS)
    assert (answer.status_code, answer.content) == (206, part)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(OPUS)}"
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "bytes=-", "lines=1-2", "bytes=9-3", "bytes=x", "bytes=²-"])
def test_what_is_no_single_part_is_answered_with_the_whole(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage, asked: str
) -> None:
    view = stored(database, kilap, storage, OPUS, "a.ogg")
    answer = reader.get(address(view.id), headers={b"range": asked.encode()})
    assert (answer.status_code, answer.content) == (200, OPUS)


def test_a_part_behind_the_end_is_refused(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage
) -> None:
    view = stored(database, kilap, storage, OPUS, "a.ogg")
    answer = reader.get(address(view.id), headers={"range": f"bytes={len(OPUS)}-"})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(OPUS)}")


@pytest.mark.parametrize(
    ("status", "code", "language", "words"),
    [
        (MediaStatus.WAITING, 409, "id-ID,en;q=0.5", "Berkasnya masih diambil"),
        (MediaStatus.REFUSED, 410, "ms", "Fail ini tidak disimpan"),
        (MediaStatus.FAILED, 410, "fr,*", "This file could not be fetched"),
    ],
)
def test_a_file_that_is_not_there_is_explained_in_the_readers_language(
    reader: httpx.Client, database: Database, kilap: Tenant, status: MediaStatus, code: int, language: str, words: str
) -> None:
    path = address(waiting(database, kilap, status))
    answer = reader.get(path, headers={"accept-language": language})
    assert answer.status_code == reader.head(path).status_code == code
    assert words in answer.text
    assert ("refresh" in answer.headers) is (status is MediaStatus.WAITING)
    assert answer.headers["cache-control"] == "no-store"


def test_a_store_that_is_away_is_said_and_a_lost_object_is_not_found(
    reader: httpx.Client, database: Database, kilap: Tenant, storage: MoodyStorage
) -> None:
    view = stored(database, kilap, storage)
    storage.go_away()
    answer = reader.get(address(view.id))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    storage.come_back()
    storage.objects.clear()
    assert reader.get(address(view.id)).status_code == 404


def test_addresses_stay_the_same_for_a_while_so_that_browsers_keep_their_copies() -> None:
    begin = datetime(2026, 11, 21, 6, 0, 1, tzinfo=UTC)
    ends = [link_end(CONFIG, begin + timedelta(seconds=second)) for second in range(0, 7200, 60)]
    assert len(set(ends)) == 4
    left = [(end - begin).total_seconds() - 60 * number for number, end in enumerate(ends)]
    assert min(left) > CONFIG.media_link_seconds / 2 - 1
    assert max(left) <= CONFIG.media_link_seconds


def test_an_address_ends_when_it_says() -> None:
    with time_machine.travel(datetime(2026, 11, 21, 6, tzinfo=UTC), tick=False) as clock:
        token = address("m", seconds=60).removeprefix("/media/")
        assert read_token(CONFIG, token) is not None
        clock.shift(timedelta(seconds=61))
        assert read_token(CONFIG, token) is None
