"""Answers of Graph that are no success."""

from __future__ import annotations

import secrets


class RefusalError(Exception):
    """Graph says no. ``details`` is what it says about this very request."""

    def __init__(self, status: int, code: int, message: str, details: str = "", subcode: int | None = None) -> None:
        super().__init__(f"(#{code}) {message}")
        self.status = status
        self.code = code
        self.details = details
        self.subcode = subcode

    def body(self) -> dict[str, object]:
        """The error object, as Graph writes it."""
        error: dict[str, object] = {
            "message": str(self),
            "type": "OAuthException",
            "code": self.code,
            "fbtrace_id": secrets.token_urlsafe(8),
        }
        if self.details:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        return {"error": error}


class NoAnswerError(Exception):
    """The request was taken, yet its answer gets lost: after a silence, or at once."""

    def __init__(self, *, silent: bool) -> None:
        super().__init__("silent" if silent else "cut")
        self.silent = silent
