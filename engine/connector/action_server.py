"""The call to the action server, with explicit timeouts and with failures that are not lost."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from engine.connector.failures import FailureKind
from engine.connector.watch import current_watch, record_failure

logger = logging.getLogger(__name__)

DEFAULT_TIMEOUT_SECONDS = 15.0
CONNECT_TIMEOUT_SECONDS = 3.0
REJECTED = 400
SENT_PARTS = ("slots", "forms")


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
        kwargs.update(json=_shortened(body), timeout=self._timeout, headers=_trace_header())
        try:
            answer = await super().request(method, subpath, content_type, compress, **kwargs)
        except ClientResponseError as error:
            raise _refused(action, error) from None
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise _unreachable(action, error) from None
        return _checked(action, answer)


def _trace_header() -> dict[str, str]:
    traceparent = current_watch().traceparent
    return {"traceparent": traceparent} if traceparent else {}


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
        detail = f"the action server answered {error.status}"
        record_failure(FailureKind.ACTION_FAILED, action, detail, permanent=error.status == 404)
    return ClientResponseError(error.status, error.message, "")


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


def _checked(action: str, answer: Any) -> dict[str, Any]:
    """Rasa reads `events` and `responses` of the answer, and takes anything else for an empty one."""
    if isinstance(answer, dict) and isinstance(answer.get("events"), list):
        return answer
    record_failure(FailureKind.ACTION_FAILED, action, "the action server's answer has no events", permanent=True)
    raise aiohttp.ClientPayloadError("the answer has no events")
