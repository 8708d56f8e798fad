"""What people type into forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ramah.channels.content import IncomingKind
from ramah.channels.port import AccountAccess
from ramah.channels.webform.channel import WebFormChannel, address_in
from ramah.channels.webform.definition import definition_of
from ramah.channels.webform.submission import Problem, Submission, phone_digits, problems_of, submission_of
from tests.unit.channels.webform.forms import CONTACT, FILLED, form_with

FORM = definition_of(CONTACT)
ACCESS = AccountAccess("kilap-form", {}, options=CONTACT)


def filled(**changes: str) -> Submission:
    """A submission of the contact form."""
    return submission_of(FORM, "page-1", "id", {**FILLED, **changes}, "ID")


def test_a_good_form_has_no_problems() -> None:
    assert problems_of(FORM, FILLED, "ID") == {}


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [
        ("name", "", Problem.MISSING),
        ("name", " \r\n\x00 ", Problem.MISSING),
        ("name", "x" * 201, Problem.TOO_LONG),
        ("message", "x" * 5001, Problem.TOO_LONG),
        ("email", "budi", Problem.NO_EMAIL),
        ("email", "budi@contoh", Problem.NO_EMAIL),
        ("email", "a@b.example, c@d.example", Problem.NO_EMAIL),
        ("email", "a@b.example\r\nBcc: c@d.example", Problem.NO_EMAIL),
        ("phone", "12", Problem.NO_PHONE),
        ("phone", "budi", Problem.NO_PHONE),
        ("service", "Semua", Problem.NO_CHOICE),
    ],
)
def test_each_problem_is_named_at_its_field(name: str, typed: str, problem: Problem) -> None:
    assert problems_of(FORM, {**FILLED, name: typed}, "ID") == {name: problem}


def test_fields_that_nobody_must_fill_may_stay_empty() -> None:
    assert problems_of(FORM, {**FILLED, "phone": "", "service": ""}, "ID") == {}


@pytest.mark.parametrize(
    ("typed", "country", "digits"),
    [
        ("0812-3456-7890", "ID", "6281234567890"),
        ("+62 812 3456 7890", "MY", "6281234567890"),
        ("012-345 6789", "MY", "60123456789"),
        ("+65 8123 4567", "ID", "6581234567"),
        ("110", "ID", None),
        ("", "ID", None),
    ],
)
def test_a_phone_number_is_that_of_the_organisations_country(typed: str, country: str, digits: str | None) -> None:
    assert phone_digits(typed, country) == digits


def test_a_submission_becomes_a_message_in_the_persons_language() -> None:
    (batch,) = WebFormChannel().parse(ACCESS, filled().as_body())
    (incoming,) = batch.incoming
    assert incoming.text == (
        "Nama: Budi Santoso\nEmail: budi@contoh.example\nTelepon: +6281234567890\nLayanan: Cuci\n"
        "Pesan:\nBesok bisa?\nJam 10."
    )
    assert (incoming.kind, incoming.sender.name, incoming.sender.phone) == (IncomingKind.TEXT, "Budi Santoso", None)
    assert incoming.raw["subject"] == "Hubungi kami"


def test_the_address_is_taken_from_the_field_that_the_answer_needs() -> None:
    assert address_in(FORM, filled()) is None
    by_mail = definition_of(form_with(answer_by="email"))
    by_phone = definition_of(form_with(answer_by="whatsapp"))
    assert address_in(by_mail, filled()) == "budi@contoh.example"
    assert address_in(by_phone, filled()) == "6281234567890"
    assert address_in(by_phone, filled(phone="")) is None


def test_a_double_click_is_one_message_and_a_correction_another() -> None:
    assert filled() == filled()
    assert filled().key != filled(message="Lusa bisa?").key
    assert filled().key != submission_of(FORM, "page-2", "id", FILLED, "ID").key


@given(st.dictionaries(st.sampled_from([*FILLED, "other"]), st.text(max_size=300)))
def test_whatever_is_typed_is_refused_or_becomes_a_message(typed: dict[str, str]) -> None:
    if problems_of(FORM, typed, "ID"):
        return
    (batch,) = WebFormChannel().parse(ACCESS, submission_of(FORM, "page-1", "id", typed, "ID").as_body())
    assert "\x00" not in batch.incoming[0].text
