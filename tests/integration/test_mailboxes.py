"""Mailboxes: asked in turn, every mail stored once, whatever breaks in between."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from ramah.channels.content import LinkStatus, Outgoing, ReceiptStatus
from ramah.channels.email.account import Patience
from ramah.channels.email.channel import EmailChannel
from ramah.messaging import collecting, registry
from ramah.messaging.accounts import access_of, connect_account
from ramah.messaging.collecting import collect_one
from ramah.messaging.models import (
    Author,
    ChannelAccount,
    Conversation,
    Envelope,
    EnvelopeStatus,
    Inbound,
    MediaFile,
    Outbound,
    OutboundStatus,
)
from ramah.messaging.outbox import Writer, write_outbound
from ramah.store import Database, utc_now
from tests.fakes.mail.faults import Fault
from tests.fakes.mail.host import ADDRESS, PASSWORD, USERNAME, MailHost
from tests.integration.conftest import Tenant
from tests.integration.post_office import Post
from tests.unit.channels.email.recorded import recorded


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry's channel, with short time-outs."""
    impatient = EmailChannel(Patience(connect=2.0, read=0.5))
    monkeypatch.setitem(registry._channels(), "email", impatient)


@pytest.fixture
def post(database: Database, kilap: Tenant) -> Iterator[Post]:
    """A mailbox that is connected."""
    with MailHost() as host:
        with database.tenant(kilap.id) as session:
            secrets = {"username": USERNAME, "password": PASSWORD}
            account = connect_account(session, "email", "Kilap", ADDRESS, secrets, options=host.options())
        yield Post(database, kilap, host, account.id)


def test_mails_become_messages_once(post: Post) -> None:
    post.host.arrives("satu")
    post.host.arrives("dua", "<m2@contoh.example>")
    post.collect()
    post.collect()
    assert post.texts() == ["satu", "dua"]
    assert post.account().cursor == f"{post.host.folder.validity}:2:{utc_now() - timedelta(days=2):%Y%m%d}"
    assert post.account().link == LinkStatus.CONNECTED
    with post.database.tenant_reading(post.tenant.id) as session:
        assert set(session.scalars(select(Envelope.status))) == {EnvelopeStatus.DONE}


def test_a_mailbox_is_left_alone_until_its_time_comes(post: Post) -> None:
    assert collect_one(post.database)
    assert not collect_one(post.database)
    wait = post.free_at() - utc_now()
    assert timedelta(seconds=10) < wait <= collecting.LOOK_EVERY


def test_files_wait_to_be_fetched(post: Post) -> None:
    post.host.folder.add(recorded("apple_pictures_between"))
    post.collect()
    assert post.count(MediaFile) == 1


def test_more_than_one_call_gives_is_taken_at_once(post: Post) -> None:
    for number in range(60):
        post.host.arrives(f"pesan {number}", f"<m{number}@contoh.example>")
    post.collect()
    assert post.texts() == [f"pesan {number}" for number in range(60)]


def test_a_restored_mailbox_brings_nothing_twice(post: Post) -> None:
    post.host.arrives("satu")
    post.collect()
    post.host.arrives("dua", "<m2@contoh.example>")
    post.host.folder.renumber()
    post.collect()
    assert post.texts() == ["satu", "dua"]
    assert str(post.account().cursor).startswith(f"{post.host.folder.validity}:2:")


def test_the_same_mail_filed_twice_is_one_message(post: Post) -> None:
    post.host.arrives("satu")
    again = post.host.arrives("satu")
    again.raw = again.raw.replace(b"To:", b"X-Filter: copied\r\nTo:")
    post.collect()
    assert post.texts() == ["satu"]
    assert post.count(Envelope) == 2


class Killed(BaseException):
    """The process ends here."""


