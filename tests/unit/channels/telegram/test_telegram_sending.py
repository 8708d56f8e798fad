"""Messages through the channel to a server that behaves like the Bot API."""

from __future__ import annotations

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from ramah.channels.content import Attachment, Choice, MediaKind, Outgoing
from ramah.channels.errors import ChannelError, Scope, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.short_keys import short_key
from ramah.channels.telegram.channel import TelegramChannel
from tests.fakes.telegram import BotApi, Chat, Fault, FaultOrder, State
from tests.unit.channels.telegram.recorded import AINA, parsed

HELLO = Outgoing(text="Halo kak")
PNG = b"\x89PNG" + b"\x00" * 60


def failing(channel: TelegramChannel, access: AccountAccess, message: Outgoing = HELLO) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        channel.send(access, AINA, message, "out-1")
    return caught.value


def test_the_id_of_a_message_is_its_chats_and_its_own(
    channel: TelegramChannel, access: AccountAccess, aina: Chat
) -> None:
    sent = channel.send(access, AINA, HELLO, "out-1")
    assert sent.provider_id == f"{AINA}:{aina.got[0].message_id}"
    assert (aina.got[0].method, aina.got[0].text) == ("sendMessage", "Halo kak")


def test_nothing_is_read_as_markup(channel: TelegramChannel, access: AccountAccess, api: BotApi) -> None:
    channel.send(access, AINA, Outgoing(text="<b>1*2_3</b> &"), "out-1")
    assert "parse_mode" not in api.calls[-1].fields
    assert api.calls[-1].fields["text"] == "<b>1*2_3</b> &"


def test_a_message_may_quote_and_one_that_is_gone_does_not_matter(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, aina: Chat
) -> None:
    asked = api.writes(int(AINA), text="jam berapa?")["message"]["message_id"]
    for quoted in (asked, 1):
        channel.send(access, AINA, HELLO.model_copy(update={"reply_to": f"{AINA}:{quoted}"}), "out-1")
    assert [said.reply_to for said in aina.got] == [asked, None]


def test_a_tapped_button_comes_back_with_its_payload_or_its_key(
    channel: TelegramChannel, access: AccountAccess, api: BotApi
) -> None:
    long = '/choose{"service": "' + "x" * 80 + '"}'
    offered = (Choice(title="Cuci", payload="/choose"), Choice(title="Coating", payload=long))
    channel.send(access, AINA, Outgoing(text="Yang mana?", choices=offered), "out-1")
    for position, payload in enumerate(["/choose", short_key(long)]):
        tapped = api.taps(int(AINA), position)["callback_query"]
        (message,) = parsed(json.dumps({"update_id": 1, "callback_query": tapped}).encode()).incoming
        assert (message.payload, message.text) == (payload, offered[position].title)


@pytest.mark.parametrize(
    ("kind", "mime_type", "method", "filename"),
    [
        (MediaKind.IMAGE, "image/png", "sendPhoto", "image.png"),
        (MediaKind.IMAGE, "image/gif", "sendAnimation", "image.gif"),
        (MediaKind.IMAGE, "image/heic", "sendDocument", "image.heic"),
        (MediaKind.VIDEO, "video/mp4", "sendVideo", "video.mp4"),
        (MediaKind.VIDEO, "video/quicktime", "sendDocument", "video.mov"),
        (MediaKind.AUDIO, "audio/mpeg", "sendAudio", "audio.mp3"),
        (MediaKind.AUDIO, "audio/ogg; codecs=opus", "sendVoice", None),
        (MediaKind.STICKER, "image/webp", "sendSticker", "sticker.webp"),
        (MediaKind.DOCUMENT, "application/pdf", "sendDocument", "document.pdf"),
    ],
)
def test_a_file_goes_out_as_what_it_is(
    channel: TelegramChannel,
    access: AccountAccess,
    aina: Chat,
    kind: MediaKind,
    mime_type: str,
    method: str,
    filename: str | None,
) -> None:
    file = Attachment(kind=kind, media_id="m1", mime_type=mime_type, content=PNG)
    channel.send(access, AINA, Outgoing(attachment=file), "out-1")
    (said,) = aina.got
    assert (said.method, said.file) == (method, PNG)
    assert filename is None or said.filename == filename


def test_a_file_keeps_its_name_its_words_and_its_buttons(
    channel: TelegramChannel, access: AccountAccess, aina: Chat
) -> None:
    file = Attachment(
        kind=MediaKind.DOCUMENT, media_id="m1", mime_type="application/pdf", filename="surat kuasa.pdf", content=PNG
    )
    message = Outgoing(text="Ini suratnya", attachment=file, choices=(Choice(title="Ya", payload="/y"),))
    channel.send(access, AINA, message, "out-1")
    (said,) = aina.got
    assert (said.filename, said.text, said.buttons) == ("surat kuasa.pdf", "Ini suratnya", (("Ya", "/y"),))


