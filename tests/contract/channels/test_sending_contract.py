"""What every channel promises about the messages that it sends."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from ramah.channels.content import Attachment, LinkStatus, MediaKind, Outgoing
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import Activity
from tests.contract.channels.expectations import (
    AGAIN,
    HELLO,
    choices,
    everything_said_about,
    failing,
    read,
    say,
)
from tests.contract.channels.harness import ChannelUnderTest, Fault
from tests.contract.channels.pictures import PNG

OUTCOMES = {
    Fault.TOO_FAST: SendOutcome.WAIT,
    Fault.BROKEN: SendOutcome.RETRY,
    Fault.RESET: SendOutcome.UNCERTAIN,
    Fault.SILENT: SendOutcome.UNCERTAIN,
    Fault.UNAUTHORISED: SendOutcome.CONFIGURATION,
    Fault.UNREACHABLE_PERSON: SendOutcome.GIVE_UP,
    Fault.NONSENSE: SendOutcome.UNCERTAIN,
}
DELIVERED = {Fault.RESET: 1, Fault.SILENT: 1}
MUCH_TEXT = 60_000


def words_of(text: str) -> list[str]:
    """What remains of a text when only white space may change."""
    return text.split()


def test_every_fault_has_an_outcome_here() -> None:
    assert set(OUTCOMES) == set(Fault)


def test_a_text_arrives_as_it_was_written(subject: ChannelUnderTest) -> None:
    sent = say(subject, HELLO)
    assert [item.text for item in subject.shown()] == [HELLO.text]
    assert len(sent) == 1
    assert sent[0].provider_id


def test_an_empty_message_has_no_parts(subject: ChannelUnderTest) -> None:
    assert subject.channel.split(Outgoing(text=" \n "), "id") == []


def test_long_text_is_split_within_the_limit_and_nothing_is_lost(subject: ChannelUnderTest) -> None:
    limit = subject.channel.abilities.text_limit
    text = " ".join(f"kata{number}" for number in range(min(limit * 5 // 2, MUCH_TEXT) // 6))
    parts = subject.channel.split(Outgoing(text=text), "id")
    assert max(len(part.text) for part in parts) <= limit
    say(subject, Outgoing(text=text))
    assert [word for item in subject.shown() for word in words_of(item.text)] == words_of(text)


def test_several_requests_are_not_sent_as_one(subject: ChannelUnderTest) -> None:
    message = Outgoing(text="kata " * (subject.channel.abilities.text_limit // 2))
    if len(subject.channel.split(message, "id")) > 1:
        with pytest.raises(ValueError):
            subject.channel.send(subject.access, subject.recipient, message, "out-1")
        assert subject.shown() == []


def test_a_part_is_not_split_again(subject: ChannelUnderTest) -> None:
    rich = Outgoing(text="kata " * 2000, choices=choices(3), image_url="https://example.org/a.jpg")
    parts = subject.channel.split(rich, "id")
    assert [subject.channel.split(part, "id") for part in parts] == [[part] for part in parts]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_choices_arrive_as_something_to_tap_or_to_type(subject: ChannelUnderTest, count: int) -> None:
    message = Outgoing(text="Yang mana?", choices=choices(count))
    say(subject, message)
    shown = subject.shown()
    written = "\n".join(item.text for item in shown)
    assert "Yang mana?" in written
    for number, choice in enumerate(message.choices, start=1):
        assert choice.title in shown[-1].choices or f"{number}. {choice.title}" in written


def test_too_many_choices_become_numbered_text_that_can_be_answered(subject: ChannelUnderTest) -> None:
    abilities = subject.channel.abilities
    many = choices(max(abilities.buttons, abilities.list_rows) + 1)
    parts = subject.channel.split(Outgoing(text="Yang mana?", choices=many), "id")
    assert [part.choices for part in parts] == [()] * len(parts)
    assert [part.numbered for part in parts if part.numbered] == [many]
    say(subject, Outgoing(text="Yang mana?", choices=many))
    written = "\n".join(item.text for item in subject.shown())
    assert f"{len(many)}. {many[-1].title}" in written
    assert {item.choices for item in subject.shown()} == {()}


def test_a_file_arrives_whole_and_with_its_words(subject: ChannelUnderTest) -> None:
    if subject.image_from_person(PNG, 1) is None:
        pytest.skip("this channel carries no files")
    file = Attachment(kind=MediaKind.IMAGE, media_id="m1", mime_type="image/png", filename="foto.png", content=PNG)
    say(subject, Outgoing(text="Ini fotonya", attachment=file))
    shown = subject.shown()
    assert [item.file_sha256 for item in shown if item.file_sha256] == [hashlib.sha256(PNG).hexdigest()]
    assert "Ini fotonya" in "\n".join(item.text for item in shown)


@pytest.mark.parametrize("fault", Fault)
def test_a_fault_has_the_right_outcome_and_the_next_message_passes(subject: ChannelUnderTest, fault: Fault) -> None:
    if fault not in subject.can_fail:
        pytest.skip("this provider cannot fail so")
    subject.break_next(fault)
    error = failing(subject)
    assert error.outcome is OUTCOMES[fault]
    assert error.permanent == (error.outcome not in (SendOutcome.RETRY, SendOutcome.WAIT))
    if fault is not Fault.NONSENSE:  # whether that one was delivered, nobody knows
        assert len(subject.shown()) == DELIVERED.get(fault, 0)
    before = len(subject.shown())
    say(subject, AGAIN, "out-2")
    assert [item.text for item in subject.shown()[before:]] == [AGAIN.text]


def test_a_wait_is_at_least_as_long_as_the_provider_asks(subject: ChannelUnderTest) -> None:
    if Fault.TOO_FAST in subject.can_fail:
        subject.break_next(Fault.TOO_FAST)
        wait = failing(subject).retry_after
        assert wait is None or wait >= 7


@pytest.mark.parametrize("fault", Fault)
def test_no_error_tells_a_secret(subject: ChannelUnderTest, fault: Fault) -> None:
    if fault not in subject.can_fail:
        pytest.skip("this provider cannot fail so")
    subject.break_next(fault)
    told = everything_said_about(failing(subject))
    assert [name for name, secret in subject.access.secrets.items() if secret and secret in told] == []


def test_activity_can_be_shown_for_a_message(subject: ChannelUnderTest) -> None:
    (incoming,) = read(subject, subject.text_from_person("halo", 1))
    about = Activity(subject.recipient, incoming.external_id, incoming.raw)
    subject.channel.show_activity(subject.access, about)
    assert subject.shown() == []


def test_a_healthy_account_is_connected(subject: ChannelUnderTest) -> None:
    state = subject.channel.check(subject.access)
    asked = subject.channel.abilities.check_every is not None
    assert state.status is (LinkStatus.CONNECTED if asked else LinkStatus.UNKNOWN)
    assert subject.shown() == []


def test_an_account_whose_secret_is_refused_is_logged_out(subject: ChannelUnderTest) -> None:
    if subject.channel.abilities.check_every is None:
        pytest.skip("nobody can be asked about this account")
    wrong = {name: secret[:-2] + "zz" for name, secret in subject.access.secrets.items()}
    state = subject.channel.check(replace(subject.access, secrets=wrong))
    assert state.status in (LinkStatus.LOGGED_OUT, LinkStatus.FAILED)
    assert [secret for secret in wrong.values() if secret and secret in repr(state)] == []


def test_an_account_without_secrets_sends_nothing(subject: ChannelUnderTest) -> None:
    bare = replace(subject.access, secrets={})
    with pytest.raises(ChannelError) as caught:
        subject.channel.send(bare, subject.recipient, HELLO, "out-1")
    assert caught.value.outcome is SendOutcome.CONFIGURATION
    assert subject.shown() == []