def test_who_dies_between_storing_and_noting_loses_and_doubles_nothing(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        post.host.arrives(f"pesan {number}", f"<m{number}@contoh.example>")
    real, moves = collecting._move, []

    def dying(*arguments: object) -> bool:
        moves.append(arguments)
        if len(moves) == 2:
            raise Killed
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(collecting, "_move", dying)
    with pytest.raises(Killed):
        collect_one(post.database)
    assert post.texts() == ["pesan 0", "pesan 1"]
    assert str(post.account().cursor).split(":")[1] == "1"
    post.collect()
    assert post.texts() == ["pesan 0", "pesan 1", "pesan 2"]


def test_the_lease_of_a_dead_worker_ends(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def dying(*_: object) -> int:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(collecting, "_read", dying)
        with pytest.raises(Killed):
            collect_one(post.database)
    assert not collect_one(post.database)
    assert utc_now() < post.free_at() <= utc_now() + collecting.LEASE
    post.be_due()
    assert collect_one(post.database)


def together(work: Callable[[], object], count: int) -> None:
    """Run the same work in several threads that start at once."""
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        work()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_one_worker_at_a_time_reads_a_mailbox(post: Post) -> None:
    for number in range(5):
        post.host.arrives(f"pesan {number}", f"<m{number}@contoh.example>")
    together(lambda: collect_one(post.database), 6)
    assert post.texts() == [f"pesan {number}" for number in range(5)]
    assert len([said for said in post.host.imap.said if said.startswith("EXAMINE")]) <= 2


def test_who_lost_the_lease_stops(post: Post) -> None:
    for number in range(3):
        post.host.arrives(f"pesan {number}", f"<m{number}@contoh.example>")
    stale = post.account()
    post.collect()
    assert collecting._read(post.database, stale) == 0
    assert str(post.account().cursor).split(":")[1] == "3"
    assert post.texts() == ["pesan 0", "pesan 1", "pesan 2"]


def test_a_mailbox_that_does_not_answer_is_a_trouble_and_then_none(post: Post) -> None:
    post.host.arrives("satu")
    post.host.fail_next(Fault.IMAP_CUT)
    assert collect_one(post.database)
    account = post.account()
    assert account.link == LinkStatus.DISCONNECTED
    assert str(account.trouble).startswith("messages cannot be fetched: IMAP does not answer")
    assert account.cursor is None
    post.collect()
    assert (post.account().link, post.account().trouble) == (LinkStatus.CONNECTED, None)
    assert post.texts() == ["satu"]


def test_the_longer_it_fails_the_less_often_it_is_asked(post: Post) -> None:
    post.host.arrives("satu")
    with post.database.tenant(post.tenant.id) as session:
        row = session.get_one(ChannelAccount, post.account_id)
        row.trouble, row.trouble_since = "messages cannot be fetched: x", utc_now() - timedelta(minutes=4)
    post.host.fail_next(Fault.IMAP_CUT)
    assert collect_one(post.database)
    wait = post.free_at() - utc_now()
    assert timedelta(minutes=2, seconds=50) < wait <= timedelta(minutes=5)


def test_a_refused_password_is_not_tried_again_and_again(post: Post) -> None:
    with post.database.tenant(post.tenant.id) as session:
        secrets = {"username": USERNAME, "password": "wrong"}
        connect_account(session, "email", "Kilap", ADDRESS, secrets, options=post.host.options())
    assert collect_one(post.database)
    assert post.account().link == LinkStatus.LOGGED_OUT
    assert "wrong" not in str(post.account().trouble)
    assert post.free_at() - utc_now() > timedelta(minutes=7)


def test_reading_well_does_not_hide_that_sending_fails(post: Post) -> None:
    pause = utc_now() + timedelta(minutes=5)
    with post.database.tenant(post.tenant.id) as session:
        row = session.get_one(ChannelAccount, post.account_id)
        row.trouble, row.trouble_since, row.paused_until = "SMTP refused the login (535)", utc_now(), pause
    post.host.arrives("satu")
    post.collect()
    assert post.texts() == ["satu"]
    assert post.account().trouble == "SMTP refused the login (535)"
    assert post.account().paused_until == pause


def test_one_broken_mailbox_holds_up_no_other(post: Post, stranger: Tenant) -> None:
    with MailHost() as other:
        with post.database.tenant(stranger.id) as session:
            secrets = {"username": USERNAME, "password": PASSWORD}
            options = {**other.options(), "imap_port": 1}
            connect_account(session, "email", "Stranger", "cs@stranger.example", secrets, options=options)
        post.host.arrives("satu")
        post.collect()
        assert post.texts() == ["satu"]


def test_a_closed_account_is_not_asked(post: Post) -> None:
    with post.database.tenant(post.tenant.id) as session:
        session.get_one(ChannelAccount, post.account_id).active = False
    assert not collect_one(post.database)


def test_a_bounce_turns_the_tick_of_the_mail_that_came_back(post: Post) -> None:
    post.host.arrives("satu")
    post.collect()
    with post.database.tenant(post.tenant.id) as session:
        conversation = session.scalars(
            select(Conversation).where(Conversation.recipient == "budi@contoh.example")
        ).one()
        (row,) = write_outbound(session, conversation, Writer(Author.SYSTEM, 0), Outgoing(text="Halo"), "k1")
        row.status = OutboundStatus.SENT
        sent = registry.channel_for("email").send(
            access_of(post.account()), "budi@contoh.example", Outgoing(text="Halo"), row.id
        )
        row.provider_id = sent.provider_id
        outbound_id = row.id
    own = post.host.smtp.taken[0].mail["Message-ID"].strip("<>").encode()
    post.host.folder.add(recorded("dsn_failed").replace(b"ramah.out-7@kilap.example", own))
    post.collect()
    with post.database.tenant_reading(post.tenant.id) as session:
        row = session.get_one(Outbound, outbound_id)
        assert (row.status, row.error_code) == (ReceiptStatus.FAILED, "5.1.1")
        bounce = session.scalars(select(Inbound).where(Inbound.automatic)).one()
        assert bounce.conversation_id == row.conversation_id


def test_a_mail_that_cannot_be_stored_is_kept_and_stops_nothing(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    post.host.arrives("satu")
    with monkeypatch.context() as patched:
        patched.setattr("ramah.messaging.webhooks.accept_in", failing)
        post.collect()
    post.host.arrives("dua", "<m2@contoh.example>")
    post.collect()
    # On a slow machine the first one counts as interrupted by then, and is read before the second.
    assert post.texts() in (["dua"], ["satu", "dua"])
    assert post.count(Envelope) == 2
    with post.database.tenant_reading(post.tenant.id) as session:
        waiting = list(session.scalars(select(Envelope.status))).count(EnvelopeStatus.WAITING)
    assert waiting == 2 - len(post.texts())
