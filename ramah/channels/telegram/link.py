"""Whether a bot works and hears: its token, its webhook, and what Telegram says about both."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from telegram import User, WebhookInfo

from ramah.channels.content import LinkState, LinkStatus
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.sentences import FALLBACK_LANGUAGE, explain
from ramah.channels.telegram import errors
from ramah.channels.telegram.client import TelegramClient

UPDATES = ("message", "edited_message", "callback_query", "my_chat_member", "message_reaction")
MOST_CONNECTIONS = 40
RECENT = timedelta(minutes=10)
"""How long a webhook that failed counts as failing while updates wait for it."""
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def connect(client: TelegramClient, account: AccountAccess) -> None:
    """Tell Telegram to post to ``account.webhook_url`` with our secret. Raises ChannelError (CONFIGURATION) for an
    account without a usable secret: nothing that came for it could be believed."""
    secret, address = account.secrets.get("webhook_secret", ""), account.webhook_url
    if not _SECRET.fullmatch(secret):
        raise ChannelError(_sentence(errors.WEBHOOK_SECRET), SendOutcome.CONFIGURATION, code=errors.WEBHOOK_SECRET)
    if not address:
        raise ChannelError("there is no address to post to", SendOutcome.CONFIGURATION, code=errors.WEBHOOK_REFUSED)
    _arrange(
        lambda: client.call(
            account,
            lambda bot: bot.set_webhook(
                address, secret_token=secret, allowed_updates=UPDATES, max_connections=MOST_CONNECTIONS
            ),
        )
    )


def disconnect(client: TelegramClient, account: AccountAccess) -> None:
    """Tell Telegram to post no more; what waits there is kept for a day. Raises ChannelError."""
    _arrange(lambda: client.call(account, lambda bot: bot.delete_webhook()))


def check(client: TelegramClient, account: AccountAccess) -> LinkState:
    """Connected, logged out (token), disconnected (Telegram cannot reach us just now) or failed (another bot, another
    webhook). Raises ChannelError when Telegram does not answer or is busy: that proves nothing about the bot."""
    try:
        with errors.nothing_sent():
            bot = client.call(account, lambda bot: bot.get_me())
            webhook = client.call(account, lambda bot: bot.get_webhook_info())
    except ChannelError as error:
        if error.outcome is not SendOutcome.CONFIGURATION:
            raise
        logged_out = error.code == errors.UNAUTHORISED
        return _broken(LinkStatus.LOGGED_OUT if logged_out else LinkStatus.FAILED, error.code or "")
    return _state(account, bot, webhook, datetime.now(UTC))


def _state(account: AccountAccess, bot: User, webhook: WebhookInfo, now: datetime) -> LinkState:
    if str(bot.id) != account.external_id:
        return _broken(LinkStatus.FAILED, errors.OTHER_BOT)
    if account.webhook_url is not None and webhook.url != account.webhook_url:
        return _broken(LinkStatus.FAILED, errors.WEBHOOK_ELSEWHERE)
    said = _said(webhook)
    failed = webhook.last_error_date
    if webhook.pending_update_count and failed is not None and now - failed < RECENT:
        return LinkState(
            status=LinkStatus.DISCONNECTED, detail=" · ".join((_sentence(errors.WEBHOOK_FAILING), *said))[:300]
        )
    return LinkState(status=LinkStatus.CONNECTED, detail=" · ".join((f"@{bot.username}", *said))[:300])


def _said(webhook: WebhookInfo) -> list[str]:
    """What Telegram says about the way to us: updates that wait, and the last failure with its time."""
    said = [f"{webhook.pending_update_count} waiting"] if webhook.pending_update_count else []
    if webhook.last_error_message and webhook.last_error_date is not None:
        said.append(f"{webhook.last_error_message[:150]} ({webhook.last_error_date:%Y-%m-%d %H:%M} UTC)")
    return said


def _broken(status: LinkStatus, code: str) -> LinkState:
    return LinkState(status=status, detail=_sentence(code))


def _sentence(code: str) -> str:
    said = explain("telegram", code, SendOutcome.CONFIGURATION, FALLBACK_LANGUAGE).sentence
    return f"{said} ({code})"


def _arrange(change: Callable[[], object]) -> None:
    """Change the webhook; a refusal is for an administrator to mend, and safe to repeat otherwise."""
    with errors.nothing_sent():
        try:
            change()
        except ChannelError as error:
            if error.outcome is not SendOutcome.GIVE_UP:
                raise
            raise ChannelError(str(error), SendOutcome.CONFIGURATION, code=error.code) from error
