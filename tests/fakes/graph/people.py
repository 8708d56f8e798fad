"""Messages that people (or the demo page on their behalf) write to the business."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,15}$")]


class PersonsFile(BaseModel):
    """A file that a person sends; ``content`` is base64 in JSON."""

    model_config = ConfigDict(extra="forbid", ser_json_bytes="base64", val_json_bytes="base64")

    kind: Literal["image", "video", "audio", "document", "sticker"] = "image"
    content: bytes = Field(repr=False)
    mime_type: str = "image/jpeg"
    filename: str | None = None
    caption: str | None = None

    def described(self, media_id: str) -> dict[str, Any]:
        """The type and the object of the type, once Meta holds the file as ``media_id``."""
        digest = base64.b64encode(hashlib.sha256(self.content).digest()).decode()
        shown = {"filename": self.filename, "caption": self.caption}
        described = {"id": media_id, "mime_type": self.mime_type, "sha256": digest}
        return {"type": self.kind, self.kind: described | {key: word for key, word in shown.items() if word}}


class BusinessWrites(BaseModel):
    """What a person of the business writes on the phone itself (a number that also lives in the Business app)."""

    model_config = ConfigDict(extra="forbid")

    to: Number
    text: str
    phone_number_id: str | None = None


class PersonWrites(BaseModel):
    """One message of a person: ``text``, or a tap (``payload`` and ``title``), or a ``file``, or a whole ``message``
    object.

    ``repeat`` delivers the same message that many times, as Meta does now and then; ``id`` is made up unless given.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sender: Number = Field(alias="from")
    id: str | None = None
    name: str = "Aina"
    text: str | None = None
    payload: str | None = None
    title: str = ""
    from_list: bool = False
    file: PersonsFile | None = None
    message: dict[str, Any] | None = None
    reply_to: str | None = None
    phone_number_id: str | None = None
    repeat: int = Field(default=1, ge=1, le=50)

    @model_validator(mode="after")
    def _one_content(self) -> PersonWrites:
        if sum(item is not None for item in (self.text, self.payload, self.file, self.message)) != 1:
            raise ValueError("give one of text, payload, file or message")
        return self

    def content(self, media_id: str = "") -> dict[str, Any]:
        """The type and the object of the type, as in ``messages[]``; ``media_id`` is what Meta holds the file as."""
        context = {"context": {"id": self.reply_to}} if self.reply_to else {}
        if self.file is not None:
            return {**context, **self.file.described(media_id)}
        if self.message is not None:
            return {**context, **self.message}
        if self.payload is not None:
            kind = "list_reply" if self.from_list else "button_reply"
            reply = {"id": self.payload, "title": self.title}
            return {**context, "type": "interactive", "interactive": {"type": kind, kind: reply}}
        return {**context, "type": "text", "text": {"body": self.text}}

    def shown(self) -> str:
        """What the person sees as their own message."""
        filed = (self.file.caption or f"[{self.file.kind}]") if self.file else ""
        return self.text or self.title or self.payload or filed or str((self.message or {}).get("type", ""))
