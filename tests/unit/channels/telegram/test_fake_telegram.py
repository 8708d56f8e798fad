"""The fake Bot API behaves like the one that Telegram describes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from ramah.channels.content import Choice, Incoming, Outgoing
from ramah.channels.errors import ChannelError
from ramah.channels.port import AccountAccess, Pace
from ramah.channels.telegram.channel import TelegramChannel
from tests.fakes.telegram import FakeTelegram, Limits
from tests.fakes.telegram.flood import Flood
from tests.fakes.telegram.refusals import Refused
from tests.unit.channels.telegram.receiver import Webhook
from tests.unit.channels.telegram.recorded import AINA


def ask(telegram: FakeTelegram, method: str, token: str | None = None, **fields: Any) -> dict[str, Any]:
    answer = httpx.post(f"{telegram.url}/bot{token or telegram.api.token}/{method}", data=fields, trust_env=False)
    read: dict[str, Any] = answer.json()
    assert read["ok"] == answer.is_success
    assert read["ok"] or read["error_code"] == answer.status_code
    return read


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    with Webhook() as made:
        yield made


@pytest.fixture
def hearing(channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram, webhook: Webhook) -> AccountAccess:
    """The account, connected to an endpoint of ours."""
    telegram.api.wants_https = False
    connected = replace(access, webhook_url=webhook.url)
    channel.connect(connected)
    return connected


def heard(channel: TelegramChannel, access: AccountAccess, webhook: Webhook) -> list[Incoming]:
    """All messages that arrived, verified and read."""
    messages = []
    for headers, body in webhook.bodies:
        channel.verify(access, headers, body)
        messages += [message for batch in channel.parse(access, body) for message in batch.incoming]
    return messages


def test_a_message_reaches_us_with_the_secret(
    channel: TelegramChannel, telegram: FakeTelegram, hearing: AccountAccess, webhook: Webhook
) -> None:
    telegram.api.writes(int(AINA), text="halo")
    assert telegram.pusher.drain(5)
    assert [message.text for message in heard(channel, hearing, webhook)] == ["halo"]


def test_what_we_do_not_confirm_comes_again_with_the_same_id(
    channel: TelegramChannel, telegram: FakeTelegram, hearing: AccountAccess, webhook: Webhook
) -> None:
    webhook.refuse = 2
    telegram.api.writes(int(AINA), text="halo")
    assert telegram.pusher.drain(5)
    ids = [message.external_id for message in heard(channel, hearing, webhook)]
    assert ids == [f"{AINA}:101"] * 3
    assert (channel.check(hearing).detail or "").startswith("@kila_bot · Wrong response from the webhook: 503")


def test_updates_may_come_twice(
    channel: TelegramChannel, telegram: FakeTelegram, hearing: AccountAccess, webhook: Webhook
) -> None:
    telegram.pusher.copies = 2
    telegram.api.writes(int(AINA), text="halo")
    assert telegram.pusher.drain(5)
    assert [message.external_id for message in heard(channel, hearing, webhook)] == [f"{AINA}:101"] * 2


def test_updates_may_overtake_one_another(
    channel: TelegramChannel, telegram: FakeTelegram, hearing: AccountAccess, webhook: Webhook
) -> None:
    telegram.pusher.backwards = True
    telegram.pusher.hold(True)
    for text in ("satu", "dua", "tiga"):
        telegram.api.writes(int(AINA), text=text)
    telegram.pusher.hold(False)
    assert telegram.pusher.drain(5)
    messages = heard(channel, hearing, webhook)
    assert [message.text for message in messages] == ["tiga", "dua", "satu"]
    in_order = sorted(messages, key=lambda message: int(message.external_id.partition(":")[2]))
    assert [message.text for message in in_order] == ["satu", "dua", "tiga"]


def test_kinds_that_were_not_asked_for_do_not_come(telegram: FakeTelegram, webhook: Webhook) -> None:
    telegram.api.wants_https = False
    ask(telegram, "setWebhook", url=webhook.url, allowed_updates=json.dumps(["message"]))
    telegram.api.blocks(int(AINA))
    telegram.api.writes(int(AINA), text="halo")
    assert telegram.pusher.drain(5)
    assert [list(json.loads(body)) for _, body in webhook.bodies] == [["update_id", "message"]]
    assert "x-telegram-bot-api-secret-token" not in webhook.bodies[0][0]


def test_somebody_who_blocks_the_bot_is_noticed_and_cannot_be_written_to(
    channel: TelegramChannel, telegram: FakeTelegram, hearing: AccountAccess, webhook: Webhook
) -> None:
    telegram.api.blocks(int(AINA))
    assert telegram.pusher.drain(5)
    assert heard(channel, hearing, webhook) == []
    with pytest.raises(ChannelError):
        channel.send(hearing, AINA, Outgoing(text="halo"), "out-1")


@pytest.mark.parametrize(
    ("method", "fields", "description"),
    [
        ("sendMessage", {"chat_id": AINA, "text": " "}, "Bad Request: message text is empty"),
        ("sendMessage", {"chat_id": AINA, "text": "x" * 4097}, "Bad Request: message is too long"),
        ("sendMessage", {"chat_id": AINA, "text": "🚗" * 2049}, "Bad Request: message is too long"),
        ("sendMessage", {"chat_id": "x", "text": "a"}, "Bad Request: chat_id is wrong"),
        ("sendMessage", {"chat_id": "5", "text": "a"}, "Bad Request: chat not found"),
        (
            "sendMessage",
            {"chat_id": AINA, "text": "a", "reply_parameters": '{"message_id": 5}'},
            "Bad Request: message to be replied not found",
        ),
        ("sendPhoto", {"chat_id": AINA, "photo": "?"}, "Bad Request: wrong file identifier/HTTP URL specified"),
        (
            "sendPhoto",
            {"chat_id": AINA, "photo": "https://example.org/a.jpg", "caption": "x" * 1025},
            "Bad Request: message caption is too long",
        ),
        ("setWebhook", {"url": "http://x"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        ("levitate", {}, "Not Found"),
    ],
)
def test_it_refuses_what_telegram_refuses(
    telegram: FakeTelegram, aina: object, method: str, fields: dict[str, Any], description: str
) -> None:
    assert ask(telegram, method, **fields)["description"] == description


@pytest.mark.parametrize(("size", "passes"), [(64, True), (65, False), (0, False)])
def test_behind_a_button_is_room_for_64_bytes(telegram: FakeTelegram, aina: object, size: int, passes: bool) -> None:
    markup = json.dumps({"inline_keyboard": [[{"text": "Ya", "callback_data": "é" * (size // 2) + "x" * (size % 2)}]]})
    answer = ask(telegram, "sendMessage", chat_id=AINA, text="?", reply_markup=markup)
    assert answer["ok"] is passes
    assert passes or answer["description"] == "Bad Request: BUTTON_DATA_INVALID"


@pytest.mark.parametrize(("token", "code"), [("123456789:AAwrong", 401), ("nonsense", 404)])
def test_another_token_is_refused(telegram: FakeTelegram, token: str, code: int) -> None:
    assert ask(telegram, "getMe", token)["error_code"] == code


def test_message_ids_grow_and_both_sides_share_them(telegram: FakeTelegram, aina: object) -> None:
    ids = [ask(telegram, "sendMessage", chat_id=AINA, text="a")["result"]["message_id"] for _ in range(2)]
    assert [*ids, telegram.api.writes(int(AINA), text="b")["message"]["message_id"]] == [101, 102, 103]


def test_a_tap_can_be_answered_once_and_not_for_ever(
    channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram, aina: object
) -> None:
    channel.send(access, AINA, Outgoing(text="?", choices=(Choice(title="Ya", payload="/y"),)), "out-1")
    first, late = (telegram.api.taps(int(AINA), 0)["callback_query"]["id"] for _ in range(2))
    assert first != late
    assert ask(telegram, "answerCallbackQuery", callback_query_id=first)["result"] is True
    assert not ask(telegram, "answerCallbackQuery", callback_query_id=first)["ok"]
    telegram.api.advance(16)
    assert "query is too old" in ask(telegram, "answerCallbackQuery", callback_query_id=late)["description"]


@pytest.mark.parametrize(("people", "at_least", "at_most"), [(1, 14, 15), (200, 300, 330)])
def test_its_speed_limits_are_those_of_the_faq(people: int, at_least: int, at_most: int) -> None:
    """Ten seconds of sending as fast as possible: one a second to one person, thirty to all, and a burst before."""
    flood = Flood(Limits())
    passed = 0
    for number in range(10_000):
        try:
            flood.respect(number % people, number / 1000)
            passed += 1
        except Refused as refused:
            wanted = refused
    assert at_least <= passed <= at_most
    assert wanted.body["parameters"]["retry_after"] == 1
    assert sum(flood.refused.values()) == 10_000 - passed


def test_our_paces_never_meet_its_limits() -> None:
    account, recipient = TelegramChannel.abilities.account_pace, TelegramChannel.abilities.recipient_pace
    assert account is not None
    assert recipient is not None
    times = _as_fast_as(account, 300)
    assert max(sum(begin <= at < begin + 1 for at in times) for begin in times) <= 30
    flood = Flood(Limits())
    for number, at in enumerate(times):
        flood.respect(number, at)
    for at in _as_fast_as(recipient, 30):
        flood.respect(7, 1000 + at)
    assert flood.refused == {"chat": 0, "bot": 0}


def _as_fast_as(pace: Pace, count: int) -> list[float]:
    """When messages leave that never wait for anything but this pace."""
    return [max(0.0, (number - pace.burst + 1) * pace.interval) for number in range(count)]
