"""Which passwords are taken: long ones that nobody tries first, whatever letters they are made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.lib.errors import BadInput
from ramah.people.password_rules import LONGEST, SHORTEST, check_password, common_passwords

OWN = ("Siti Rahma", "siti.rahma@kilap.example", "Kilap Cuci Mobil")


@pytest.mark.parametrize(
    "password",
    [
        "kuda baterai staples benar",
        "Hujan-di-bulan-Juni",
        "xK9!mQ2#vLp0",
        "siti punya tujuh kucing",
        "密码很长的一句话啊真的",
    ],
)
def test_a_long_password_that_nobody_tries_first_is_taken(password: str) -> None:
    check_password(password, *OWN)


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "P@ssw0rd123!",
        "PASSWORD2026",
        "qwertyuiop",
        "1234567890",
        "9876543210",
        "aaaaaaaaaaaa",
        "abababababab",
        "sitirahma1990",
        "Siti.Rahma-99",
        "kilapcucimobil1",
    ],
)
def test_what_others_try_first_is_refused_however_it_is_dressed_up(password: str) -> None:
    with pytest.raises(BadInput, match="first that others would try"):
        check_password(password, *OWN)


@pytest.mark.parametrize(
    ("password", "words"), [("a1!" * 3, f"at least {SHORTEST}"), ("ab1 " * 65, f"at most {LONGEST}")]
)
def test_too_short_and_too_long_is_said_with_the_number(password: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        check_password(password)


@given(st.sampled_from(sorted(common_passwords())), st.text("0123456789!.", max_size=6))
def test_no_common_password_becomes_a_good_one_by_an_ending(word: str, ending: str) -> None:
    with pytest.raises(BadInput):
        check_password(word + ending)


def test_the_list_is_in_small_letters_so_that_it_is_found() -> None:
    assert len(common_passwords()) > 100 and all(word == word.lower().strip() for word in common_passwords())
