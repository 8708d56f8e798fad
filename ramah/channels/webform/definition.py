"""What a form asks: the account's options, checked."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from ramah.lib.errors import RamahError

LONGEST = {"text": 200, "email": 190, "phone": 40, "choice": 200, "long": 5000}
"""The most characters that a field of each kind takes."""
MOST_FIELDS = 30


class FormUnusable(RamahError):
    """The form of an account is not set up so that it could be shown; says what is wrong."""

    subsystem = "channel"


def _in_one_language(value: object) -> object:
    return {"en": value} if isinstance(value, str) else value


_LanguageCode = Annotated[str, Field(pattern=r"^(id|ms|en)$")]
Words = Annotated[dict[_LanguageCode, str], BeforeValidator(_in_one_language), Field(min_length=1)]
"""A wording per language; a bare text stands for all of them."""


class FieldKind(StrEnum):
    """What a field takes."""

    TEXT = "text"
    EMAIL = "email"
    PHONE = "phone"
    CHOICE = "choice"
    LONG = "long"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


def _with_label(value: object) -> object:
    return {"value": value, "label": value} if isinstance(value, str) else value


class FieldChoice(_Frozen):
    """One value that may be chosen; a bare text is its own label."""

    value: str = Field(min_length=1, max_length=200)
    label: Words


class FormField(_Frozen):
    """One field. ``name`` stands in the submission."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: Words
    kind: FieldKind = FieldKind.TEXT
    required: bool = False
    choices: tuple[Annotated[FieldChoice, BeforeValidator(_with_label)], ...] = ()

    @property
    def longest(self) -> int:
        """The most characters that it takes."""
        return LONGEST[self.kind]

    @model_validator(mode="after")
    def _choices_are_given(self) -> FormField:
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise ValueError(f"the field {self.name} must have choices exactly when its kind is choice")
        return self


class FormDefinition(_Frozen):
    """The whole form. ``answer_by`` says how the person is answered, over the account ``answer_account_id``; ``limit``
    how often one address may send it, such as ``5/minute`` or ``20/hour``."""

    title: Words
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=MOST_FIELDS)
    thanks: Words
    answer_by: Literal["email", "whatsapp", "none"] = "none"
    answer_account_id: str | None = None
    limit: str = Field("10/minute", pattern=r"^[1-9][0-9]{0,5}/(second|minute|hour|day)$")

    @model_validator(mode="after")
    def _can_be_answered(self) -> FormDefinition:
        names = [field.name for field in self.fields]
        if len(set(names)) != len(names):
            raise ValueError("two fields have the same name")
        wanted = self.address_kind
        if wanted is not None and not any(field.kind is wanted for field in self.fields):
            raise ValueError(f"answer_by {self.answer_by} needs a field of kind {wanted}")
        return self

    @property
    def address_kind(self) -> FieldKind | None:
        """The kind of field that holds the address to answer to."""
        return {"email": FieldKind.EMAIL, "whatsapp": FieldKind.PHONE}.get(self.answer_by)


def definition_of(options: Mapping[str, object]) -> FormDefinition:
    """The form behind an account's options. Raises FormUnusable."""
    try:
        return FormDefinition.model_validate(dict(options))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "options"
        raise FormUnusable(f"the form is not set up: {place}: {first['msg']}") from error


def worded(words: Mapping[str, str], language: str, otherwise: str = "en") -> str:
    """The wording in a language, else in another that there is."""
    return words.get(language) or words.get(otherwise) or next(iter(words.values()))
