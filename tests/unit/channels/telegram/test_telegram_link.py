"""Whether a bot works and hears, and the webhook that makes it hear."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ramah.channels.content import LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome, SignatureError
from ramah.channels.port import AccountAccess, Connecting
from ramah.channels.telegram.channel import SECRET_HEADER, TelegramChannel
from ramah.channels.telegram.link import UPDATES
from tests.fakes.telegram import BotApi, FakeTelegram, Fault, FaultOrder
from tests.fakes.telegram.webhooks import Webhook

SECRET = "hook-secret"


def test_connecting_tells_telegram_where_to_post_and_with_what(
    channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram
) -> None:
    assert isinstance(channel, Connecting)
    for _ in range(2):
        channel.connect(access)
    webhook = telegram.pusher.webhook
    assert (webhook.url, webhook.secret, webhook.allowed) == (access.webhook_url, SECRET, UPDATES)
    assert "drop_pending_updates" not in telegram.api.calls[-1].fields


def test_disconnecting_keeps_what_waits(
    channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram
) -> None:
    channel.connect(access)
    telegram.pusher.hold(True)
    telegram.api.writes(7, text="halo")
    channel.disconnect(access)
    assert (telegram.pusher.webhook.url, telegram.pusher.waiting) == ("", 1)


@pytest.mark.parametrize("secret", ["", "with space", "ümlaut", "x" * 257])
def test_a_bot_without_a_usable_secret_is_not_connected(
    channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram, secret: str
) -> None:
    with pytest.raises(ChannelError) as caught:
        channel.connect(replace(access, secrets={**access.secrets, "webhook_secret": secret}))
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.CONFIGURATION, "webhook_secret")
    assert telegram.api.calls == []


@pytest.mark.parametrize("address", [None, "", "http://ramah.example/hook"])
def test_an_address_that_telegram_does_not_take_is_for_an_administrator(
    channel: TelegramChannel, access: AccountAccess, address: str | None
) -> None:
    with pytest.raises(ChannelError) as caught:
        channel.connect(replace(access, webhook_url=address))
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.CONFIGURATION, "webhook_refused")


def test_connecting_that_got_no_answer_may_be_repeated(
    channel: TelegramChannel, access: AccountAccess, api: BotApi
) -> None:
    api.order_fault(FaultOrder(Fault.CUT, "setWebhook"))
    with pytest.raises(ChannelError) as caught:
        channel.connect(access)
    assert caught.value.outcome is SendOutcome.RETRY


def test_a_connected_bot_says_its_name(channel: TelegramChannel, access: AccountAccess) -> None:
    channel.connect(access)
    state = channel.check(access)
    assert (state.status, state.detail) == (LinkStatus.CONNECTED, "@kila_bot")


def test_updates_that_wait_are_counted(channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram) -> None:
    channel.connect(access)
    telegram.pusher.hold(True)
    for _ in range(3):
        telegram.api.writes(7, text="halo")
    state = channel.check(access)
    assert (state.status, state.detail) == (LinkStatus.CONNECTED, "@kila_bot · 3 waiting")


def test_a_webhook_that_fails_while_updates_wait_is_a_lost_connection(
    channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram
) -> None:
    channel.connect(access)
    telegram.pusher.hold(True)
    telegram.api.writes(7, text="halo")
    now = int(time.time())
    telegram.pusher.webhook.last_error = (now - 60, "Wrong response from the webhook: 502 Bad Gateway")
    state = channel.check(access)
    assert state.status is LinkStatus.DISCONNECTED
    assert state.detail is not None
    assert "502 Bad Gateway" in state.detail
    assert "1 waiting" in state.detail
    telegram.pusher.webhook.last_error = (now - 3600, "Connection timed out")
    state = channel.check(access)
    assert state.status is LinkStatus.CONNECTED
    assert "Connection timed out" in (state.detail or "")


@pytest.mark.parametrize("url", ["", "https://elsewhere.example/hook"])
def test_a_webhook_that_leads_elsewhere_is_a_failure(
    channel: TelegramChannel, access: AccountAccess, telegram: FakeTelegram, url: str
) -> None:
    telegram.pusher.arrange(Webhook(url), drop=False)
    state = channel.check(access)
    assert (state.status, "webhook_elsewhere" in (state.detail or "")) == (LinkStatus.FAILED, True)


def test_the_token_of_another_bot_is_a_failure(channel: TelegramChannel, access: AccountAccess) -> None:
    state = channel.check(replace(access, external_id="42"))
    assert (state.status, "other_bot" in (state.detail or "")) == (LinkStatus.FAILED, True)


@pytest.mark.parametrize("token", ["", "123456789:AAwrong"])
def test_a_refused_token_is_a_log_out(channel: TelegramChannel, access: AccountAccess, token: str) -> None:
    state = channel.check(replace(access, secrets={"bot_token": token}))
    assert (state.status, "unauthorised" in (state.detail or "")) == (LinkStatus.LOGGED_OUT, True)


@pytest.mark.parametrize(
    "fault",
    [FaultOrder(Fault.BROKEN, "getMe"), FaultOrder(Fault.HANG, "getWebhookInfo"), FaultOrder(Fault.CUT, "getMe")],
)
def test_a_telegram_that_does_not_answer_proves_nothing(
    channel: TelegramChannel, access: AccountAccess, api: BotApi, fault: FaultOrder
) -> None:
    api.order_fault(replace(fault))
    with pytest.raises(ChannelError) as caught:
        channel.check(access)
    assert caught.value.outcome is SendOutcome.RETRY


def test_only_the_agreed_secret_is_believed(channel: TelegramChannel, access: AccountAccess) -> None:
    channel.verify(access, {SECRET_HEADER: SECRET}, b"{}")
    for headers in ({}, {SECRET_HEADER: ""}, {SECRET_HEADER: "hook-secreT"}, {SECRET_HEADER: "ü"}):
        with pytest.raises(SignatureError):
            channel.verify(access, headers, b"{}")


def test_an_account_without_a_secret_believes_nobody(channel: TelegramChannel, access: AccountAccess) -> None:
    bare = replace(access, secrets={"bot_token": "1:a"})
    for headers in ({}, {SECRET_HEADER: ""}):
        with pytest.raises(SignatureError):
            channel.verify(bare, headers, b"{}")
