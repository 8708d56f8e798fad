"""The web chat as a channel: unlimited choices, no provider, no signature (sessions carry a token)."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.channels.content import Batch, Outgoing, Sent
from ramah.channels.errors import (
    ChannelError,
    PayloadError,
    SendOutcome,
    SignatureError,
)
from ramah.channels.port import Abilities, AccountAccess, ChannelDefaults

TEXT_LIMIT = 20_000


class WebChatChannel(ChannelDefaults):
    """Messages are rows that the browser fetches; see ``Abilities.fetched_by_reader``."""

    kind = "webchat"
    abilities = Abilities(
        buttons=30, list_rows=100, text_limit=TEXT_LIMIT, proves_delivery=True, fetched_by_reader=True
    )

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Always refuses: the web chat has no webhook."""
        raise SignatureError("the web chat has no webhook")

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Always refuses: the web chat has no webhook."""
        raise PayloadError("the web chat has no webhook")

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """One message stays one bubble."""
        return [message]

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Always refuses: the browser fetches its messages."""
        raise ChannelError("the web chat sends nothing", SendOutcome.GIVE_UP)
