"""Messages that people (or the demo page on their behalf) write to the business."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Number = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,15}$")]


class PersonWrites(BaseModel):
    """One message of a person: ``text``, or a tap (``payload`` and ``title``), or a whole ``message`` object.

    ``repeat`` delivers the same message that many times, as Meta does now and then.
    """

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    sender: Number = Field(alias="from")
    name: str = "Aina"
    text: str | None = None
    payload: str | None = None
    title: str = ""
    from_list: bool = False
    message: dict[str, Any] | None = None
    reply_to: str | None = None
    phone_number_id: str | None = None
    repeat: int = Field(default=1, ge=1, le=50)

    @model_validator(mode="after")
    def _one_content(self) -> PersonWrites:
        if sum(item is not None for item in (self.text, self.payload, self.message)) != 1:
            raise ValueError("give one of text, payload or message")
        return self

    def content(self) -> dict[str, Any]:
        """The type and the object of the type, as in ``messages[]``."""
        context = {"context": {"id": self.reply_to}} if self.reply_to else {}
        if self.message is not None:
            return {**context, **self.message}
        if self.payload is not None:
            kind = "list_reply" if self.from_list else "button_reply"
            reply = {"id": self.payload, "title": self.title}
            return {**context, "type": "interactive", "interactive": {"type": kind, kind: reply}}
        return {**context, "type": "text", "text": {"body": self.text}}

    def shown(self) -> str:
        """What the person sees as their own message."""
        return self.text or self.title or self.payload or str((self.message or {}).get("type", ""))
