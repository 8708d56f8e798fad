"""How a request of the fake ends when it does not end well."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """An answer with ``ok: false``."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class OddAnswer(Exception):
    """An answer that is not the Bot API's."""

    def __init__(self, status: int, content: bytes, *, drips: bool = False) -> None:
        super().__init__(f"odd answer {status}")
        self.status = status
        self.content = content
        self.drips = drips


class LostAnswer(Exception):
    """The connection ends without an answer; ``silent``: after a long while."""

    def __init__(self, *, silent: bool) -> None:
        super().__init__("lost answer")
        self.silent = silent


def bad_request(description: str) -> Refused:
    """400."""
    return Refused(400, f"Bad Request: {description}")
