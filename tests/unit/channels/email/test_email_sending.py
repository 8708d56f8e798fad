"""Sending, against an SMTP server that keeps what it takes."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from ramah.channels.content import Attachment, Choice, LinkStatus, MediaKind, Outgoing
from ramah.channels.email.channel import EmailChannel
from ramah.channels.errors import ChannelError, Scope, SendOutcome, SignatureError
from ramah.channels.port import AccountAccess
from tests.fakes.mail.certificates import contexts
from tests.fakes.mail.faults import Fault
from tests.fakes.mail.host import ADDRESS, PASSWORD, USERNAME, MailHost
from tests.unit.channels.email.conftest import PATIENCE

BUDI = "budi@contoh.example"
HELLO = Outgoing(text="Halo\n.titik\n..\n.")


def failure(channel: EmailChannel, access: AccountAccess, recipient: str = BUDI) -> ChannelError:
    """The error that sending a greeting ends with."""
    with pytest.raises(ChannelError) as caught:
        channel.send(access, recipient, HELLO, "out-1")
    assert PASSWORD not in repr(caught.value)
    return caught.value


def test_a_mail_arrives_word_for_word(channel: EmailChannel, host: MailHost) -> None:
    sent = channel.send(host.access(), BUDI, HELLO, "out-1")
    (taken,) = host.smtp.taken
    assert (taken.sender, taken.recipients) == (ADDRESS, (BUDI,))
    assert sent.provider_id == taken.mail["Message-ID"] == "<ramah.out-1@kilap.example>"
    body = taken.mail.get_body(("plain",))
    assert body is not None
    assert body.get_content() == "Halo\r\n.titik\r\n..\r\n.\r\n"


@pytest.mark.parametrize(
    ("fault", "outcome", "scope", "taken"),
    [
        (Fault.BUSY_GREETING, SendOutcome.WAIT, Scope.ACCOUNT, 0),
        (Fault.WRONG_LOGIN, SendOutcome.CONFIGURATION, Scope.ACCOUNT, 0),
        (Fault.LOGIN_LATER, SendOutcome.RETRY, Scope.ACCOUNT, 0),
        (Fault.WRONG_SENDER, SendOutcome.CONFIGURATION, Scope.ACCOUNT, 0),
        (Fault.GREYLISTED, SendOutcome.WAIT, Scope.RECIPIENT, 0),
        (Fault.FULL, SendOutcome.WAIT, Scope.RECIPIENT, 0),
        (Fault.UNKNOWN_PERSON, SendOutcome.GIVE_UP, Scope.MESSAGE, 0),
        (Fault.CUT_BEFORE_DATA, SendOutcome.RETRY, Scope.ACCOUNT, 0),
        (Fault.TOO_LARGE, SendOutcome.GIVE_UP, Scope.MESSAGE, 0),
        (Fault.POLICY, SendOutcome.GIVE_UP, Scope.MESSAGE, 0),
        (Fault.TRY_LATER, SendOutcome.WAIT, Scope.MESSAGE, 0),
        (Fault.CLOSING, SendOutcome.WAIT, Scope.ACCOUNT, 0),
        (Fault.DAILY_LIMIT, SendOutcome.WAIT, Scope.ACCOUNT, 0),
        (Fault.CUT_AFTER_DATA, SendOutcome.UNCERTAIN, Scope.MESSAGE, 1),
        (Fault.SILENT_AFTER_DATA, SendOutcome.UNCERTAIN, Scope.MESSAGE, 1),
        (Fault.NONSENSE, SendOutcome.UNCERTAIN, Scope.MESSAGE, 1),
    ],
)
def test_a_fault_of_the_server(
    channel: EmailChannel, host: MailHost, fault: Fault, outcome: SendOutcome, scope: Scope, taken: int
) -> None:
    host.fail_next(fault)
    error = failure(channel, host.access())
    assert (error.outcome, error.scope) == (outcome, scope)
    assert len(host.smtp.taken) == taken
    channel.send(host.access(), BUDI, HELLO, "out-1")
    assert len(host.smtp.taken) == taken + 1


def test_nobody_listening_means_that_nothing_was_sent(channel: EmailChannel, host: MailHost) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert failure(channel, host.access(smtp_port=unused.getsockname()[1])).outcome is SendOutcome.RETRY


@pytest.mark.parametrize(
    "recipient", ["", "nobody", "a b@x.example", "a@x.example\r\nRCPT TO:<c@d>", "é@x.example", "unknown@invalid", "@x"]
)
def test_what_is_no_address_is_given_up(channel: EmailChannel, host: MailHost, recipient: str) -> None:
    assert failure(channel, host.access(), recipient).outcome is SendOutcome.GIVE_UP
    assert host.smtp.taken == []


def test_an_international_domain_is_written_as_the_wire_wants_it(channel: EmailChannel, host: MailHost) -> None:
    channel.send(host.access(), "budi@bücher.example", HELLO, "out-1")
    assert host.smtp.taken[0].recipients == ("budi@xn--bcher-kva.example",)


@pytest.mark.parametrize("changes", [{"smtp_host": None}, {"smtp_port": 0}, {"smtp_security": "maybe"}])
def test_a_mailbox_that_is_not_set_up_says_what_is_missing(
    channel: EmailChannel, host: MailHost, changes: dict[str, object]
) -> None:
    error = failure(channel, host.access(**changes))
    assert error.outcome is SendOutcome.CONFIGURATION
    assert next(iter(changes)) in str(error)


@pytest.mark.parametrize("password", ["wrong", "kätä-rahasia", ""])
def test_a_wrong_password_is_a_matter_of_configuration(channel: EmailChannel, host: MailHost, password: str) -> None:
    access = AccountAccess(ADDRESS, {"username": USERNAME, "password": password}, options=host.options())
    error = failure(channel, access)
    assert error.outcome is SendOutcome.CONFIGURATION
    assert error.__cause__ is None
    assert "kätä" not in str(error)
    assert channel.check(access).status is LinkStatus.LOGGED_OUT


def test_it_refuses_to_send_several_mails_as_one(channel: EmailChannel, host: MailHost) -> None:
    for message in (Outgoing(), Outgoing(text="kata " * 30_000)):
        with pytest.raises(ValueError, match="split it first"):
            channel.send(host.access(), BUDI, message, "out-1")
    assert host.smtp.taken == []


def test_choices_are_sent_as_numbers_even_unsplit(channel: EmailChannel, host: MailHost) -> None:
    channel.send(host.access(), BUDI, Outgoing(text="Kapan?", choices=(Choice(title="Besok", payload="/1"),)), "o")
    assert b"1. Besok" in host.smtp.taken[0].raw


def test_a_mail_larger_than_the_server_takes_is_not_even_begun(channel: EmailChannel, host: MailHost) -> None:
    film = Attachment(kind=MediaKind.VIDEO, media_id="m", mime_type="video/mp4", content=bytes(1_600_000))
    with pytest.raises(ChannelError) as caught:
        channel.send(host.access(), BUDI, Outgoing(text="Film", attachment=film), "o")
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, "552")


@pytest.mark.parametrize("security", ["ssl", "starttls"])
def test_encrypted_hosts_are_spoken_to_and_their_certificate_is_checked(tmp_path: Path, security: str) -> None:
    server, client = contexts(tmp_path)
    with MailHost(security, server) as host:
        trusting, doubting = EmailChannel(PATIENCE, client), EmailChannel(PATIENCE)
        trusting.send(host.access(), BUDI, HELLO, "out-1")
        assert trusting.check(host.access()).status is LinkStatus.CONNECTED
        assert failure(doubting, host.access()).outcome is SendOutcome.CONFIGURATION
        assert doubting.check(host.access()).status is LinkStatus.LOGGED_OUT
        assert len(host.smtp.taken) == 1


def test_a_server_without_encryption_is_not_given_the_password(channel: EmailChannel, host: MailHost) -> None:
    assert failure(channel, host.access(smtp_security="starttls")).outcome is SendOutcome.CONFIGURATION


def test_the_check_logs_in_on_both_sides(channel: EmailChannel, host: MailHost) -> None:
    assert channel.check(host.access()).status is LinkStatus.CONNECTED
    assert channel.check(host.access(imap_folder="Kuno")).status is LinkStatus.LOGGED_OUT
    host.fail_next(Fault.IMAP_LOGIN_LATER)
    with pytest.raises(ChannelError):
        channel.check(host.access())


def test_nobody_posts_mails_to_us(channel: EmailChannel, host: MailHost) -> None:
    with pytest.raises(SignatureError):
        channel.verify(host.access(), {}, b"From: a@b.example\r\n\r\nhalo")


def test_a_server_that_drips_is_cut_off_and_nothing_was_sent(host: MailHost) -> None:
    host.fail_next(Fault.DRIPPING)
    hasty = EmailChannel(replace(PATIENCE, whole=0.5))
    error = failure(hasty, host.access())
    assert (error.outcome, error.scope) == (SendOutcome.RETRY, Scope.ACCOUNT)
    assert host.smtp.taken == []
    hasty.send(host.access(), BUDI, HELLO, "out-1")
    assert len(host.smtp.taken) == 1
