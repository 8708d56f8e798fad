"""Proofs that a webhook is the gateway's: keyed hashes, a shared token, or a signed JWT; compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping

from ramah.channels.device.access import Device
from ramah.channels.errors import SignatureError
from ramah.lib.signatures import is_signed, same_text

MOST_AGE = 300.0
"""Seconds that a signed moment may lie in the past or the future."""


def secret_of(device: Device) -> str:
    """The secret that signs this account's webhooks. Raises SignatureError when there is none."""
    if not device.secret:
        raise SignatureError("this account has no secret to check webhooks with")
    return device.secret


def required(headers: Mapping[str, str], name: str) -> str:
    """The value of a header. Raises SignatureError."""
    value = headers.get(name)
    if not value:
        raise SignatureError(f"the header {name} is missing")
    return value


def check_hmac_sha256(secret: str, body: bytes, given: str) -> None:
    """Raise SignatureError unless ``given`` is ``sha256=`` and the hexadecimal HMAC of exactly these bytes."""
    signature = given.removeprefix("sha256=")
    if signature == given or not is_signed(secret, body, signature.lower()):
        raise SignatureError("the signature does not belong to this body")


def check_hmac_sha512(secret: str, body: bytes, given: str) -> None:
    """The same for SHA-512, without a prefix (WAHA)."""
    expected = hmac.new(secret.encode(), body, hashlib.sha512).hexdigest()
    if not same_text(expected, given.lower()):
        raise SignatureError("the signature does not belong to this body")


def check_token(secret: str, given: str) -> None:
    """Raise SignatureError unless the header is the shared secret itself."""
    if not same_text(secret, given):
        raise SignatureError("the token is not this account's")


def check_moment(given: str) -> None:
    """Raise SignatureError for Unix seconds that are too far from now: a recorded body must not be played again."""
    if not (given.isascii() and given.isdigit() and len(given) < 16) or abs(time.time() - int(given)) > MOST_AGE:
        raise SignatureError("the webhook is too old, or its clock is wrong")


def check_jwt(secret: str, token: str) -> None:
    """Raise SignatureError unless the token is an HS256 JWT under ``secret`` that has not expired.

    Written out here because that is all of JWT that is needed: one algorithm, one key, one claim. A library would
    have to be told to refuse the rest (``none``, public keys, other algorithms); this knows nothing else.
    Source: RFC 7515 section 7.1, RFC 7519 section 4.1.4.
    """
    signed, _, signature = token.rpartition(".")
    head, _, claims = signed.partition(".")
    expected = hmac.new(secret.encode(), signed.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()
    if not hmac.compare_digest(expected, _decoded(signature)):
        raise SignatureError("the token is not signed with this account's secret")
    if _object(head).get("alg") != "HS256":
        raise SignatureError("the token is signed in another way than HS256")
    expires = _object(claims).get("exp")
    if not isinstance(expires, int | float) or isinstance(expires, bool) or expires < time.time():
        raise SignatureError("the token has expired")


def _decoded(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except (binascii.Error, ValueError) as error:
        raise SignatureError("the token cannot be read") from error


def _object(part: str) -> dict[str, object]:
    try:
        read = json.loads(_decoded(part))
    except (ValueError, RecursionError) as error:
        raise SignatureError("the token cannot be read") from error
    if not isinstance(read, dict):
        raise SignatureError("the token cannot be read")
    return read
