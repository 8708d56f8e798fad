"""Files that people sent. Limit: Telegram, "getFile" (20 MB; a Bot API server of one's own gives more)."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import httpx
from telegram import Bot, File
from telegram.error import NetworkError, TelegramError, TimedOut

from ramah.channels.content import FetchedMedia, RemoteMedia
from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.port import AccountAccess
from ramah.channels.telegram import errors
from ramah.channels.telegram.answers import ServerTrouble
from ramah.channels.telegram.client import TelegramClient, token_of
from ramah.channels.telegram.request import TOKEN_SIGN, BodyTooLarge, read_body

MOST_SECONDS = 120.0
"""For one whole file, however slowly it comes."""


def fetch(client: TelegramClient, account: AccountAccess, media: RemoteMedia, most_bytes: int) -> FetchedMedia:
    """The file. Raises ChannelError: GIVE_UP when it is gone or larger than ``most_bytes``, RETRY when it may come
    later."""
    if media.size is not None and media.size > most_bytes:
        raise _too_large(most_bytes)
    token = token_of(account)

    async def download(bot: Bot) -> bytes:
        file = await _looked_up(bot, media.reference)
        if file.file_size is not None and file.file_size > most_bytes:
            raise _too_large(most_bytes)
        return await _read(client.http(), _address(file, token), most_bytes)

    with errors.nothing_sent():
        content = client.call(account, download)
    return FetchedMedia(content=content, mime_type=media.mime_type, filename=media.filename)


async def _looked_up(bot: Bot, file_id: str) -> File:
    try:
        return await bot.get_file(file_id)
    except TelegramError as error:
        found = errors.error_of(error)
        if found.code != errors.FILE_UNAVAILABLE:
            raise found from error
        # One answer for two things: a wrong id, and a file that Telegram cannot find just now.
        raise ChannelError(str(found), SendOutcome.RETRY, code=found.code) from error


def _address(file: File, token: str) -> str:
    """Where the file lies. Its path may hold signs that mean something in an address."""
    head, sign, path = (file.file_path or "").partition(f"/bot{TOKEN_SIGN}/")
    if not path:
        raise ChannelError("Telegram names no place of this file", SendOutcome.GIVE_UP, code=errors.GONE)
    return head + sign.replace(TOKEN_SIGN, token) + quote(path)


async def _read(http: httpx.AsyncClient, address: str, most_bytes: int) -> bytes:
    try:
        async with asyncio.timeout(MOST_SECONDS), http.stream("GET", address) as answer:
            if not answer.is_success:
                raise _error_of_status(answer.status_code)
            return await read_body(answer, most_bytes)
    except BodyTooLarge as error:
        raise _too_large(most_bytes) from error
    except (httpx.TimeoutException, TimeoutError) as error:
        raise TimedOut(type(error).__name__) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NetworkError(type(error).__name__) from error


def _error_of_status(status: int) -> ChannelError:
    if status in (httpx.codes.NOT_FOUND, httpx.codes.GONE):
        # Telegram has just named this place; a dead token would have been refused there.
        return ChannelError("the file is not where it should be", SendOutcome.RETRY, code=errors.FILE_UNAVAILABLE)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return ChannelError("files are asked for too fast", SendOutcome.WAIT, code="flood", retry_after=30.0)
    return errors.error_of(ServerTrouble(status, "for a file", by_telegram=False))


def _too_large(most_bytes: int) -> ChannelError:
    return ChannelError(f"the file is larger than {most_bytes} bytes", SendOutcome.GIVE_UP, code=errors.TOO_LARGE)
