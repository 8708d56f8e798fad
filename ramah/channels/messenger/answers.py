"""Answers of the Graph API for pages, as models."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from ramah.channels.meta import OptionalText, OptionalTruth, Tolerant, object_or_none, objects

Identifier = Annotated[str, Field(min_length=1)]


class ErrorItem(Tolerant):
    """``error`` of a refusal. ``code`` decides; ``error_subcode`` says more."""

    code: OptionalText = None
    error_subcode: OptionalText = None
    is_transient: OptionalTruth = None
    message: OptionalText = None
    error_user_msg: OptionalText = None

    @property
    def sentence(self) -> str:
        """The most exact wording that Meta gave."""
        return self.message or self.error_user_msg or f"error {self.code or 'without a code'}"


class Refusal(Tolerant):
    """The answer of the API when it refuses."""

    error: ErrorItem


class Accepted(Tolerant):
    """The answer to a send: accepted, not yet delivered."""

    message_id: Identifier


class PageIdentity(Tolerant):
    """Whose token this is: the page's, or the person's when it is no page token."""

    id: Identifier
    name: OptionalText = None


class Token(Tolerant):
    """A user's token, for a code or for another token."""

    access_token: Annotated[str, Field(min_length=1, repr=False)]


class Picture(Tolerant):
    """``picture.data``."""

    url: OptionalText = None


class PictureHolder(Tolerant):
    """``picture``."""

    data: Annotated[Picture | None, BeforeValidator(object_or_none)] = None


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


class ManagedPage(Tolerant):
    """One of ``data[]`` of ``/me/accounts``. ``tasks`` are what the person may do there."""

    id: OptionalText = None
    name: OptionalText = None
    access_token: Annotated[OptionalText, Field(repr=False)] = None
    tasks: Annotated[list[str], BeforeValidator(_texts)] = Field(default_factory=list)
    picture: Annotated[PictureHolder | None, BeforeValidator(object_or_none)] = None


class Cursors(Tolerant):
    """``paging.cursors``."""

    after: OptionalText = None


class Paging(Tolerant):
    """Where the next part of a list begins. The address in ``next`` holds the token and is not followed."""

    cursors: Annotated[Cursors | None, BeforeValidator(object_or_none)] = None
    next: Annotated[OptionalText, Field(repr=False)] = None


class ManagedPages(Tolerant):
    """The answer of ``/me/accounts``."""

    data: Annotated[list[ManagedPage], BeforeValidator(objects)]
    paging: Annotated[Paging | None, BeforeValidator(object_or_none)] = None

    @property
    def next_cursor(self) -> str | None:
        """What asks for the next part; None at the end."""
        if self.paging is None or self.paging.next is None or self.paging.cursors is None:
            return None
        return self.paging.cursors.after
