"""Webhooks that are the gateway's, and those that only say so."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.channels.device.channel import DeviceChannel
from ramah.channels.errors import SignatureError
from ramah.channels.port import AccountAccess
from tests.unit.channels.device.stand import NAMES, SECRET, Stand

CHANNEL = DeviceChannel()
PROOFS = {
    "neutral": "x-gateway-signature",
    "waha": "x-webhook-hmac",
    "evolution": "x-ramah-token",
    "gowa": "x-hub-signature-256",
    "aimeow": "x-aimeow-signature",
}
SIGNS_BODY = ("neutral", "waha", "gowa")
BODY = b'{"clientId":"c1","session":"c1","instance":"c1","device_id":"c1"}'


def account(name: str, **options: object) -> AccountAccess:
    chosen = {"gateway": name, "client_id": "c1", **options}
    return AccountAccess("channel", {"webhook_secret": SECRET}, base_url="http://127.0.0.1:9", options=chosen)


def refused(name: str, headers: Mapping[str, str], body: bytes = BODY, **options: object) -> bool:
    """Whether a webhook is turned away."""
    try:
        CHANNEL.verify(account(name, **options), headers, body)
    except SignatureError:
        return True
    return False


def test_the_gateways_own_webhook_passes(stand: Stand) -> None:
    headers, body = stand.webhook(stand.wrote(text="hi"))
    stand.channel.verify(stand.access, headers, body)


@pytest.mark.parametrize("stand", SIGNS_BODY, indirect=True)
def test_one_other_byte_is_refused(stand: Stand) -> None:
    headers, body = stand.webhook(stand.wrote(text="hi"))
    with pytest.raises(SignatureError):
        stand.channel.verify(stand.access, headers, body + b" ")


def test_a_missing_or_wrong_proof_is_refused(stand: Stand) -> None:
    headers, body = stand.webhook(stand.wrote(text="hi"))
    for proof in (None, "", "wrong", "sha256=", "sha256=" + "0" * 64, "0" * 128, "\ud800"):
        changed = {name: value for name, value in headers.items() if name != PROOFS[stand.name]}
        if proof is not None:
            changed[PROOFS[stand.name]] = proof
        with pytest.raises(SignatureError):
            stand.channel.verify(stand.access, changed, body)


def test_an_account_without_a_secret_takes_nothing(stand: Stand) -> None:
    headers, body = stand.webhook(stand.wrote(text="hi"))
    with pytest.raises(SignatureError):
        stand.channel.verify(replace(stand.access, secrets={}), headers, body)


@pytest.mark.parametrize(("age", "passes"), [(0, True), (290, True), (310, False), (-290, True), (-310, False)])
def test_a_recorded_webhook_cannot_be_played_again(age: int, passes: bool) -> None:
    moment = str(int(time.time()) - age)
    signed = hmac.new(SECRET.encode(), moment.encode() + b"." + BODY, hashlib.sha256).hexdigest()
    headers = {"x-gateway-timestamp": moment, "x-gateway-signature": f"sha256={signed}"}
    assert refused("neutral", headers) is not passes


@pytest.mark.parametrize("moment", ["", "x", "²", "-1", "9" * 400, "1.5"])
def test_a_moment_that_is_none_is_refused(moment: str) -> None:
    signed = hmac.new(SECRET.encode(), moment.encode() + b"." + BODY, hashlib.sha256).hexdigest()
    assert refused("neutral", {"x-gateway-timestamp": moment, "x-gateway-signature": f"sha256={signed}"})


def jwt(claims: Any, *, secret: str = SECRET, head: Any = None) -> str:
    """A token as Evolution makes it."""
    parts = [json.dumps(part).encode() for part in (head or {"alg": "HS256", "typ": "JWT"}, claims)]
    signed = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def test_a_signed_token_passes_until_it_expires() -> None:
    assert not refused("evolution", {"authorization": f"Bearer {jwt({'exp': time.time() + 60})}"})
    assert refused("evolution", {"authorization": f"Bearer {jwt({'exp': time.time() - 1})}"})


@pytest.mark.parametrize("claims", [{}, {"exp": None}, {"exp": True}, {"exp": "9999999999"}, [], 7, None])
def test_a_token_that_does_not_say_until_when_is_refused(claims: Any) -> None:
    assert refused("evolution", {"authorization": f"Bearer {jwt(claims)}"})


def test_a_token_of_another_secret_or_algorithm_is_refused() -> None:
    later = {"exp": time.time() + 60}
    for token in (jwt(later, secret="other"), jwt(later, head={"alg": "none"}), jwt(later, head={"alg": "HS512"})):
        assert refused("evolution", {"authorization": f"Bearer {token}"})
    unsigned = jwt(later).rpartition(".")[0]
    assert refused("evolution", {"authorization": f"Bearer {unsigned}."})
    assert refused("evolution", {"authorization": jwt(later)})


@given(token=st.text(max_size=60))
def test_no_text_is_taken_for_a_token(token: str) -> None:
    assert refused("evolution", {"authorization": f"Bearer {token}"})


def test_a_hash_passes_where_a_token_would() -> None:
    signed = hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest()
    assert not refused("aimeow", {"x-aimeow-signature": f"sha256={signed}"})


def test_an_unsigned_webhook_passes_only_where_the_account_says_so() -> None:
    assert refused("aimeow", {})
    assert not refused("aimeow", {}, unsigned=True)
    assert refused("aimeow", {"x-aimeow-signature": "wrong"}, unsigned=True)
    assert refused("aimeow", {}, unsigned="true")
    for name in NAMES:
        assert name == "aimeow" or refused(name, {}, unsigned=True)


def test_a_gateway_that_nobody_knows_is_refused() -> None:
    assert refused("carrier-pigeon", {})


def test_a_signed_body_that_is_no_event_is_kept_for_a_person() -> None:
    assert not refused("aimeow", {"x-aimeow-signature": SECRET}, b"\xff not json")
    assert refused("aimeow", {"x-aimeow-signature": SECRET}, b"{}")
