"""Messenger as a channel: signed webhooks in, one Graph request per message out."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.channels import meta
from ramah.channels.content import Batch, FetchedMedia, LinkState, Outgoing, RemoteMedia, Sent
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger import download, link
from ramah.channels.messenger.client import CONNECT_TIMEOUT, READ_TIMEOUT, GraphClient
from ramah.channels.messenger.files import upload_of
from ramah.channels.messenger.parse import parse_webhook
from ramah.channels.messenger.render import one_part, render
from ramah.channels.messenger.split import MOST_QUICK_REPLIES, TEXT_LIMIT, split_message
from ramah.channels.port import Abilities, AccountAccess, Activity, ChannelDefaults, Pace

HUMAN_AGENT_OPTION = "human_agent_tag"
HUMAN_AGENT_DAYS = 7


class MessengerChannel(ChannelDefaults):
    """The Messenger Platform. Secrets of an account: ``page_token``, ``app_secret``, ``verify_token``."""

    kind = "messenger"
    abilities = Abilities(
        buttons=MOST_QUICK_REPLIES,
        list_rows=MOST_QUICK_REPLIES,
        text_limit=TEXT_LIMIT,
        proves_delivery=True,
        window_hours=24,
        webhook=True,
        # Meta, "Messenger rate limits": 300 calls a second for texts but 10 for audio and video, and an unpublished
        # brake on many messages to one person; far below all of them.
        account_pace=Pace(1 / 40, 40),
        recipient_pace=Pace(1.0, 10),
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
        meta.verify_signature(account.secrets.get("app_secret", ""), headers, body)

    def challenge(self, account: AccountAccess, params: Mapping[str, str]) -> str | None:
        """What to answer (as plain text) when Meta proves the webhook address; None means 403."""
        return meta.answer_challenge(account.secrets.get("verify_token", ""), params)

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Read a webhook body. Raises PayloadError when it is no envelope of the Messenger Platform."""
        return parse_webhook(body)

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """Parts that each are one request."""
        return split_message(message, language)

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one part. Raises ChannelError, or ValueError for a message that is not one request."""
        return self._send(account, recipient, message, reference, human_agent=False)

    def late_hours(self, options: Mapping[str, object]) -> int | None:
        """Seven days where the account's option ``human_agent_tag`` is true: Meta grants the tag to an app on request,
        and restricts pages that use it without."""
        return 24 * HUMAN_AGENT_DAYS if options.get(HUMAN_AGENT_OPTION) is True else None

    def send_late(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """The same for what a person of the page wrote, under the tag HUMAN_AGENT. Raises ChannelError, with the
        outcome WINDOW_CLOSED before anything travels when the tag was not granted."""
        if self.late_hours(account.options) is None:
            raise ChannelError("this page may not answer that late", SendOutcome.WINDOW_CLOSED, code="10/2018278")
        return self._send(account, recipient, message, reference, human_agent=True)

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """Fetch a file from its address. Raises ChannelError; code ``too_large``, ``gone`` or ``untrusted_address``
        when it will never come."""
        return download.fetch(self._client.http, self._client.base_of(account), media, most_bytes)

    def check(self, account: AccountAccess) -> LinkState:
        """Ask Graph whose token this is. Raises ChannelError when it does not answer."""
        return link.check(self._client, account)

    def show_activity(self, account: AccountAccess, about: Activity) -> None:
        """Show the person that the page has seen the message and is typing. Raises ChannelError."""
        for action in ("mark_seen", "typing_on"):
            self._client.act(account, about.recipient, action)

    def close(self) -> None:
        """Close the connections to Graph."""
        self._client.close()

    def _send(
        self, account: AccountAccess, recipient: str, message: Outgoing, reference: str, *, human_agent: bool
    ) -> Sent:
        part = one_part(message)
        upload = upload_of(part.attachment) if part.attachment else None
        body = render(part, recipient, reference, human_agent=human_agent)
        return Sent(provider_id=self._client.send(account, body, upload))
