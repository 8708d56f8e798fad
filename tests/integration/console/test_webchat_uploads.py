"""Files that visitors send: one message with its file stored, or nothing at all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from ramah.channels.content import Outgoing
from ramah.desk.handover import take_over
from ramah.messaging.conversations import locked
from ramah.messaging.media.outgoing import outgoing_file
from ramah.messaging.media.uploads import Upload, store_upload
from ramah.messaging.models import Author, Conversation, Inbound, MediaFile, MediaStatus
from ramah.messaging.outbox import Writer, write_outbound
from ramah.settings import Settings
from ramah.store import Database
from tests.fakes.disk.files import EXE, PDF, SVG, picture
from tests.fakes.disk.storage import MoodyStorage
from tests.integration.conftest import Tenant
from tests.integration.console.conftest import settings_with
from tests.integration.console.contents import count, rows_of
from tests.integration.console.served import ServedConsole, served
from tests.integration.console.visitors import Customer, customer_of

LIMIT = 6 * 1024 * 1024
PHOTO = picture("JPEG", size=(900, 600))


@pytest.fixture
def config() -> Settings:
    """A limit above that of all other requests."""
    return settings_with(media_limit=LIMIT)


@pytest.fixture
def storage(console: ServedConsole) -> MoodyStorage:
    """The console's media store."""
    store = MoodyStorage()
    console.app.ctx.media_storage = store
    return store


def send(
    customer: Customer, content: bytes = PHOTO, name: str = "foto.jpg", client_id: str | None = None, text: str = ""
) -> httpx.Response:
    """Post a file as the page does it."""
    return customer.client.post(
        f"/api/webchat/{customer.key}/files",
        data={"client_id": client_id or str(uuid4()), "text": text},
        files={"file": (name, content, "application/octet-stream")},
        headers=customer.headers,
    )


def test_a_file_becomes_one_message_with_its_file_stored(
    customer: Customer, storage: MoodyStorage, database: Database
) -> None:
    client_id = str(uuid4())
    answer = send(customer, name="C:\\foto mobil.JPG", client_id=client_id, text="ini mobilnya kak")
    assert answer.status_code == 202
    message = answer.json()["message"]
    assert (message["client_id"], message["text"], message["from"]) == (client_id, "ini mobilnya kak", "customer")
    (file,) = message["files"]
    assert (file["kind"], file["name"], file["size"]) == ("image", "foto mobil.JPG", len(PHOTO))
    assert (file["mime_type"], file["status"]) == ("image/jpeg", "stored")
    assert customer.client.get(file["url"]).content == PHOTO
    assert customer.client.get(file["thumbnail_url"]).headers["content-type"] == "image/webp"
    (row,), (stored,) = rows_of(database, Inbound), rows_of(database, MediaFile)
    assert (row.kind, row.status, len(row.media)) == ("media", "waiting", 1)
    assert (stored.inbound_id, stored.status, stored.remote) == (row.id, MediaStatus.STORED, None)


def test_the_file_is_there_after_a_reload_and_in_the_history(customer: Customer, storage: MoodyStorage) -> None:
    customer.say("halo")
    sent = send(customer).json()["message"]
    assert customer.arrive()["messages"][1]["files"] == sent["files"]
    assert [len(message["files"]) for message in customer.read()] == [0, 1]


def test_a_file_sent_again_is_the_same_message(customer: Customer, storage: MoodyStorage, database: Database) -> None:
    client_id = str(uuid4())
    first = send(customer, client_id=client_id).json()
    assert send(customer, client_id=client_id).json() == first
    assert send(customer, PDF, "other.pdf", client_id=client_id.upper()).json() == first
    assert (count(database, Inbound), count(database, MediaFile), storage.puts) == (1, 1, 2)


def test_two_uploads_of_one_message_at_once_are_one(
    customer: Customer, storage: MoodyStorage, database: Database
) -> None:
    client_id, gate = str(uuid4()), threading.Barrier(4)

    def post(_number: int) -> Any:
        gate.wait(10)
        return send(customer, client_id=client_id).json()["message"]["position"]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(post, range(4))) == {1}
    assert (count(database, Inbound), count(database, MediaFile)) == (1, 1)


def test_a_file_above_the_limit_of_other_requests_passes(customer: Customer, storage: MoodyStorage) -> None:
    content = PDF.ljust(5 * 1024 * 1024, b"\x01")
    (file,) = send(customer, content, "besar.pdf").json()["message"]["files"]
    assert customer.client.get(file["url"]).content == content


