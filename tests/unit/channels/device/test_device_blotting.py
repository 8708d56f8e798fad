"""No key that a gateway writes into a body is kept."""

from __future__ import annotations

import json

import pytest

from ramah.channels.device.blotting import BLOT, blotted
from ramah.channels.device.channel import DeviceChannel
from tests.unit.channels.device.stand import KEY, SECRET, Stand, stand_of

PLANTED = "B6D711FC-DE4D-4FD5-9365-44120E713976"
GATEWAYS = DeviceChannel().gateways


def planted(stand: Stand) -> tuple[dict[str, str], bytes]:
    """A message with keys in every corner where a gateway might write them."""
    _, body = stand.webhook(stand.wrote(text='kirim "apikey": "bukan kunci" ya'))
    event = json.loads(body)
    event["apikey"] = PLANTED
    event["instanceData"] = {"apiKey": PLANTED, "webhook": {"webhook_secret": PLANTED, "url": f"https://x/?k={KEY}"}}
    return {}, json.dumps(event).encode()


@pytest.mark.parametrize("name", GATEWAYS)
def test_planted_keys_are_gone_and_the_message_is_read_all_the_same(name: str) -> None:
    with stand_of(name) as stand:
        stand.link()
        _, body = planted(stand)
        kept = stand.channel.without_secrets(stand.access, body)
        (batch,) = stand.channel.parse(stand.access, kept)
    assert PLANTED.encode() in body and PLANTED.encode() not in kept
    assert KEY.encode() not in kept and SECRET.encode() not in kept
    assert PLANTED not in repr(batch)
    assert [incoming.text for incoming in batch.incoming] == ['kirim "apikey": "bukan kunci" ya']


@pytest.mark.parametrize("name", GATEWAYS)
def test_a_body_without_keys_is_kept_byte_for_byte(name: str) -> None:
    with stand_of(name) as stand:
        stand.link()
        _, body = stand.webhook(stand.wrote(text="halo"))
        kept = stand.channel.without_secrets(stand.access, body)
    assert kept == body.replace(b"instance-key", BLOT)


@pytest.mark.parametrize(
    "body",
    [
        b'{"apikey" : "a\\"b-secret", "x": 1}',
        b'{"APIKEY":"secret"',
        b'{"a":{"api_key":"secret"}}',
        b'\xff "apikey":"secret"',
    ],
)
def test_even_a_broken_body_keeps_no_key(body: bytes) -> None:
    assert b"secret" not in blotted(body, ())


def test_a_short_secret_blots_out_no_ordinary_words() -> None:
    assert blotted(b'{"text": "es"}', ["es"]) == b'{"text": "es"}'
