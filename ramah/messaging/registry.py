"""The channels that exist. Adding one is a folder under ramah/channels and a line here."""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict

from ramah.channels.device.channel import DeviceChannel
from ramah.channels.email.channel import EmailChannel
from ramah.channels.messenger.channel import MessengerChannel
from ramah.channels.port import Channel
from ramah.channels.telegram.channel import TelegramChannel
from ramah.channels.webchat.channel import WebChatChannel
from ramah.channels.webform.channel import WebFormChannel
from ramah.channels.whatsapp.channel import WhatsAppChannel
from ramah.lib.errors import NotFound
from ramah.settings import settings


class _Patience(TypedDict):
    """Seconds."""

    connect_timeout: float
    read_timeout: float


@lru_cache(maxsize=1)
def _channels() -> dict[str, Channel]:
    config = settings()
    patience = _Patience(connect_timeout=config.channel_connect_timeout, read_timeout=config.channel_read_timeout)
    known: list[Channel] = [
        WebChatChannel(),
        WebFormChannel(),
        EmailChannel(),
        DeviceChannel(**patience),
        TelegramChannel(config.telegram_base_url, **patience),
        MessengerChannel(config.messenger_base_url, config.messenger_version, **patience),
        WhatsAppChannel(config.whatsapp_base_url, config.whatsapp_version, **patience),
    ]
    return {channel.kind: channel for channel in known}


def channel_for(kind: str) -> Channel:
    """The channel of this kind. Raises NotFound."""
    try:
        return _channels()[kind]
    except KeyError as error:
        raise NotFound(f"no channel of kind {kind!r}; known: {', '.join(_channels())}") from error
