"""Who may speak to the webhook."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from ramah.channels.errors import SignatureError
from ramah.channels.port import AccountAccess, Channel
from ramah.channels.whatsapp.channel import WhatsAppChannel
from tests.unit.channels.whatsapp.recorded import recorded

ACCOUNT = AccountAccess("1000001", {"app_secret": "s3cret", "verify_token": "tökèn"})
# As Meta signs: over the raw bytes, in which a car is written \ud83d\ude97. The digest was made with openssl:
# printf '%s' '{"body":"cuci \ud83d\ude97"}' | openssl dgst -sha256 -hmac s3cret
ESCAPED = b'{"body":"cuci \\ud83d\\ude97"}'
SIGNATURE = "8fe8606081a03ea9888352d14ca7a4844944b358fda4d8ece0726b292eaae56e"


@pytest.fixture
def channel() -> WhatsAppChannel:
    return WhatsAppChannel("http://127.0.0.1:9", "v23.0")


def test_it_is_a_channel(channel: WhatsAppChannel) -> None:
    as_port: Channel = channel
    assert as_port.kind == "whatsapp"
    assert (as_port.abilities.buttons, as_port.abilities.list_rows, as_port.abilities.window_hours) == (3, 10, 24)


def test_it_takes_a_body_that_meta_signed(channel: WhatsAppChannel) -> None:
    channel.verify(ACCOUNT, {"x-hub-signature-256": f"sha256={SIGNATURE}"}, ESCAPED)


def test_the_same_json_in_other_bytes_is_not_what_was_signed(channel: WhatsAppChannel) -> None:
    with pytest.raises(SignatureError):
        channel.verify(ACCOUNT, {"x-hub-signature-256": f"sha256={SIGNATURE}"}, '{"body":"cuci 🚗"}'.encode())


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256="},
        {"x-hub-signature-256": SIGNATURE},
        {"x-hub-signature-256": f"sha1={SIGNATURE}"},
        {"x-hub-signature-256": f"sha256={SIGNATURE[:-1]}"},
        {"x-hub-signature-256": f"sha256={'0' * 64}"},
        {"x-hub-signature-256": "sha256=bukan tanda tangan ✍"},
        {"x-hub-signature": f"sha256={SIGNATURE}"},
    ],
)
def test_it_refuses_what_meta_did_not_sign(channel: WhatsAppChannel, headers: Mapping[str, str]) -> None:
    with pytest.raises(SignatureError):
        channel.verify(ACCOUNT, headers, ESCAPED)


@pytest.mark.parametrize("secrets", [{}, {"app_secret": ""}, {"app_secret": "another"}])
def test_it_refuses_everything_without_the_right_secret(channel: WhatsAppChannel, secrets: dict[str, str]) -> None:
    with pytest.raises(SignatureError):
        channel.verify(AccountAccess("1", secrets), {"x-hub-signature-256": f"sha256={SIGNATURE}"}, ESCAPED)


def test_it_answers_the_challenge_of_the_dashboard(channel: WhatsAppChannel) -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": "tökèn", "hub.challenge": "1158201444"}
    assert channel.challenge(ACCOUNT, params) == "1158201444"


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
    ],
)
def test_it_refuses_a_challenge_with_a_wrong_token_or_mode(channel: WhatsAppChannel, change: dict[str, str]) -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": "tökèn", "hub.challenge": "1158201444"}
    assert channel.challenge(ACCOUNT, params | change) is None


def test_an_account_without_a_token_proves_nothing(channel: WhatsAppChannel) -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1158201444"}
    assert channel.challenge(AccountAccess("1", {}), params) is None


def test_it_reads_what_it_verified(channel: WhatsAppChannel) -> None:
    (batch,) = channel.parse(ACCOUNT, recorded("message_text"))
    assert batch.incoming[0].external_id == "wamid.TEXT"
