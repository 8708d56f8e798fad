"""The engine behind HTTP: one call for a turn, one for something the bot says by itself."""

from __future__ import annotations

from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ramah.lib.errors import RamahError
from ramah.lib.guard import GUARDS, OutOfService, Protection
from ramah.lib.spans import current_recorder, span
from ramah.lib.trace_context import HEADER
from ramah.settings import Settings

AnswerType = TypeVar("AnswerType", bound=BaseModel)


class EngineError(RamahError):
    """The engine did not answer or says that the turn failed. ``kind`` is the engine's word for it; subsystem and place
    are those that it names, for a fault in the engine or in an action."""

    subsystem = "engine"

    def __init__(
        self,
        message: str,
        kind: str,
        *,
        operation: str = "turn",
        permanent: bool = False,
        subsystem: str = "engine",
        place: str = "",
    ) -> None:
        super().__init__(message, permanent=permanent, code=kind)
        self.kind = kind
        self.operation = operation
        self.subsystem = subsystem
        self.place = place

    @property
    def is_down(self) -> bool:
        """Whether no turn can run now; waiting costs nothing and loses nothing."""
        return self.kind in ("unreachable", "not_ready", "tracker_store", "action_unreachable")

    @property
    def is_elsewhere(self) -> bool:
        """Whether the turn needs another system that does not answer now, while turns without it can run."""
        return self.kind == "system_away"


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class EngineButton(_Body):
    """A button as the dialogue made it."""

    title: str
    payload: str
    description: str | None = None


class EngineReply(_Body):
    """One thing that the bot says, or a control message (``custom``) for the platform."""

    text: str | None = None
    buttons: list[EngineButton] = Field(default_factory=list)
    image: str | None = None
    custom: dict[str, Any] | None = None


class EngineTrouble(_Body):
    """Something that went wrong without keeping the customer from an answer."""

    kind: str
    operation: str
    detail: str
    subsystem: str = "engine"
    place: str = ""


class Decision(_Body):
    """What the dialogue decided to do next, and the rule that said so where one did."""

    action: str
    policy: str | None = None
    confidence: float | None = None
    rule: str | None = None
    file: str | None = None


class FilledResponse(_Body):
    """A response that was said: its name, the wording that was chosen, and what filled it."""

    response: str
    template: str | None = None
    variables: dict[str, str] = Field(default_factory=dict)


class SlotChange(_Body):
    """What the dialogue remembered before and after the turn."""

    before: Any = None
    after: Any = None


class Explained(_Body):
    """Why the engine answered so, beyond what was understood and done."""

    normalised: str | None = None
    decisions: list[Decision] = Field(default_factory=list)
    responses: list[FilledResponse] = Field(default_factory=list)
    slots: dict[str, SlotChange] = Field(default_factory=dict)


class EngineTurn(_Body):
    """What came of a turn: replies, what was understood, what was done, and what went wrong all the same."""

    replies: list[EngineReply]
    understood: dict[str, Any] | None = None
    did: list[dict[str, Any]] = Field(default_factory=list)
    language: str | None = None
    list_label: str | None = None
    slots: dict[str, Any] = Field(default_factory=dict)
    model: str | None = None
    repeated: bool = False
    troubles: list[EngineTrouble] = Field(default_factory=list)
    explained: Explained | None = None


class WithheldCall(_Body):
    """What another system would have been asked in a replay, and what of."""

    system: str
    operation: str
    about: str = ""


class WrittenRows(_Body):
    """How many rows of a table a replay would have written; ``verb`` is insert, update or delete."""

    verb: str
    table: str
    rows: int


class Replayed(EngineTurn):
    """What a handled message leads to today. ``spans`` are as the engine and the actions noted them."""

    withheld: list[WithheldCall] = Field(default_factory=list)
    written: list[WrittenRows] = Field(default_factory=list)
    spans: list[dict[str, Any]] = Field(default_factory=list)


class FailedTurn(BaseModel):
    """What was said in a turn that failed, of which the engine keeps nothing. ``moment``: when, in seconds (Unix)."""

    text: str
    payload: str | None
    channel: str
    moment: float


class ReplayRequest(BaseModel):
    """A message that was handled, to be run once more without any effect."""

    conversation_id: str
    message_id: str
    failed: FailedTurn | None = None


