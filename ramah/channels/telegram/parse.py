"""A webhook body read into a batch: one update per body, through python-telegram-bot's own objects."""

from __future__ import annotations

from typing import Any

from telegram import Update

from ramah.channels.content import Batch, Incoming
from ramah.channels.errors import PayloadError
from ramah.channels.telegram.inbound import Raw, read_update
from ramah.channels.telegram.salvage import salvaged
from ramah.lib.outside_json import read_outside_json


def parse_update(account_external_id: str, body: bytes) -> list[Batch]:
    """Read one update. Raises PayloadError when it is none.

    What concerns nobody whom we answer (groups, channels, other bots, kinds that Telegram added since) is a notice.
    """
    raw = _update(body)
    incoming = _incoming(raw)
    return [
        Batch(
            account_external_id=account_external_id,
            incoming=(incoming,) if incoming else (),
            notices=() if incoming else ({"update": raw},),
        )
    ]


def _update(body: bytes) -> dict[str, Any]:
    try:
        read = read_outside_json(body)
    except (ValueError, RecursionError) as error:
        raise PayloadError(f"not an update of the Bot API: {type(error).__name__}") from error
    if not isinstance(read, dict) or not isinstance(read.get("update_id"), int):
        raise PayloadError("not an update of the Bot API")
    return read


def _incoming(raw: Raw) -> Incoming | None:
    try:
        return read_update(Update.de_json(raw, None), raw)
    except Exception:  # noqa: BLE001 - the library raises whatever its constructors do; the message is kept all the same
        return salvaged(raw)
