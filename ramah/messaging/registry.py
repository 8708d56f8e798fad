"""The channels that exist. Adding one is a folder under ramah/channels and a line here."""

from __future__ import annotations

from functools import lru_cache

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


@lru_cache(maxsize=1)
def _channels() -> dict[str, Channel]:
    known: list[Channel] = [
        WebChatChannel(),
        WebFormChannel(),
        EmailChannel(),
        DeviceChannel(),
        TelegramChannel(base_url=settings().telegram_base_url),
        MessengerChannel(base_url=settings().messenger_base_url, version=settings().messenger_version),
        WhatsAppChannel(base_url=settings().whatsapp_base_url, version=settings().whatsapp_version),
    ]
    return {channel.kind: channel for channel in known}


def channel_for(kind: str) -> Channel:
    """The channel of this kind. Raises NotFound."""
    try:
        return _channels()[kind]
    except KeyError as error:
        raise NotFound(f"no channel of kind {kind!r}; known: {', '.join(_channels())}") from error
