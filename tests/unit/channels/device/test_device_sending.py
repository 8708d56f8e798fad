"""Sending through each gateway, and what its refusals mean."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from ramah.channels.content import Attachment, Choice, MediaKind, Outgoing, Template
from ramah.channels.device.access import device_of
from ramah.channels.device.channel import DeviceChannel
from ramah.channels.device.errors import VERDICTS
from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.port import Activity
from ramah.channels.sentences import explain
from tests.fakes.device.faults import Fault
from tests.unit.channels.device.stand import AINA, KEY, NAMES, Stand, stand_of

HELLO = Outgoing(text="Halo")
PICTURE = Attachment(kind=MediaKind.IMAGE, media_id="m1", mime_type="image/png", filename="a.png", content=b"\x89PNG")
KINDS = [
    (MediaKind.IMAGE, "image/png"),
    (MediaKind.VIDEO, "video/mp4"),
    (MediaKind.AUDIO, "audio/ogg"),
    (MediaKind.DOCUMENT, "application/pdf"),
    (MediaKind.STICKER, "image/webp"),
]


def failure(stand: Stand, message: Outgoing = HELLO, recipient: str = AINA) -> ChannelError:
    """The error that sending ends with."""
    with pytest.raises(ChannelError) as caught:
        stand.channel.send(stand.access, recipient, message, "out-1")
    return caught.value


def test_a_text_reaches_the_person(stand: Stand) -> None:
    sent = stand.channel.send(stand.access, AINA, HELLO, "out-1")
    (message,) = stand.client.sent
    assert (message.to, message.text, message.kind) == (AINA, "Halo", "text")
    assert sent.provider_id == message.id


def test_a_hidden_person_is_answered_at_the_hidden_address(stand: Stand) -> None:
    stand.channel.send(stand.access, "99000111222@lid", HELLO, "out-1")
    assert [message.to for message in stand.client.sent] == ["99000111222@lid"]


@pytest.mark.parametrize("stand", [name for name in NAMES if name != "aimeow"], indirect=True)
def test_an_answer_quotes(stand: Stand) -> None:
    stand.channel.send(stand.access, AINA, Outgoing(text="Halo", reply_to="3EB0BBBB"), "out-1")
    assert stand.client.sent[0].reply_to == "3EB0BBBB"


@pytest.mark.parametrize(("kind", "mime_type"), KINDS)
def test_a_file_arrives_byte_for_byte(stand: Stand, kind: MediaKind, mime_type: str) -> None:
    content = bytes(range(256)) * 20
    file = Attachment(kind=kind, media_id="m1", mime_type=mime_type, filename="a.bin", content=content)
    stand.channel.send(stand.access, AINA, Outgoing(attachment=file), "out-1")
    (message,) = stand.client.sent
    assert message.file == content


def test_words_stand_under_a_picture(stand: Stand) -> None:
    stand.channel.send(stand.access, AINA, Outgoing(text="denahnya", attachment=PICTURE), "out-1")
    stand.channel.send(stand.access, AINA, Outgoing(text="peta", image_url="https://example.org/a.jpg"), "out-2")
    first, second = stand.client.sent
    assert (first.text, second.text, second.url) == ("denahnya", "peta", "https://example.org/a.jpg")


def test_a_file_that_is_gone_is_given_up(stand: Stand) -> None:
    error = failure(stand, Outgoing(attachment=PICTURE.model_copy(update={"content": None})))
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, "file_missing")


def test_it_refuses_to_send_several_requests_as_one(stand: Stand) -> None:
    for message in (Outgoing(text="kata " * 1000), Outgoing()):
        with pytest.raises(ValueError, match="split it first"):
            stand.channel.send(stand.access, AINA, message, "out-1")
    assert stand.client.sent == []


def test_choices_are_numbered_lines() -> None:
    options = (Choice(title="Besok", payload="/besok"), Choice(title="Lusa", payload="/lusa", description="pagi"))
    (part,) = DeviceChannel().split(Outgoing(text="Kapan?", choices=options, reply_to="m1"), "id")
    assert part == Outgoing(text="Kapan?\n\n1. Besok\n2. Lusa – pagi", numbered=options, reply_to="m1")


def test_a_long_message_is_cut_and_the_last_part_knows_the_numbers() -> None:
    options = (Choice(title="Ya", payload="/ya"),)
    parts = DeviceChannel().split(
        Outgoing(text="kata " * 1500, choices=options, image_url="https://x.test/a", attachment=PICTURE), "id"
    )
    assert [bool(part.image_url or part.attachment) for part in parts] == [True, True, False, False]
    assert all(len(part.text) <= 4096 for part in parts)
    assert [bool(part.numbered) for part in parts] == [False, False, False, True]


def test_a_template_is_its_wording() -> None:
    template = Template(name="reminder", language="id", preview="Jangan lupa besok jam 9")
    assert [part.text for part in DeviceChannel().split(Outgoing(template=template), "id")] == [template.preview]


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (Fault.UNAUTHORISED, SendOutcome.CONFIGURATION, "unauthorized"),
        (Fault.NOT_CONNECTED, SendOutcome.WAIT, "not_connected"),
        (Fault.TOO_FAST, SendOutcome.WAIT, "rate_limited"),
        (Fault.NOT_ON_WHATSAPP, SendOutcome.GIVE_UP, "not_on_whatsapp"),
        (Fault.BROKEN, SendOutcome.RETRY, "gateway_error"),
    ],
)
def test_a_refusal_before_sending(stand: Stand, fault: Fault, outcome: SendOutcome, code: str) -> None:
    stand.gateway.phones.faults.append(fault)
    error = failure(stand)
    assert (error.outcome, error.code) == (outcome, code)
    assert stand.client.sent == []
    stand.channel.send(stand.access, AINA, HELLO, "out-1")


def test_a_phone_that_is_away_stops_the_whole_account_for_a_while(stand: Stand) -> None:
    stand.gateway.phones.faults.append(Fault.NOT_CONNECTED)
    error = failure(stand)
    assert (error.retry_after, error.scope) == (30.0, Scope.ACCOUNT)


def test_the_wait_that_a_gateway_asks_for_is_kept(stand: Stand) -> None:
    stand.gateway.phones.faults.append(Fault.TOO_FAST)
    error = failure(stand)
    assert (error.retry_after, error.scope) == (7.0, Scope.ACCOUNT)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.SILENT, Fault.NONSENSE, Fault.ERROR_AFTER_SENDING])
@pytest.mark.parametrize("name", NAMES)
def test_an_answer_that_got_lost_is_never_sent_twice(name: str, fault: Fault) -> None:
    with stand_of(name, read_timeout=0.3) as stand:
        stand.link()
        stand.gateway.phones.faults.append(fault)
        error = failure(stand)
        # The neutral contract recognises the second try; with the others nobody can tell.
        assert error.outcome is (SendOutcome.RETRY if name == "neutral" else SendOutcome.UNCERTAIN)
        if name == "neutral":
            again = stand.channel.send(stand.access, AINA, HELLO, "out-1")
            assert again.provider_id == stand.client.sent[0].id
        assert len(stand.client.sent) == 1


def test_nobody_listening_means_that_nothing_was_sent(stand: Stand) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert failure(replace(stand, access=replace(stand.access, base_url=nowhere))).outcome is SendOutcome.RETRY


@pytest.mark.parametrize("base", ["ftp://127.0.0.1", "127.0.0.1", "http://127.0.0.1:port", ""])
def test_a_wrong_address_is_a_matter_of_configuration(stand: Stand, base: str) -> None:
    error = failure(replace(stand, access=replace(stand.access, base_url=base)))
    assert error.outcome is SendOutcome.CONFIGURATION


@pytest.mark.parametrize("key", ["wrong", "", "two\nlines", "ключ"])
def test_a_wrong_key_is_a_matter_of_configuration_and_never_shown(stand: Stand, key: str) -> None:
    error = failure(replace(stand, access=replace(stand.access, secrets={"api_key": key})))
    assert error.outcome is SendOutcome.CONFIGURATION
    assert not key or key not in str(error)


def test_a_client_that_is_gone_must_be_linked_again(stand: Stand) -> None:
    stand.gateway.phones.delete(stand.client.id)
    error = failure(stand)
    assert (error.outcome, error.code) == (SendOutcome.CONFIGURATION, "client_not_found")


def test_an_account_without_a_client_sends_nothing(unlinked: Stand) -> None:
    error = failure(unlinked)
    assert (error.outcome, error.code) == (SendOutcome.CONFIGURATION, "client_not_found")
    assert unlinked.gateway.calls == []


def test_the_person_sees_that_the_message_was_read(stand: Stand) -> None:
    stand.channel.show_activity(stand.access, Activity(AINA, "3EB0AAAA", {}))
    if stand.name == "aimeow":
        assert (stand.client.marked_read, stand.client.typing_to) == ([], [])
    else:
        assert (stand.client.marked_read, stand.client.typing_to) == (["3EB0AAAA"], [AINA])


def test_every_code_has_words_in_every_language() -> None:
    own = ("gateway_error", "not_set_up", "failed", "too_large", "file_missing", "gone", "untrusted_address")
    for code in (*VERDICTS, *own):
        general = explain("device", "nothing-known", "general", "en")
        shown = [explain("device", code, None, language) for language in ("id", "ms", "en")]
        assert general not in shown
        assert len(set(shown)) == 3


def test_secrets_are_in_no_representation(stand: Stand) -> None:
    assert KEY not in repr(device_of(stand.access))
