"""HTTP to the Graph API: one client for all accounts, explicit timeouts, errors mapped."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

import httpx
from pydantic import ValidationError

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.whatsapp import errors
from ramah.channels.whatsapp.payloads import Accepted

CONNECT_TIMEOUT = 3.0
READ_TIMEOUT = 15.0


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
        self._http = httpx.Client(
            timeout=httpx.Timeout(read_timeout, connect=connect_timeout), headers={"User-Agent": "ramah"}
        )

    def send(self, account: AccountAccess, body: Mapping[str, object]) -> str:
        """Post one message; returns its ``wamid``. Raises ChannelError."""
        response = self._post(account, body)
        try:
            return Accepted.model_validate_json(response.content).messages[0].id
        except ValidationError as error:
            raise errors.error_of_unreadable_success(response) from error

    def mark_read(self, account: AccountAccess, message_id: str, *, typing: bool) -> None:
        """Show the person that their message was read, and that an answer is coming. Raises ChannelError."""
        body: dict[str, object] = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
        if typing:
            body["typing_indicator"] = {"type": "text"}
        self._post(account, body)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _post(self, account: AccountAccess, body: Mapping[str, object]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {_token(account)}"}
        try:
            response = self._http.post(self._address(account), json=body, headers=headers)
        except (httpx.RequestError, httpx.InvalidURL) as error:
            raise errors.error_of_request(error) from error
        if not response.is_success:
            raise errors.error_of_response(response)
        return response

    def _address(self, account: AccountAccess) -> str:
        base = (account.base_url or self._base_url).rstrip("/")
        return f"{base}/{self._version}/{quote(account.external_id, safe='')}/messages"


def _token(account: AccountAccess) -> str:
    token = account.secrets.get("access_token", "").strip()
    if not token or not (token.isascii() and token.isprintable()):
        raise ChannelError("this WhatsApp account has no usable access_token", SendOutcome.CONFIGURATION)
    return token
