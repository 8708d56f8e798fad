"""A filled form: what was typed, checked against the form, and as it is stored."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ramah.channels.errors import PayloadError
from ramah.channels.webform.definition import FieldKind, FormDefinition, FormField

_EMAIL = re.compile(r"[^\s@<>\"(),:;\\]+@[^\s@<>\"(),:;\\]+\.[^\s@<>\"(),:;\\.]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class Problem(StrEnum):
    """What is wrong with one field; the page has the words."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    NO_EMAIL = "no_email"
    NO_PHONE = "no_phone"
    NO_CHOICE = "no_choice"


class Submission(BaseModel):
    """One filled form. ``key`` is the same for each try to send the same page with the same content."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    key: str = Field(min_length=8, max_length=80)
    language: Literal["id", "ms", "en"]
    values: dict[str, str] = Field(max_length=100)

    def as_body(self) -> bytes:
        """The bytes that its envelope keeps: equal for equal submissions."""
        return json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def read_submission(body: bytes) -> Submission:
    """The submission of an envelope. Raises PayloadError."""
    try:
        return Submission.model_validate_json(body)
    except ValidationError as error:
        raise PayloadError(f"the submission cannot be read: {error.errors()[0]['msg']}") from error


def submission_of(
    form: FormDefinition, token_id: str, language: Literal["id", "ms", "en"], given: Mapping[str, str], country: str
) -> Submission:
    """The submission of checked values (see ``problems_of``): addresses in one form, empty fields left out.

    The key is that of the page's token and the content: a double click is one message, while somebody who goes back
    and corrects what they wrote is heard again.
    """
    values = {field.name: _plain(field, given.get(field.name, ""), country) for field in form.fields}
    kept = {name: value for name, value in values.items() if value}
    content = json.dumps(kept, sort_keys=True).encode()
    key = hashlib.sha256(token_id.encode() + b"\n" + content).hexdigest()[:40]
    return Submission(key=key, language=language, values=kept)


def problems_of(form: FormDefinition, given: Mapping[str, str], country: str) -> dict[str, Problem]:
    """What is wrong, by field name; nothing when the form may be sent."""
    found = {field.name: _problem(field, cleaned(given.get(field.name, "")), country) for field in form.fields}
    return {name: problem for name, problem in found.items() if problem is not None}


def cleaned(value: str) -> str:
    """What was typed without signs that nobody types; line ends as ``\\n``."""
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def phone_digits(value: str, country: str) -> str | None:
    """A phone number as digits with its country code, or None for what is none in this country (ISO 3166, two
    letters) or abroad."""
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


def _problem(field: FormField, value: str, country: str) -> Problem | None:
    if not value:
        return Problem.MISSING if field.required else None
    if len(value) > field.longest:
        return Problem.TOO_LONG
    if field.kind is FieldKind.EMAIL and not _EMAIL.fullmatch(value):
        return Problem.NO_EMAIL
    if field.kind is FieldKind.PHONE and phone_digits(value, country) is None:
        return Problem.NO_PHONE
    if field.kind is FieldKind.CHOICE and value not in {choice.value for choice in field.choices}:
        return Problem.NO_CHOICE
    return None


def _plain(field: FormField, typed: str, country: str) -> str:
    value = cleaned(typed)
    if field.kind is FieldKind.EMAIL:
        return value.lower()
    if field.kind is FieldKind.PHONE:
        digits = phone_digits(value, country)
        return f"+{digits}" if digits else value
    return value if field.kind is FieldKind.LONG else " ".join(value.split())
