"""HTTP to the gateways: one client for all accounts, explicit time-outs, errors mapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from ramah.channels.device import errors
from ramah.channels.device.access import NOT_SET_UP, Device
from ramah.channels.device.bodies import BodyTooLarge, read_body
from ramah.channels.errors import ChannelError, SendOutcome

CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 15.0
MOST_ANSWER_BYTES = 1 << 20
_Answer = TypeVar("_Answer", bound=BaseModel)


class GatewayClient:
    """Calls of any gateway. Safe to share between threads; connections are kept open. Time-outs are seconds."""

    def __init__(self, *, connect_timeout: float = CONNECT_TIMEOUT, read_timeout: float = READ_TIMEOUT) -> None:
        self._read_timeout = read_timeout
        # Redirects stay unfollowed: a key must not travel to a host that nobody named.
        self.http = httpx.Client(
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout), headers={"User-Agent": "ramah"}
        )

    def call(
        self,
        device: Device,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        sends: bool = False,
        repeatable: bool = False,
        most_bytes: int = MOST_ANSWER_BYTES,
        **content: Any,
    ) -> httpx.Response:
        """One call and its whole, successful answer. Raises ChannelError.

        ``sends``: it may send a person something, so that no answer leaves it open whether it did, unless it is
        ``repeatable``: then the gateway itself recognises the second try.
        """
        try:
            with self.http.stream(method, address(device, path), headers=_fit(headers), **content) as streamed:
                body = read_body(streamed, most_bytes, 2 * self._read_timeout)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise errors.error_of_request(error, sends=sends, repeatable=repeatable) from error
        except BodyTooLarge as error:
            too_large = httpx.DecodingError("the answer is too large")
            raise errors.error_of_request(too_large, sends=sends, repeatable=repeatable) from error
        answer = httpx.Response(streamed.status_code, headers=_kept(streamed.headers), content=body)
        if not answer.is_success:
            raise errors.error_of_answer(answer, device.secrets, sends=sends, repeatable=repeatable)
        return answer

    def close(self) -> None:
        """Close all connections."""
        self.http.close()


def address(device: Device, path: str) -> str:
    """The whole address of a call. Raises ChannelError when the account has no gateway."""
    if not device.base_url:
        raise ChannelError("this account names no gateway", SendOutcome.CONFIGURATION, code=NOT_SET_UP)
    return f"{device.base_url}{path}"


def segment(identifier: str) -> str:
    """An identifier as one part of a path."""
    return quote(identifier, safe="")


def read(model: type[_Answer], answer: httpx.Response, *, sends: bool = False, repeatable: bool = False) -> _Answer:
    """The answer as a model. Raises ChannelError when it does not say what was asked."""
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        raise errors.error_of_unreadable_success(answer, sends=sends, repeatable=repeatable) from error


def _kept(headers: httpx.Headers) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in ("retry-after", "content-type")}


def _fit(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers that can travel. Raises ChannelError for a key that fits into none."""
    if not all(value.isascii() and value.isprintable() for value in headers.values()):
        raise ChannelError(
            "the gateway's key has signs that no key has", SendOutcome.CONFIGURATION, code="unauthorized"
        )
    return dict(headers)
