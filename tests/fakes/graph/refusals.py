"""Answers of Graph that are no success, or no answer at all."""

from __future__ import annotations

import secrets


class RefusalError(Exception):
    """Graph says no. ``details`` is what it says about this very request, ``retry_after`` seconds to wait."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        details: str = "",
        subcode: int | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"(#{code}) {message}")
        self.status = status
        self.code = code
        self.details = details
        self.subcode = subcode
        self.retry_after = retry_after

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


def no_such_object(identifier: str) -> RefusalError:
    """Graph knows no number, file or path of this name."""
    return RefusalError(400, 100, f"Unsupported request. Object with ID '{identifier}' does not exist", subcode=33)


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
