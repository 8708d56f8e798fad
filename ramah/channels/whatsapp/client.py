"""HTTP to the Graph API: one client for all accounts, explicit timeouts, errors mapped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, ValidationError

from ramah.channels.content import Attachment
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp import attachments, errors
from ramah.channels.whatsapp.answers import Accepted, MediaDetails, NumberDetails, Uploaded
from ramah.channels.whatsapp.bodies import BodyTooLarge, read_body

CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 15.0
_MOST_ANSWER_BYTES = 1 << 20
_Answer = TypeVar("_Answer", bound=BaseModel)


class GraphClient:
    """Calls of one Graph host. Safe to share between threads; connections are kept open.

    ``base_url`` may be overridden per account; ``version`` is Meta's, such as ``v23.0``. Timeouts are seconds.
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
        self._version = version
        self._read_timeout = read_timeout
        self.http = httpx.Client(
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout), headers={"User-Agent": "ramah"}
        )

    def send(self, account: AccountAccess, body: Mapping[str, object]) -> str:
        """Post one message; returns its ``wamid``. Raises ChannelError."""
        path = f"{_segment(account.external_id)}/messages"
        return _read(Accepted, self._call(account, "POST", path, json=body)).messages[0].id

    def mark_read(self, account: AccountAccess, message_id: str, *, typing: bool) -> None:
        """Show the person that their message was read, and that an answer is coming. Raises ChannelError."""
        body: dict[str, object] = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        self._call(account, "POST", f"{_segment(account.external_id)}/messages", json=body)

    def upload(self, account: AccountAccess, attachment: Attachment) -> str:
        """Give Meta a file to send; returns its media id, good for 30 days. Raises ChannelError."""
        content, mime_type = attachments.checked(attachment)
        name = attachment.filename or attachment.kind.value
        path = f"{_segment(account.external_id)}/media"
        fields = {"messaging_product": "whatsapp", "type": mime_type}
        with errors.nothing_sent():
            answer = self._call(account, "POST", path, data=fields, files={"file": (name, content, mime_type)})
            return _read(Uploaded, answer).id

    def number(self, account: AccountAccess) -> NumberDetails:
        """What Graph says about the account's own number. Raises ChannelError."""
        fields = {"fields": "display_phone_number,verified_name,quality_rating"}
        with errors.nothing_sent():
            return _read(NumberDetails, self._call(account, "GET", _segment(account.external_id), params=fields))

    def media(self, account: AccountAccess, media_id: str) -> MediaDetails:
        """Where a file lies for the next five minutes, and what it is. Raises ChannelError; code ``gone`` when Meta
        has it no more."""
        number = {"phone_number_id": account.external_id}
        with errors.nothing_sent():
            return _read(MediaDetails, self._call(account, "GET", _segment(media_id), params=number, may_miss=True))

    def base_of(self, account: AccountAccess) -> str:
        """The host that the account's calls go to."""
        return (account.base_url or self._base_url).rstrip("/")

    def close(self) -> None:
        """Close all connections."""
        self.http.close()

    def _call(
        self, account: AccountAccess, method: str, path: str, *, may_miss: bool = False, **content: Any
    ) -> httpx.Response:
        address = f"{self.base_of(account)}/{self._version}/{path}"
        answer = self._exchange(method, address, bearer(account), content)
        if answer.is_success:
            return answer
        if may_miss and (answer.status_code == httpx.codes.NOT_FOUND or errors.names_missing_object(answer)):
            raise ChannelError("WhatsApp has this file no more", SendOutcome.GIVE_UP, code=errors.GONE)
        raise errors.error_of_response(answer, account.secrets.values())

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


def bearer(account: AccountAccess) -> dict[str, str]:
    """The header that proves the account. Raises ChannelError when it has no token that fits into one."""
    token = account.secrets.get("access_token", "").strip()
    if not token or not (token.isascii() and token.isprintable()):
        raise ChannelError("this WhatsApp account has no usable access_token", SendOutcome.CONFIGURATION, code="190")
    return {"Authorization": f"Bearer {token}"}


def _segment(identifier: str) -> str:
    return quote(identifier, safe="")


def _read(model: type[_Answer], answer: httpx.Response) -> _Answer:
    try:
        return model.model_validate_json(answer.content)
    except ValidationError as error:
        raise errors.error_of_unreadable_success(answer) from error
