"""Files, mails, checks and typing signs: a far end that hangs is left alone, holds up no other, and comes back."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from sqlalchemy import select, update
from werkzeug import Request, Response

from ramah.channels.content import Incoming, IncomingKind, LinkStatus, MediaKind, RemoteMedia, Sender
from ramah.channels.email.account import Patience
from ramah.channels.email.channel import EmailChannel
from ramah.channels.whatsapp.channel import WhatsAppChannel
from ramah.lib.guard import GUARDS
from ramah.messaging import providers, registry
from ramah.messaging.accounts import access_of, connect_account
from ramah.messaging.collecting import NOT_FETCHED
from ramah.messaging.connecting import Connection, connect
from ramah.messaging.health import check_one
from ramah.messaging.inbox import accept
from ramah.messaging.media.fetching import fetch_one
from ramah.messaging.models import ChannelAccount, MediaFile, MediaStatus
from ramah.messaging.providers import Purpose, asking_for
from ramah.store import Database, utc_now
from tests.fakes.disk.files import picture
from tests.fakes.disk.storage import MoodyStorage
from tests.fakes.mail.faults import Fault
from tests.fakes.mail.host import ADDRESS, PASSWORD, USERNAME, MailHost
from tests.integration.conftest import Tenant, defaults
from tests.integration.post_office import Post

CONFIG = defaults(channel_breaker_failures=3, channel_breaker_rest=0.6, errand_workers=2, place_wait=0.05)
PHOTO = picture("JPEG", size=(60, 40))


@dataclass
class FarEnd:
    """Meta's Graph API as one server on loopback: it answers, or says nothing until the client has gone."""

    server: HTTPServer
    hangs: bool = True
    asked: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: Request) -> Response:
        """A file's address, the file, or what an account is."""
        self.asked += 1
        if self.hangs:
            self.over.wait(5)
        if request.path == "/photo":
            return Response(PHOTO, content_type="image/jpeg")
        body = '{"id": "1000001", "url": "%s", "mime_type": "image/jpeg", "display_phone_number": "+62 811"}'
        return Response(body % self.server.url_for("/photo"), content_type="application/json")


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch, far_end: FarEnd) -> None:
    """The registry's channels, with short time-outs."""
    base_url = far_end.server.url_for("").rstrip("/")
    whatsapp = WhatsAppChannel(base_url, "v1", connect_timeout=1.0, read_timeout=0.2)
    monkeypatch.setitem(registry._channels(), "whatsapp", whatsapp)
    monkeypatch.setitem(registry._channels(), "email", EmailChannel(Patience(connect=1.0, read=0.2)))
    monkeypatch.setattr(providers, "settings", lambda: CONFIG)


@pytest.fixture
def far_end() -> Iterator[FarEnd]:
    """The provider of WhatsApp; it hangs."""
    with HTTPServer(threaded=True) as server:
        made = FarEnd(server)
        server.expect_request(re.compile(".*")).respond_with_handler(made.answer)
        yield made
        made.over.set()


@pytest.fixture
def post(database: Database, kilap: Tenant) -> Iterator[Post]:
    """A mailbox that is connected."""
    with MailHost() as host:
        with database.tenant(kilap.id) as session:
            secrets = {"username": USERNAME, "password": PASSWORD}
            account = connect_account(session, "email", "Kilap", ADDRESS, secrets, options=host.options())
        yield Post(database, kilap, host, account.id)


def states(system: str) -> set[str]:
    """The circuits of a system, as the figures and the system page have them."""
    return {one.state for one in GUARDS.states() if one.kind == system}


def file_arrives(database: Database, tenant: Tenant, key: str) -> None:
    remote = RemoteMedia(kind=MediaKind.IMAGE, reference=key)
    sender = Sender(platform_id="62811000001")
    message = Incoming(external_id=key, sender=sender, kind=IncomingKind.MEDIA, media=(remote,))
    accept(database, tenant.whatsapp, message)


def file(database: Database, tenant: Tenant) -> MediaFile:
    with database.tenant_reading(tenant.id) as session:
        return session.scalars(select(MediaFile)).one()


def be_due(database: Database) -> None:
    """All waits are over."""
    with database.every_organisation() as session:
        past = utc_now() - timedelta(seconds=1)
        session.execute(update(MediaFile).where(MediaFile.status == MediaStatus.WAITING).values(next_try_at=past))
        session.execute(update(ChannelAccount).where(ChannelAccount.kind == "whatsapp").values(check_at=past))


def fetch(database: Database) -> None:
    be_due(database)
    assert fetch_one(database, MoodyStorage(), CONFIG, "w1")