def test_a_picture_may_lie_at_an_address(channel: TelegramChannel, access: AccountAccess, aina: Chat) -> None:
    channel.send(access, AINA, Outgoing(text="Ini", image_url="https://example.org/a.jpg"), "out-1")
    assert (aina.got[0].method, aina.got[0].file, aina.got[0].text) == (
        "sendPhoto",
        b"https://example.org/a.jpg",
        "Ini",
    )


@pytest.mark.parametrize(("size", "method"), [(10 * 1024 * 1024, "sendPhoto"), (10 * 1024 * 1024 + 1, "sendDocument")])
def test_a_photo_too_large_for_one_arrives_as_a_document(
    telegram_at_ease: TelegramChannel, access: AccountAccess, aina: Chat, size: int, method: str
) -> None:
    file = Attachment(kind=MediaKind.IMAGE, media_id="m1", mime_type="image/jpeg", content=b"\xff" * size)
    telegram_at_ease.send(access, AINA, Outgoing(attachment=file), "out-1")
    assert [said.method for said in aina.got] == [method]


@pytest.mark.parametrize(("content", "code"), [(None, "file_missing"), (b"x" * (50 * 1024 * 1024 + 1), "too_large")])
def test_a_file_that_cannot_travel_is_refused_here(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, content: bytes | None, code: str
) -> None:
    file = Attachment(kind=MediaKind.DOCUMENT, media_id="m1", mime_type="application/pdf", content=content)
    error = failing(channel, access, Outgoing(attachment=file))
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, code)
    assert api.calls == []


@pytest.mark.parametrize(
    ("state", "code"),
    [(State.BLOCKED, "blocked"), (State.DEACTIVATED, "deactivated"), (State.NEVER, "not_started")],
)
def test_somebody_who_cannot_be_reached_is_given_up(
    channel: TelegramChannel, access: AccountAccess, aina: Chat, state: State, code: str
) -> None:
    aina.state = state
    error = failing(channel, access)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, code)


@pytest.mark.parametrize("recipient", ["999", "aina", ""])
def test_a_chat_that_nobody_knows_is_given_up(channel: TelegramChannel, access: AccountAccess, recipient: str) -> None:
    with pytest.raises(ChannelError) as caught:
        channel.send(access, recipient, HELLO, "out-1")
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.GIVE_UP, "chat_not_found")


def test_too_many_messages_to_one_chat_wait_a_little_and_hold_up_nobody_else(
    channel: TelegramChannel, access: AccountAccess, api: BotApi
) -> None:
    for number in range(20):
        channel.send(access, AINA, Outgoing(text=f"pesan {number}"), f"out-{number}")
    error = failing(channel, access)
    assert (error.outcome, error.code, error.retry_after, error.scope) == (
        SendOutcome.WAIT,
        "flood",
        1.0,
        Scope.RECIPIENT,
    )
    api.chat(42)
    assert channel.send(access, "42", HELLO, "out-x").provider_id.startswith("42:")
    api.advance(1.0)
    assert channel.send(access, AINA, HELLO, "out-y").provider_id.startswith(AINA)


