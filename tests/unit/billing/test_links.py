"""Payment links open one bill, for a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ramah.billing.links import VALID_FOR, PaymentLink, payment_link, payment_token, read_token
from ramah.settings import Settings
from ramah.store import utc_now

CONFIG = Settings(_env_file=None, public_url="https://ramah.example/")  # type: ignore[call-arg]
LINK = PaymentLink("bill-1", "conversation-1")


def token_of(link: PaymentLink = LINK) -> str:
    return payment_link(CONFIG, link).rpartition("/")[2]


def test_a_link_names_the_public_address_and_opens_its_bill() -> None:
    assert payment_link(CONFIG, LINK).startswith("https://ramah.example/pay/")
    assert read_token(CONFIG, token_of()) == LINK


def test_a_link_ends() -> None:
    assert read_token(CONFIG, token_of(), utc_now() + VALID_FOR - timedelta(minutes=1)) == LINK
    assert read_token(CONFIG, token_of(), utc_now() + VALID_FOR + timedelta(minutes=1)) is None


def test_a_changed_link_opens_nothing() -> None:
    other = token_of(PaymentLink("bill-2", "conversation-1"))
    forged = f"{other.rpartition('.')[0]}.{token_of().rpartition('.')[2]}"
    later = payment_token(CONFIG, LINK, utc_now() + timedelta(days=900)).partition(".")[0]
    prolonged = f"{later}.{token_of().partition('.')[2]}"
    for token in (forged, prolonged, "", ".", "a.b.c.d", token_of()[:-1], token_of() + "0", "\ud800"):
        assert read_token(CONFIG, token) is None


@pytest.mark.parametrize("secret", ["another-secret-of-another-server"])
def test_the_link_of_another_server_opens_nothing(secret: str) -> None:
    elsewhere = Settings(_env_file=None, secret_key=secret)  # type: ignore[call-arg, arg-type]
    assert read_token(CONFIG, payment_token(elsewhere, LINK, utc_now() + timedelta(days=1))) is None
