"""HTTP to the Graph API: one client for all pages, explicit time-outs, errors mapped."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger import errors
from ramah.channels.messenger.answers import Accepted, PageIdentity
from ramah.channels.messenger.files import Upload
from ramah.channels.meta import BodyTooLarge, read_body
from ramah.channels.port import AccountAccess
from ramah.lib.signatures import hmac_sha256_hex

CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 15.0
_MOST_ANSWER_BYTES = 1 << 20
Answer = TypeVar("Answer", bound=BaseModel)


class GraphClient:
    """Calls of one Graph host. Safe to share between threads; connections are kept open.

    ``base_url`` may be overridden per account; ``version`` is Meta's, such as ``v23.0``. Time-outs are seconds.
    """

    def __init__(
        self,
        base_url: str,
        version: str,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._base_url = base_url
        self.version = version
        self._read_timeout = read_timeout
        self.http = httpx.Client(
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout), headers={"User-Agent": "ramah"}
        )

    def send(self, account: AccountAccess, body: Mapping[str, object], upload: Upload | None = None) -> str:
        """Send one message, with its file if it has one; returns its ``mid``. Raises ChannelError."""
        content: dict[str, Any] = {"json": body}
        if upload is not None:
            fields = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
            file = (upload.name, upload.content, upload.mime_type)
            content = {"data": fields, "files": {"filedata": file}}
        answer = self._of_page(account, "POST", f"{segment(account.external_id)}/messages", **content)
        return read_answer(Accepted, answer).message_id

    def act(self, account: AccountAccess, recipient: str, action: str) -> None:
        """Show the person ``mark_seen``, ``typing_on`` or ``typing_off``. Raises ChannelError."""
        body = {"recipient": {"id": recipient}, "sender_action": action}
        self._of_page(account, "POST", f"{segment(account.external_id)}/messages", json=body)

    def identity(self, account: AccountAccess) -> PageIdentity:
        """Whose token the account has. Raises ChannelError."""
        with errors.nothing_sent():
            return read_answer(PageIdentity, self._of_page(account, "GET", "me", params={"fields": "id,name"}))

    def base_of(self, account: AccountAccess) -> str:
        """The host that the account's calls go to."""
        return (account.base_url or self._base_url).rstrip("/")

    def call(
        self,
        method: str,
        path: str,
        *,
        base_url: str | None = None,
        token: str | None = None,
        secrets: Iterable[str] = (),
        **content: Any,
    ) -> httpx.Response:
        """One call with a token in its header; no error tells one of ``secrets``. Raises ChannelError."""
        address = f"{(base_url or self._base_url).rstrip('/')}/{self.version}/{path}"
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = self._exchange(method, address, headers, content)
        if not answer.is_success:
            raise errors.error_of_response(answer, (*secrets, token or ""))
        return answer

    def close(self) -> None:
        """Close all connections."""
        self.http.close()

    def _of_page(self, account: AccountAccess, method: str, path: str, **content: Any) -> httpx.Response:
        token = page_token(account)
        params = {**content.pop("params", {}), **proof_of(token, account.secrets.get("app_secret", ""))}
        return self.call(
            method,
            path,
            base_url=self.base_of(account),
            token=token,
            secrets=account.secrets.values(),
            params=params,
            **content,
        )

    def _exchange(
        self, method: str, address: str, headers: Mapping[str, str], content: Mapping[str, Any]
    ) -> httpx.Response:
        """One request and its whole answer. Raises ChannelError when no whole answer came."""
        try:
            with self.http.stream(method, address, headers=headers, **content) as streamed:
                body = read_body(streamed, _MOST_ANSWER_BYTES, 2 * self._read_timeout)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise errors.error_of_request(error) from error
        except BodyTooLarge as error:
            raise errors.error_of_request(httpx.DecodingError("the answer is too large")) from error
        kept = {name: value for name, value in streamed.headers.items() if name == "retry-after"}
        return httpx.Response(streamed.status_code, headers=kept, content=body)


def page_token(account: AccountAccess) -> str:
    """The page's token. Raises ChannelError when the account has none that fits into a header."""
    token = account.secrets.get("page_token", "").strip()
    if not token or not (token.isascii() and token.isprintable()):
        raise ChannelError("this page has no usable page_token", SendOutcome.CONFIGURATION, code="190")
    return token


def proof_of(token: str, app_secret: str) -> dict[str, str]:
    """``appsecret_proof``, which Meta demands where the app is set so. Source: Meta, "Securing Graph API calls"."""
    return {"appsecret_proof": hmac_sha256_hex(app_secret, token.encode())} if app_secret else {}


def segment(identifier: str) -> str:
    """An id as one part of a path."""
    return quote(identifier, safe="")


def read_answer(model: type[Answer], answer: httpx.Response) -> Answer:
    """A success as its model. Raises ChannelError (UNCERTAIN) when it is something else."""
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        # The validation error holds the whole answer, and with it a token; it must not follow the new one into a log.
        raise errors.error_of_unreadable_success(answer) from _without_input(error)


def _without_input(error: ValidationError) -> ValueError:
    return ValueError("; ".join(f"{item['loc']}: {item['type']}" for item in error.errors(include_input=False)))