@pytest.mark.parametrize(
    ("fault", "wait", "scope"),
    [
        (FaultOrder(Fault.FLOOD, retry_after=60), 60.0, Scope.RECIPIENT),
        (FaultOrder(Fault.FLOOD, retry_after=61), 61.0, Scope.ACCOUNT),
        (FaultOrder(Fault.FLOOD, retry_after=10**9), 86_400.0, Scope.ACCOUNT),
        (FaultOrder(Fault.FLOOD_IN_WORDS, retry_after=9), 9.0, Scope.RECIPIENT),
        (FaultOrder(Fault.HTML, code=429), 5.0, Scope.RECIPIENT),
    ],
)
def test_a_long_wait_is_given_to_the_whole_bot(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, fault: FaultOrder, wait: float, scope: Scope
) -> None:
    api.order_fault(fault)
    error = failing(channel, access)
    assert (error.outcome, error.retry_after, error.scope) == (SendOutcome.WAIT, wait, scope)


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (FaultOrder(Fault.BROKEN), SendOutcome.RETRY, "server_error"),
        (FaultOrder(Fault.BROKEN, code=502, description="Bad Gateway"), SendOutcome.RETRY, "server_error"),
        (FaultOrder(Fault.HTML, code=503), SendOutcome.RETRY, "server_error"),
        (FaultOrder(Fault.HTML, code=502), SendOutcome.UNCERTAIN, "gateway"),
        (FaultOrder(Fault.HTML, code=504), SendOutcome.UNCERTAIN, "gateway"),
        (FaultOrder(Fault.HTML, code=404), SendOutcome.CONFIGURATION, "bad_address"),
        (FaultOrder(Fault.HTML, code=302), SendOutcome.CONFIGURATION, "bad_address"),
        (FaultOrder(Fault.HTML, code=413), SendOutcome.GIVE_UP, "too_large"),
        (FaultOrder(Fault.REFUSE, code=401, description="Unauthorized"), SendOutcome.CONFIGURATION, "unauthorised"),
        (FaultOrder(Fault.REFUSE, code=404, description="Not Found"), SendOutcome.CONFIGURATION, "unauthorised"),
        (FaultOrder(Fault.REFUSE, code=409, description="Conflict: x"), SendOutcome.CONFIGURATION, "conflict"),
        (FaultOrder(Fault.REFUSE, code=418, description="teapot"), SendOutcome.GIVE_UP, "bad_request"),
        (FaultOrder(Fault.CUT), SendOutcome.UNCERTAIN, "time_out"),
        (FaultOrder(Fault.HANG), SendOutcome.UNCERTAIN, "time_out"),
        (FaultOrder(Fault.SLOW), SendOutcome.UNCERTAIN, "time_out"),
        (FaultOrder(Fault.NONSENSE), SendOutcome.UNCERTAIN, "unreadable"),
        (FaultOrder(Fault.NONSENSE, content=b'{"ok":true}'), SendOutcome.UNCERTAIN, "unreadable"),
        (FaultOrder(Fault.NONSENSE, content=b'{"ok":false,"result":{}}'), SendOutcome.UNCERTAIN, "unreadable"),
        (FaultOrder(Fault.NONSENSE, content=b'{"ok":true,"result":[]}'), SendOutcome.UNCERTAIN, "unreadable"),
        (
            FaultOrder(Fault.NONSENSE, content=b'{"ok":true,"result":{"message_id":1}}'),
            SendOutcome.UNCERTAIN,
            "unreadable",
        ),
        (FaultOrder(Fault.NONSENSE, content=b" " * (1 << 20) + b"{}"), SendOutcome.UNCERTAIN, "time_out"),
    ],
)
def test_every_trouble_has_its_outcome(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, fault: FaultOrder, outcome: SendOutcome, code: str
) -> None:
    api.order_fault(replace(fault))
    error = failing(channel, access)
    assert (error.outcome, error.code) == (outcome, code)
    assert access.secrets["bot_token"] not in str(error)


@pytest.mark.parametrize(
    ("base_url", "outcome"),
    [
        ("http://127.0.0.1:9", SendOutcome.RETRY),
        ("ftp://127.0.0.1", SendOutcome.CONFIGURATION),
        ("http://127.0.0.1:x", SendOutcome.CONFIGURATION),
    ],
)
def test_a_connection_that_never_stood_sent_nothing(
    channel: TelegramChannel, access: AccountAccess, base_url: str, outcome: SendOutcome
) -> None:
    assert failing(channel, replace(access, base_url=base_url)).outcome is outcome


@pytest.mark.parametrize("token", ["", "123", "123:a/../../b", "123:a\r\nb", "x:y", "٣:abc"])
def test_a_token_of_another_shape_goes_nowhere(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, token: str
) -> None:
    error = failing(channel, replace(access, secrets={"bot_token": token}))
    assert (error.outcome, error.code) == (SendOutcome.CONFIGURATION, "unauthorised")
    assert api.calls == []


def test_no_log_tells_a_token_or_a_message(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        channel.connect(access)
        channel.send(access, AINA, Outgoing(text="rahasia-kita"), "out-1")
        api.order_fault(FaultOrder(Fault.NONSENSE))
        failing(channel, access)
    assert "HTTP Request: POST" in caplog.text
    told = (access.secrets["bot_token"], access.secrets["webhook_secret"], "rahasia-kita")
    assert [secret for secret in told if secret in caplog.text] == []


def test_many_threads_share_one_channel(telegram_at_ease: TelegramChannel, access: AccountAccess, api: BotApi) -> None:
    people = [str(1000 + number) for number in range(20)]
    for person in people:
        api.chat(int(person))
    with ThreadPoolExecutor(10) as threads:
        sent = list(threads.map(lambda person: telegram_at_ease.send(access, person, HELLO, "out-1"), people))
    assert [item.provider_id.partition(":")[0] for item in sent] == people


def test_a_closed_channel_leaves_no_thread_and_may_be_used_again(
    channel: TelegramChannel, access: AccountAccess, aina: Chat
) -> None:
    for _ in range(2):
        channel.send(access, AINA, HELLO, "out-1")
        channel.close()
        assert "telegram-loop" not in [thread.name for thread in threading.enumerate()]
    assert len(aina.got) == 2