def test_the_limit_of_other_requests_stays(customer: Customer) -> None:
    body = b'{"client_id": "' + b"x" * (4 * 1024 * 1024)
    answer = customer.client.post(f"/api/webchat/{customer.key}/session", content=body)
    assert answer.status_code == 413


@pytest.mark.parametrize("more", [1, 1024 * 1024])
def test_a_file_above_its_own_limit_is_refused_in_a_plain_sentence(
    customer: Customer, storage: MoodyStorage, database: Database, more: int
) -> None:
    answer = send(customer, PDF.ljust(LIMIT + more, b"\x01"), "besar.pdf")
    assert answer.status_code == 413
    assert str(LIMIT) in answer.json()["message"]
    assert (count(database, Inbound), storage.objects) == (0, {})


@pytest.mark.parametrize(("content", "status"), [(SVG, 415), (EXE, 415), (b"<html>", 415), (b"", 400)])
def test_what_may_not_be_kept_is_refused_whatever_it_is_called(
    customer: Customer, storage: MoodyStorage, database: Database, content: bytes, status: int
) -> None:
    answer = send(customer, content, "foto.jpg")
    assert answer.status_code == status
    assert answer.json()["message"]
    assert (count(database, Inbound), storage.objects) == (0, {})


def test_a_store_that_is_away_writes_nothing_and_the_same_request_passes_later(
    customer: Customer, storage: MoodyStorage, database: Database
) -> None:
    client_id = str(uuid4())
    storage.go_away()
    answer = send(customer, client_id=client_id)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert count(database, Inbound) == 0
    storage.come_back()
    assert send(customer, client_id=client_id).status_code == 202


@pytest.mark.parametrize(
    ("fields", "file"),
    [
        ({}, ("a.txt", b"halo", "text/plain")),
        ({"client_id": "1"}, ("a.txt", b"halo", "text/plain")),
        ({"client_id": str(uuid4())}, None),
        ({"client_id": str(uuid4()), "text": "x" * 5001}, ("a.txt", b"halo", "text/plain")),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    customer: Customer, storage: MoodyStorage, database: Database, fields: dict[str, str], file: Any
) -> None:
    files = {"file": file} if file else {"other": ("x", b"x", "text/plain")}
    path = f"/api/webchat/{customer.key}/files"
    assert customer.client.post(path, data=fields, files=files, headers=customer.headers).status_code == 400
    assert count(database, Inbound) == 0


@pytest.mark.parametrize("kind", ["", "multipart/form-data", "multipart/form-data; boundary=x", "application/json"])
def test_a_body_that_is_no_form_is_refused(customer: Customer, storage: MoodyStorage, kind: str) -> None:
    for body in (b"", b"{}", b"--x\r\nbroken", b"--x\r\nContent-Disposition: form-data\r\n\r\n\xff\r\n--x--\r\n"):
        headers = {**customer.headers, "content-type": kind}
        assert (
            customer.client.post(f"/api/webchat/{customer.key}/files", content=body, headers=headers).status_code == 400
        )


def test_files_count_as_messages(database: Database, kilap: Tenant) -> None:
    with served(settings_with(webchat_limit="3/minute"), database) as console:
        console.app.ctx.media_storage = MoodyStorage()
        customer = customer_of(console, kilap.webchat.public_key)
        customer.say("halo")
        assert [send(customer).status_code for _ in range(3)] == [202, 202, 429]
        customer.client.close()


def test_a_visitor_gets_no_address_of_anothers_file(
    console: ServedConsole, customer: Customer, storage: MoodyStorage
) -> None:
    send(customer)
    other = customer_of(console, customer.key)
    send(other, PDF, "nota.pdf")
    assert [file["name"] for message in other.read() for file in message["files"]] == ["nota.pdf"]


def test_a_file_of_ours_reaches_the_visitor(
    customer: Customer, storage: MoodyStorage, database: Database, kilap: Tenant
) -> None:
    customer.say("minta nota")
    (conversation,) = rows_of(database, Conversation)
    take_over(database, kilap.id, conversation.id, kilap.alice)
    media_id = store_upload(database, storage, kilap.id, conversation.id, Upload(PDF, "nota.pdf", LIMIT))
    attachment = outgoing_file(database, kilap.id, media_id)
    with database.tenant(kilap.id) as session:
        mine = locked(session, conversation.id)
        message = Outgoing(text="Ini notanya", attachment=attachment)
        write_outbound(session, mine, Writer(Author.STAFF, mine.epoch, kilap.alice), message, "k")
    (file,) = customer.read()[-1]["files"]
    assert (file["id"], file["name"], file["kind"], file["thumbnail_url"]) == (media_id, "nota.pdf", "document", None)
    assert customer.client.get(file["url"]).content == PDF
