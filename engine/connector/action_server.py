"""The call to the action server, with explicit timeouts and with failures that are not lost."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from dataclasses import dataclass
from typing import Any

import aiohttp
from rasa.shared.core.constants import DEFAULT_SLOT_NAMES
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from engine.connector.failures import FailureKind
from engine.connector.replaying import SUBPATH
from engine.connector.watch import ACTIONS, current_watch, record_failure, record_trouble

logger = logging.getLogger(__name__)

DEFAULT_TIMEOUT_SECONDS = 15.0
CONNECT_TIMEOUT_SECONDS = 3.0
REJECTED = 400
SENT_PARTS = ("slots", "forms")
_NAME = re.compile(r"^[\w.:<>-]{0,200}$")


class ActionServer(EndpointConfig):
    """The action endpoint of Rasa, which notes each failed call in the turn's watch.

    Rasa logs the error of a custom action and goes on as if the action had returned nothing.
    Bodies of errors are dropped: the SDK puts the whole conversation into them.
    """

    def __init__(self, endpoint: EndpointConfig) -> None:
        super().__init__(
            url=endpoint.url,
            params=endpoint.params,
            headers=endpoint.headers,
            basic_auth=endpoint.basic_auth,
            token=endpoint.token,
            token_name=endpoint.token_name,
            cafile=endpoint.cafile,
            **endpoint.kwargs,
        )
        total = float(self.kwargs.get("timeout_seconds", DEFAULT_TIMEOUT_SECONDS))
        self._timeout = aiohttp.ClientTimeout(total=total, connect=CONNECT_TIMEOUT_SECONDS)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run one custom action and return its events and responses.

        Raises:
            ClientResponseError: The server refused; with status 400 the action rejected to run.
            aiohttp.ClientError: The server could not be reached in time.
        """
        body = kwargs.get("json") or {}
        action = str(body.get("next_action", "action"))
        trial, spans, call = current_watch().trial, current_watch().spans, _shortened(body)
        if trial is not None:
            # Its own path, so that nothing can be lost on the way that would make a trial real.
            subpath, compress, kwargs["json"] = SUBPATH, False, trial.asking(call)
        else:
            kwargs["json"] = call
        with spans.span(f"call {action}"):
            kwargs.update(timeout=self._timeout, headers=spans.header)
            try:
                answer = await super().request(method, subpath, content_type, compress, **kwargs)
            except ClientResponseError as error:
                spans.take_in(_spans_in(error.text))
                raise _refused(action, error) from None
            except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
                raise _unreachable(action, error) from None
            answer = _checked(action, answer, call)
            spans.take_in(answer.pop("spans", None))
            if trial is not None:
                trial.take_in(answer)
            return answer


def _spans_in(body: str) -> Any:
    """What the action server noted before it failed; nothing where its answer is not ours."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found.get("spans") if isinstance(found, dict) else None


def _shortened(body: dict[str, Any]) -> dict[str, Any]:
    """The call with those parts of the domain that the SDK's form validation reads.

    The others, above all the wording of all responses, are most of a call, and no action looks at them.
    """
    domain = body.get("domain")
    if not isinstance(domain, dict):
        return body
    return {**body, "domain": {part: domain[part] for part in SENT_PARTS if part in domain}}


def _refused(action: str, error: ClientResponseError) -> ClientResponseError:
    if error.status == REJECTED:
        return _rejection(action, error)
    if error.status in (502, 503, 504):
        record_failure(FailureKind.ACTION_UNREACHABLE, action, f"the action server answered {error.status}", False)
    else:
        told = _told(error)
        detail = f"the action server answered {error.status}{f' ({told.kind})' if told.kind else ''}"
        record_failure(
            FailureKind.SYSTEM_AWAY if told.away else FailureKind.ACTION_FAILED,
            action,
            detail,
            permanent=error.status == 404,
            subsystem=told.subsystem,
            place=told.place,
        )
    return ClientResponseError(error.status, error.message, "")


@dataclass(frozen=True)
class _Told:
    """What our action server says of its failure: the part that failed, the kind of error, its place, and whether it is
    another system that does not answer now."""

    subsystem: str = ACTIONS
    kind: str = ""
    place: str = ""
    away: bool = False


def _told(error: ClientResponseError) -> _Told:
    """Only names are taken from the body, for it might hold what a customer wrote."""
    try:
        failure = json.loads(error.text)["failure"]
        found = _Told(failure["subsystem"], failure["kind"], failure["place"], failure.get("away") is True)
    except (ValueError, KeyError, TypeError):
        return _Told()
    names = (found.subsystem, found.kind, found.place)
    return found if all(isinstance(name, str) and _NAME.match(name) for name in names) else _Told()


def _rejection(action: str, error: ClientResponseError) -> ClientResponseError:
    """A rejection is an answer, not a failure, as long as it says which action rejected."""
    try:
        rejected = json.loads(error.text)["action_name"]
    except (ValueError, KeyError, TypeError):
        record_failure(FailureKind.ACTION_FAILED, action, "the action server answered 400", permanent=True)
        rejected = action
    return ClientResponseError(REJECTED, error.message, json.dumps({"action_name": rejected}))


def _unreachable(action: str, error: BaseException) -> aiohttp.ClientConnectionError:
    if isinstance(error, ValueError):
        record_failure(FailureKind.ACTION_FAILED, action, "the action server's answer is not JSON", permanent=True)
    else:
        detail = f"the action server did not answer ({type(error).__name__})"
        record_failure(FailureKind.ACTION_UNREACHABLE, action, detail, permanent=False)
    return aiohttp.ClientConnectionError(type(error).__name__)


def _checked(action: str, answer: Any, call: dict[str, Any]) -> dict[str, Any]:
    """Rasa reads `events` and `responses` of the answer, and takes anything else for an empty one."""
    if isinstance(answer, dict) and isinstance(answer.get("events"), list):
        _note_unknown_slots(action, answer["events"], call)
        return answer
    record_failure(FailureKind.ACTION_FAILED, action, "the action server's answer has no events", permanent=True)
    raise aiohttp.ClientPayloadError("the answer has no events")


def _note_unknown_slots(action: str, events: list[Any], call: dict[str, Any]) -> None:
    """Rasa logs a slot that the domain does not know and goes on without its value."""
    known = (call.get("domain") or {}).get("slots")
    if not isinstance(known, dict):
        return
    names = {str(event.get("name")) for event in events if isinstance(event, dict) and event.get("event") == "slot"}
    if unknown := sorted(names - set(known) - DEFAULT_SLOT_NAMES):
        detail = f"the domain has no slots {', '.join(unknown)}"
        record_trouble(FailureKind.UNKNOWN_SLOT, action, detail, subsystem=ACTIONS)
