"""What several kinds of messages share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator


class Strict(BaseModel):
    """Refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


def text(most: int) -> Any:
    """Words: not blank, at most so many characters."""
    return StringConstraints(min_length=1, max_length=most, pattern=r"\S")


Caption = Annotated[str, text(1024)]
PublicLink = Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2048)]


class File(Strict):
    """A file by the id of an upload or by a public link."""

    id: str | None = None
    link: PublicLink | None = None
    filename: Annotated[str, text(240)] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> File:
        if (self.id is None) == (self.link is None):
            raise ValueError("give one of id or link")
        return self


class CaptionedFile(File):
    """A file with words under it."""

    caption: Caption | None = None
