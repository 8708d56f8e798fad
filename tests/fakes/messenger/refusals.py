"""Answers of Graph that are no success, or no answer at all."""

from __future__ import annotations

import secrets


class RefusalError(Exception):
    """Graph says no; ``retry_after`` is seconds to wait."""

    def __init__(
        self, code: int, message: str, subcode: int | None = None, *, status: int = 400, retry_after: int | None = None
    ) -> None:
        super().__init__(f"(#{code}) {message}")
        self.code = code
        self.subcode = subcode
        self.status = status
        self.retry_after = retry_after

    def body(self) -> dict[str, object]:
        """The error object, as Graph writes it: whatever it is about, the type is nearly always the same."""
        error: dict[str, object] = {
            "message": str(self),
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": secrets.token_urlsafe(8),
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error}


class NoAnswerError(Exception):
    """The request was taken, yet its answer gets lost: after a silence, or at once."""

    def __init__(self, *, silent: bool) -> None:
        super().__init__("silent" if silent else "cut")
        self.silent = silent


class OddAnswerError(Exception):
    """The request was taken and is answered with 200, but oddly: other bytes, or one at a time."""

    def __init__(self, content: bytes, *, drips: bool = False) -> None:
        super().__init__("drip" if drips else "nonsense")
        self.content = content
        self.drips = drips
