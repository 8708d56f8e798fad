"""WhatsApp as a channel: signed webhooks in, one Graph request per message out."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.channels.content import Batch, Outgoing, Sent
from ramah.channels.errors import SignatureError
from ramah.channels.port import Abilities, AccountAccess
from ramah.channels.whatsapp import render
from ramah.channels.whatsapp.client import CONNECT_TIMEOUT, READ_TIMEOUT, GraphClient
from ramah.channels.whatsapp.parse import parse_webhook
from ramah.lib.signatures import is_signed, same_text

SIGNATURE_HEADER = "x-hub-signature-256"
SIGNATURE_PREFIX = "sha256="


class WhatsAppChannel:
    """The Cloud API. Secrets of an account: ``access_token``, ``app_secret``, ``verify_token``."""

    kind = "whatsapp"
    abilities = Abilities(
        buttons=render.MOST_BUTTONS,
        list_rows=render.MOST_ROWS,
        text_limit=render.TEXT_LIMIT,
        proves_delivery=True,
        window_hours=24,
    )

    def __init__(
        self,
        base_url: str,
        version: str,
        *,
        connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._client = GraphClient(base_url, version, connect_timeout=connect_timeout, read_timeout=read_timeout)

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Raise SignatureError unless Meta signed exactly these bytes with the app's secret."""
        header = headers.get(SIGNATURE_HEADER)
        if header is None:
            raise SignatureError(f"the header {SIGNATURE_HEADER} is missing")
        given = header.removeprefix(SIGNATURE_PREFIX)
        if given == header or not is_signed(account.secrets.get("app_secret", ""), body, given):
            raise SignatureError("the signature does not belong to this body")

    def verification_challenge(self, params: Mapping[str, str], account: AccountAccess) -> str | None:
        """What to answer (as plain text) when Meta proves the webhook address; None means 403."""
        expected = account.secrets.get("verify_token", "")
        proven = bool(expected) and same_text(expected, params.get("hub.verify_token", ""))
        if params.get("hub.mode") != "subscribe" or not proven:
            return None
        return params.get("hub.challenge")

    def parse(self, body: bytes) -> list[Batch]:
        """Read a webhook body. Raises PayloadError when it is no envelope of the Cloud API."""
        return parse_webhook(body)

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """Parts that each are one request. No part needs words of ours, so every ``language`` is served alike."""
        return render.split_message(message)

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one part. Raises ChannelError, or ValueError for a message that is not one request."""
        return Sent(provider_id=self._client.send(account, render.render(message, recipient, reference)))

    def mark_read(self, account: AccountAccess, message_id: str, *, typing: bool = False) -> None:
        """Turn the person's ticks blue, on this message and earlier ones; ``typing`` also shows that an answer is
        coming, until it comes or 25 seconds pass. Raises ChannelError."""
        self._client.mark_read(account, message_id, typing=typing)

    def close(self) -> None:
        """Close the connections to Graph."""
        self._client.close()
