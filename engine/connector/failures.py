"""Why a request could not be answered, in a form that the caller can act on."""

from __future__ import annotations

from enum import Enum
from typing import Any

from engine.connector.places import place_of
from engine.database import TrackerStoreError

ENGINE = "engine"


class FailureKind(str, Enum):
    """The kinds of failure that the connector reports."""

    BAD_REQUEST = "bad_request"
    UNAUTHORISED = "unauthorised"
    UNKNOWN_RESPONSE = "unknown_response"
    ACTION_FAILED = "action_failed"
    UNKNOWN_SLOT = "unknown_slot"
    LACKS_VARIABLES = "lacks_variables"
    ACTION_UNREACHABLE = "action_unreachable"
    SYSTEM_AWAY = "system_away"
    NO_REPLY = "no_reply"
    TRACKER_STORE = "tracker_store"
    NOT_READY = "not_ready"
    MODEL_REFUSED = "model_refused"
    INTERNAL = "internal"


HTTP_STATUS = {
    FailureKind.BAD_REQUEST: 400,
    FailureKind.UNAUTHORISED: 401,
    FailureKind.UNKNOWN_RESPONSE: 404,
    FailureKind.ACTION_FAILED: 502,
    FailureKind.UNKNOWN_SLOT: 502,
    FailureKind.LACKS_VARIABLES: 502,
    FailureKind.ACTION_UNREACHABLE: 502,
    FailureKind.SYSTEM_AWAY: 502,
    FailureKind.NO_REPLY: 502,
    FailureKind.TRACKER_STORE: 503,
    FailureKind.NOT_READY: 503,
    FailureKind.MODEL_REFUSED: 422,
    FailureKind.INTERNAL: 500,
}


class TurnFailure(Exception):
    """A request that was not carried out; nothing of it was stored.

    Args:
        kind: What went wrong.
        operation: The action, response or step that failed.
        detail: One sentence for the log; never holds customer data.
        permanent: Whether the same request would fail again.
        subsystem: The part that failed, where it is not the engine itself.
        place: `module:function:line` of our code, where the traceback does not tell it.
    """

    def __init__(
        self,
        kind: FailureKind,
        operation: str,
        detail: str,
        permanent: bool,
        *,
        subsystem: str = ENGINE,
        place: str = "",
    ) -> None:
        super().__init__(f"{kind.value} in {operation}: {detail}")
        self.kind = kind
        self.operation = operation
        self.detail = detail
        self.permanent = permanent
        self.subsystem = subsystem
        self.place = place
        self.spans: list[dict[str, Any]] = []

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return HTTP_STATUS[self.kind]

    def as_body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {
            "failure": {
                "kind": self.kind.value,
                "operation": self.operation,
                "detail": self.detail,
                "permanent": self.permanent,
                "subsystem": self.subsystem,
                "place": self.place or place_of(self),
            },
            "spans": self.spans,
        }


def unforeseen(operation: str, error: Exception) -> TurnFailure:
    """The failure of a request in which something raised that nobody foresaw; raise it from the error.

    Rasa wraps what its components raise: the innermost cause says what it was. Only its name is told, for its words
    may hold what a customer wrote.
    """
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return TurnFailure(FailureKind.INTERNAL, operation, type(cause).__name__, permanent=False, place=place_of(error))


def store_failure(error: TrackerStoreError) -> TurnFailure:
    """The failure of a request that the tracker store could not serve."""
    return TurnFailure(FailureKind.TRACKER_STORE, error.operation, str(error), permanent=False)
