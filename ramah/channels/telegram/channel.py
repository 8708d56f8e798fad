"""Telegram as a channel: a secret header on webhooks, calls through python-telegram-bot."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.channels.content import Batch, FetchedMedia, LinkState, Outgoing, RemoteMedia, Sent
from ramah.channels.errors import ChannelError, SendOutcome, SignatureError
from ramah.channels.port import Abilities, AccountAccess, Activity, ChannelDefaults, Pace
from ramah.channels.telegram import download, errors, link
from ramah.channels.telegram.client import TelegramClient
from ramah.channels.telegram.inbound import CALLBACK
from ramah.channels.telegram.parse import parse_update
from ramah.channels.telegram.render import send_part
from ramah.channels.telegram.request import CONNECT_TIMEOUT, READ_TIMEOUT, Patience
from ramah.channels.telegram.split import MOST_BUTTONS, TEXT_LIMIT, one_part, split_message
from ramah.lib.signatures import same_text

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name


class TelegramChannel(ChannelDefaults):
    """A bot. Secrets of an account: ``bot_token``, ``webhook_secret``.

    Telegram tells nothing about a message after it took it, and has no idempotency key: a send whose answer got lost
    is never repeated.
    """

    kind = "telegram"
    abilities = Abilities(
        buttons=MOST_BUTTONS,
        list_rows=MOST_BUTTONS,
        text_limit=TEXT_LIMIT,
        answers_bubbles=True,
        proves_delivery=False,
        webhook=True,
        # Telegram, "Broadcasting to Users": thirty a second in all, about one a second to one chat. A burst and what
        # follows within its second together stay below.
        account_pace=Pace(1 / 25, 5),
        recipient_pace=Pace(1.0, 3),
        check_every=300.0,
    )

    def __init__(
        self, base_url: str, *, connect_timeout: float = CONNECT_TIMEOUT, read_timeout: float = READ_TIMEOUT
    ) -> None:
        self._client = TelegramClient(base_url, Patience(connect_timeout, read_timeout))

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Raise SignatureError unless the header holds the secret that we gave to setWebhook."""
        expected, given = account.secrets.get("webhook_secret", ""), headers.get(SECRET_HEADER, "")
        if not expected or not same_text(expected, given):
            raise SignatureError(f"the header {SECRET_HEADER} is missing or wrong")

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Read one update. Raises PayloadError."""
        return parse_update(account.external_id, body)

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """Parts that each are one request; the label of a request button is in the reader's language."""
        return split_message(message, language)

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Send one part. Raises ChannelError, or ValueError for a message that is not one request."""
        part, chat = one_part(message), _chat(recipient)
        sent = self._client.call(account, lambda bot: send_part(bot, chat, part))
        return Sent(provider_id=f"{sent.chat_id}:{sent.message_id}")

    def show_activity(self, account: AccountAccess, about: Activity) -> None:
        """Answer a tapped button, which shows a clock until then; else show "typing". Raises ChannelError."""
        if not about.external_id.startswith(CALLBACK):
            chat = _chat(about.recipient)
            self._client.call(account, lambda bot: bot.send_chat_action(chat, "typing"))
            return
        query = about.external_id.removeprefix(CALLBACK)
        try:
            self._client.call(account, lambda bot: bot.answer_callback_query(query))
        except ChannelError as error:
            # Telegram has given up by itself: the clock is gone, which is all that was wanted.
            if error.code != errors.QUERY_TOO_OLD:
                raise

    def fetch(self, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
        """Download a file, at most 20 MB. Raises ChannelError; code ``too_large`` or ``file_gone`` when it will never
        come."""
        return download.fetch(self._client, account, media, most_bytes)

    def check(self, account: AccountAccess) -> LinkState:
        """Ask who the bot is and whether its webhook works. Raises ChannelError when nobody answers."""
        return link.check(self._client, account)

    def connect(self, account: AccountAccess) -> None:
        """Tell Telegram where to post. Raises ChannelError."""
        link.connect(self._client, account)

    def disconnect(self, account: AccountAccess) -> None:
        """Tell Telegram to post no more. Raises ChannelError."""
        link.disconnect(self._client, account)

    def close(self) -> None:
        """Close the connections and end the loop's thread."""
        self._client.close()


def _chat(recipient: str) -> int:
    try:
        return int(recipient)
    except ValueError:
        raise ChannelError(
            "this recipient is no Telegram chat", SendOutcome.GIVE_UP, code=errors.CHAT_NOT_FOUND
        ) from None