def rest() -> None:
    """Let the circuit's rest pass."""
    threading.Event().wait(CONFIG.channel_breaker_rest + 0.05)


def test_a_provider_that_gives_no_files_is_left_alone_and_the_file_comes_when_it_is_back(
    database: Database, kilap: Tenant, far_end: FarEnd
) -> None:
    file_arrives(database, kilap, "f1")
    for _ in range(3):
        fetch(database)
    asked = far_end.asked
    fetch(database)
    assert far_end.asked == asked
    assert states("whatsapp files") == {"opened"}
    assert (file(database, kilap).attempts, file(database, kilap).status) == (3, MediaStatus.WAITING)
    assert file(database, kilap).next_try_at - utc_now() <= timedelta(seconds=CONFIG.channel_breaker_rest)
    far_end.hangs = False
    rest()
    fetch(database)
    assert file(database, kilap).status == MediaStatus.STORED
    assert states("whatsapp files") == {"closed"}


@contextmanager
def a_call_under_way(account: ChannelAccount) -> Iterator[None]:
    """Somebody asks this account's far end and waits."""
    began, may_end = threading.Event(), threading.Event()

    def ask() -> None:
        with asking_for(Purpose.FILES, registry.channel_for(account.kind), access_of(account)):
            began.set()
            may_end.wait(10)

    thread = threading.Thread(target=ask)
    thread.start()
    assert began.wait(10)
    try:
        yield
    finally:
        may_end.set()
        thread.join(10)


def test_a_file_that_finds_no_place_loses_no_try_and_other_far_ends_are_served(
    database: Database, kilap: Tenant, far_end: FarEnd, post: Post
) -> None:
    far_end.hangs = False
    file_arrives(database, kilap, "f1")
    with a_call_under_way(kilap.whatsapp):
        fetch(database)
        assert (far_end.asked, file(database, kilap).attempts) == (0, 0)
        with a_call_under_way(post.account()):
            assert {one.under_way for one in GUARDS.states()} == {1}
    fetch(database)
    assert file(database, kilap).status == MediaStatus.STORED


def test_a_mailbox_that_hangs_is_left_alone_and_its_mails_come_when_it_is_back(post: Post) -> None:
    post.host.arrives("satu")
    post.host.fail_next(*[Fault.IMAP_SILENT] * 3)
    for _ in range(3):
        post.collect()
    said = len(post.host.imap.said)
    post.collect()
    assert len(post.host.imap.said) == said
    assert states("email mails") == {"opened"}
    assert str(post.account().trouble).startswith(NOT_FETCHED)
    rest()
    post.collect()
    assert post.texts() == ["satu"]
    assert (post.account().link, post.account().trouble) == (LinkStatus.CONNECTED, None)
    assert states("email mails") == {"closed"}


def test_a_mailbox_whose_host_is_busy_with_us_is_in_no_trouble(post: Post) -> None:
    post.host.arrives("satu")
    with ExitStack() as held:
        held.enter_context(asking_for(Purpose.MAILS, registry.channel_for("email"), access_of(post.account())))
        post.collect()
        assert (post.texts(), post.account().trouble) == ([], None)
    post.collect()
    assert post.texts() == ["satu"]


def check(database: Database) -> None:
    be_due(database)
    assert check_one(database)


def whatsapp_of(database: Database, tenant: Tenant) -> ChannelAccount:
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(ChannelAccount, tenant.whatsapp.id)


def test_a_provider_that_answers_no_check_is_left_alone_which_is_a_trouble_until_it_is_back(
    database: Database, kilap: Tenant, far_end: FarEnd
) -> None:
    for _ in range(3):
        check(database)
    asked = far_end.asked
    check(database)
    assert far_end.asked == asked
    assert states("whatsapp checks") == {"opened"}
    assert "left alone" in str(whatsapp_of(database, kilap).trouble)
    far_end.hangs = False
    rest()
    check(database)
    assert (whatsapp_of(database, kilap).trouble, states("whatsapp checks")) == (None, {"closed"})


def test_linking_with_a_provider_that_is_left_alone_says_so_at_once(
    database: Database, kilap: Tenant, far_end: FarEnd
) -> None:
    asked = Connection("whatsapp", "Phone", "1000001", {"access_token": "t", "app_secret": "s", "verify_token": "v"})
    for _ in range(3):
        connect(database, kilap.id, asked)
    before = far_end.asked
    state = connect(database, kilap.id, asked).state
    assert (state.status, far_end.asked) == (LinkStatus.FAILED, before)
    assert "left alone" in str(state.detail)
    assert states("whatsapp linking") == {"opened"}
    assert "whatsapp" not in {one.kind for one in GUARDS.states()}  # messages are sent meanwhile
