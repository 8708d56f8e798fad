"""Files that people sent, fetched from a server that behaves like the Bot API."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from ramah.channels.content import MediaKind, RemoteMedia
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.telegram.channel import TelegramChannel
from tests.fakes.telegram import BotApi, Fault, FaultOrder
from tests.unit.channels.telegram.recorded import AINA, parsed

CONTENT = b"%PDF-1.7 " + b"x" * 991
FILE = RemoteMedia(kind=MediaKind.DOCUMENT, reference="doc", mime_type="application/pdf", filename="a.pdf")
MOST = 10_000


@pytest.fixture(autouse=True)
def _kept(api: BotApi) -> None:
    api.files["doc"] = CONTENT


def failing(
    channel: TelegramChannel, access: AccountAccess, media: RemoteMedia = FILE, most: int = MOST
) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        channel.fetch(access, media, most)
    return caught.value


def test_a_file_comes_with_its_name_and_type(channel: TelegramChannel, access: AccountAccess) -> None:
    found = channel.fetch(access, FILE, MOST)
    assert (found.content, found.mime_type, found.filename) == (CONTENT, "application/pdf", "a.pdf")


def test_a_picture_of_a_message_can_be_fetched(channel: TelegramChannel, access: AccountAccess, api: BotApi) -> None:
    update = api.sends_photo(int(AINA), CONTENT)
    (message,) = parsed(json.dumps(update).encode()).incoming
    assert channel.fetch(access, message.media[0], MOST).content == CONTENT


@pytest.mark.parametrize("name", ["a b.pdf", "a?b#c.pdf", "100%.pdf", "surat é.pdf", "dua/tingkat.pdf"])
def test_a_path_may_hold_any_signs(channel: TelegramChannel, access: AccountAccess, api: BotApi, name: str) -> None:
    api.files[name] = CONTENT
    assert channel.fetch(access, FILE.model_copy(update={"reference": name}), MOST).content == CONTENT


@pytest.mark.parametrize("most", [len(CONTENT) - 1, 0])
def test_a_file_above_the_bound_is_refused(channel: TelegramChannel, access: AccountAccess, most: int) -> None:
    error = failing(channel, access, most=most)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, "too_large")
    assert channel.fetch(access, FILE, len(CONTENT)).content == CONTENT


def test_an_announced_size_above_the_bound_is_not_even_asked_for(
    channel: TelegramChannel, access: AccountAccess, api: BotApi
) -> None:
    error = failing(channel, access, FILE.model_copy(update={"size": MOST + 1}))
    assert (error.code, api.calls) == ("too_large", [])


def test_a_server_that_lies_about_the_size_is_stopped(
    channel: TelegramChannel, access: AccountAccess, api: BotApi
) -> None:
    lie = b'{"ok":true,"result":{"file_id":"doc","file_unique_id":"u","file_size":5,"file_path":"docs/doc"}}'
    api.order_fault(FaultOrder(Fault.NONSENSE, "getFile", content=lie))
    assert failing(channel, access, most=100).code == "too_large"


def test_what_telegram_gives_no_bot_is_refused(channel: TelegramChannel, access: AccountAccess, api: BotApi) -> None:
    api.files["doc"] = b"x" * (20 * 1024 * 1024 + 1)
    error = failing(channel, access, most=1 << 30)
    assert (error.outcome, error.code) == (SendOutcome.GIVE_UP, "too_large")


@pytest.mark.parametrize(
    ("fault", "outcome", "code"),
    [
        (FaultOrder(Fault.HTML, "getFile", code=502), SendOutcome.RETRY, "gateway"),
        (FaultOrder(Fault.CUT, "getFile"), SendOutcome.RETRY, "time_out"),
        (FaultOrder(Fault.NONSENSE, "getFile"), SendOutcome.RETRY, "unreadable"),
        (FaultOrder(Fault.FLOOD, "getFile"), SendOutcome.WAIT, "flood"),
        (
            FaultOrder(Fault.REFUSE, "getFile", description="Bad Request: wrong file_id"),
            SendOutcome.GIVE_UP,
            "file_gone",
        ),
        (FaultOrder(Fault.REFUSE, "getFile", code=401, description="x"), SendOutcome.CONFIGURATION, "unauthorised"),
        (FaultOrder(Fault.REFUSE, "file", code=404, description="Not Found"), SendOutcome.RETRY, "file_unavailable"),
        (FaultOrder(Fault.REFUSE, "file", code=500), SendOutcome.RETRY, "server_error"),
        (FaultOrder(Fault.FLOOD, "file"), SendOutcome.WAIT, "flood"),
        (FaultOrder(Fault.CUT, "file"), SendOutcome.RETRY, "time_out"),
        (FaultOrder(Fault.HANG, "file"), SendOutcome.RETRY, "time_out"),
        (
            FaultOrder(
                Fault.NONSENSE, "getFile", content=b'{"ok":true,"result":{"file_id":"doc","file_unique_id":"u"}}'
            ),
            SendOutcome.GIVE_UP,
            "file_gone",
        ),
    ],
)
def test_every_trouble_has_its_outcome_and_the_next_try_may_succeed(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, fault: FaultOrder, outcome: SendOutcome, code: str
) -> None:
    api.order_fault(replace(fault))
    error = failing(channel, access)
    assert (error.outcome, error.code) == (outcome, code)
    assert access.secrets["bot_token"] not in str(error)
    assert channel.fetch(access, FILE, MOST).content == CONTENT


def test_a_file_that_telegram_cannot_find_just_now_may_come_later(
    channel: TelegramChannel, access: AccountAccess
) -> None:
    error = failing(channel, access, FILE.model_copy(update={"reference": "unknown"}))
    assert (error.outcome, error.code) == (SendOutcome.RETRY, "file_unavailable")