class TurnRequest(BaseModel):
    """One inbound message for the engine. ``payload`` is what a tapped button carried."""

    conversation_id: str
    message_id: str
    text: str
    payload: str | None
    leaves_form: bool = False
    channel: str
    language_hint: str | None
    metadata: dict[str, str]


class SayRequest(BaseModel):
    """Something the bot shall say by itself, by response name."""

    conversation_id: str
    message_id: str
    response: str
    variables: dict[str, str]
    language: str | None
    channel: str


class EngineClient:
    """A blocking client; safe to share between threads."""

    def __init__(self, config: Settings) -> None:
        self._http = httpx.Client(
            base_url=config.engine_url,
            timeout=httpx.Timeout(config.engine_timeout, connect=2.0),
            headers={"Authorization": f"Bearer {config.engine_token.get_secret_value()}"},
            limits=httpx.Limits(max_connections=config.turn_places, max_keepalive_connections=config.turn_workers),
        )

        self._name = config.engine_url
        # As many as there are turns: each of them has a thread of its own that waits for nothing else.
        self._protection = Protection(
            at_once=config.turn_places,
            place_wait=config.engine_timeout,
            threshold=config.engine_breaker_failures,
            rest=config.engine_breaker_rest,
        )

    def turn(self, request: TurnRequest) -> EngineTurn:
        """Run one turn. Raises EngineError."""
        return self._post("/webhooks/ramah/turn", request)

    def say(self, request: SayRequest) -> EngineTurn:
        """Let the bot say a response by itself. Raises EngineError."""
        return self._post("/webhooks/ramah/say", request)

    def replay(self, conversation_id: str, message_id: str, failed: FailedTurn | None = None) -> Replayed:
        """Run a handled message once more, its actions in a sandbox; nothing is kept. ``failed``: what was said, where
        its turn failed. Raises EngineError."""
        request = ReplayRequest(conversation_id=conversation_id, message_id=message_id, failed=failed)
        return _read(self._send("/webhooks/ramah/replay", request), Replayed)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _post(self, path: str, request: BaseModel) -> EngineTurn:
        with span(f"engine {path.rpartition('/')[2]}"):
            return _read(self._send(path, request), EngineTurn)

    def _send(self, path: str, request: BaseModel) -> httpx.Response:
        try:
            with GUARDS.guard("engine", self._name, self._protection, _is_outage):
                return self._asked(path, request)
        except OutOfService as refused:
            raise EngineError(f"the engine is left alone for a moment: {refused}", "unreachable") from None

    def _asked(self, path: str, request: BaseModel) -> httpx.Response:
        try:
            return self._http.post(path, json=request.model_dump(), headers=_trace_header())
        except httpx.TimeoutException as error:
            kind = "unreachable" if isinstance(error, httpx.ConnectTimeout) else "timeout"
            raise EngineError(f"the engine did not answer in time ({path})", kind) from error
        except httpx.TransportError as error:
            raise EngineError(f"the engine cannot be reached ({error})", "unreachable") from error


def _is_outage(error: Exception) -> bool:
    """A turn that takes long or fails says nothing about the next one."""
    return isinstance(error, EngineError) and error.kind == "unreachable"


def _trace_header() -> dict[str, str]:
    recorder = current_recorder()
    header = recorder.traceparent() if recorder else None
    return {HEADER: header} if header else {}


def _read(response: httpx.Response, kind: type[AnswerType]) -> AnswerType:
    try:
        body = response.json()
        recorder = current_recorder()
        if recorder is not None:
            recorder.take_in(body.get("spans"))
        if response.status_code == httpx.codes.OK:
            return kind.model_validate(body)
        failure = body["failure"]
        raise EngineError(
            str(failure["detail"]),
            str(failure["kind"]),
            operation=str(failure["operation"]),
            permanent=bool(failure["permanent"]),
            subsystem=str(failure.get("subsystem") or "engine"),
            place=str(failure.get("place") or ""),
        )
    except (ValueError, KeyError, TypeError, ValidationError) as error:
        detail = f"the engine's answer ({response.status_code}) cannot be read: {type(error).__name__}"
        raise EngineError(detail, "garbled") from error
