"""WhatsApp as a channel: signed webhooks in, one Graph request per message out."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.channels.content import Batch, FetchedMedia, LinkState, Outgoing, RemoteMedia, Sent
from ramah.channels.meta import answer_challenge, verify_signature
from ramah.channels.port import Abilities, AccountAccess, Activity, ChannelDefaults, Pace
from ramah.channels.whatsapp import download, interactive, link
from ramah.channels.whatsapp.client import CONNECT_TIMEOUT, READ_TIMEOUT, GraphClient
from ramah.channels.whatsapp.parse import parse_webhook
from ramah.channels.whatsapp.render import needed_uploads, one_part, render
from ramah.channels.whatsapp.split import TEXT_LIMIT, split_message


class WhatsAppChannel(ChannelDefaults):
    """The Cloud API. Secrets of an account: ``access_token``, ``app_secret``, ``verify_token``."""

    kind = "whatsapp"
    abilities = Abilities(
        buttons=interactive.MOST_BUTTONS,
        list_rows=interactive.MOST_ROWS,
        text_limit=TEXT_LIMIT,
        answers_bubbles=True,
        proves_delivery=True,
        window_hours=24,
        uses_templates=True,
        webhook=True,
        # Meta, "Throughput" and "Pair rate limits": 80 a second, what people write included; to one person 1 in 6
        # seconds after a burst of 45. No second holds more than 20 + 60 requests, however the network bunches them.
        account_pace=Pace(1 / 60, 20),
        recipient_pace=Pace(6.0, 30),
        check_every=300.0,
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
        verify_signature(account.secrets.get("app_secret", ""), headers, body)

    def challenge(self, account: AccountAccess, params: Mapping[str, str]) -> str | None:
        """What to answer (as plain text) when Meta proves the webhook address; None means 403."""
        return answer_challenge(account.secrets.get("verify_token", ""), params)

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Read a webhook body. Raises PayloadError when it is no envelope of the Cloud API."""
        return parse_webhook(body)

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """Parts that each are one request. No part needs words of ours, so every ``language`` is served alike."""
        return split_message(message)

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one part, after its files. Raises ChannelError, or ValueError for a message that is not one request.

        A file that breaks WhatsApp's limits is refused before anything travels (GIVE_UP; code ``too_large``,
        ``unsupported_type`` or ``file_missing``).
        """
        part = one_part(message)
        files = {file.media_id: self._client.upload(account, file) for file in needed_uploads(part)}
        return Sent(provider_id=self._client.send(account, render(part, recipient, reference, files)))

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """Fetch a file by its media id. Raises ChannelError; code ``too_large``, ``gone`` or ``untrusted_address``
        when it will never come."""
        return download.fetch(self._client, account, media, most_bytes)

    def check(self, account: AccountAccess) -> LinkState:
        """Ask Graph for the number itself. Raises ChannelError when it does not answer."""
        return link.check(self._client, account)

    def show_activity(self, account: AccountAccess, about: Activity) -> None:
        """Blue ticks and "typing" on the message. Raises ChannelError."""
        self.mark_read(account, about.external_id, typing=True)

    def mark_read(self, account: AccountAccess, message_id: str, *, typing: bool = False) -> None:
        """Turn the person's ticks blue, on this message and earlier ones; ``typing`` also shows that an answer is
        coming, until it comes or 25 seconds pass. Raises ChannelError."""
        self._client.mark_read(account, message_id, typing=typing)

    def close(self) -> None:
        """Close the connections to Graph."""
        self._client.close()
