"""Signed bodies."""

from __future__ import annotations

import pytest

from ramah.lib.signatures import hmac_sha256_hex, is_signed, same_text

# RFC 4231, test case 2.
KEY, DATA = "Jefe", b"what do ya want for nothing?"
DIGEST = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_it_signs_as_the_standard_says() -> None:
    assert hmac_sha256_hex(KEY, DATA) == DIGEST


def test_it_knows_its_own_signature() -> None:
    assert is_signed(KEY, DATA, DIGEST)


@pytest.mark.parametrize("given", ["", DIGEST[:-1], DIGEST.upper(), "0" * 64, "tanda ✍", "\ud83d"])
def test_it_knows_a_wrong_signature(given: str) -> None:
    assert not is_signed(KEY, DATA, given)


def test_another_body_is_not_signed() -> None:
    assert not is_signed(KEY, DATA + b"\n", DIGEST)


def test_an_empty_secret_signs_nothing() -> None:
    assert not is_signed("", DATA, hmac_sha256_hex("", DATA))


@pytest.mark.parametrize(
    ("one", "other", "same"), [("a", "a", True), ("é", "é", True), ("é", "e", False), ("", "a", False)]
)
def test_it_compares_any_text(one: str, other: str, same: bool) -> None:
    assert same_text(one, other) is same
