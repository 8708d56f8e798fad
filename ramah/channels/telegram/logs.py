"""What the libraries under this channel would write into logs: addresses with tokens in them, and whole messages."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(?<=/bot)\d+(?::|%3A)[A-Za-z0-9_-]+", re.IGNORECASE)


def keep_tokens_out() -> None:
    """Blot tokens out of what httpx says about requests, and let python-telegram-bot say only what is wrong (its
    debugging shows all parameters). Safe to repeat."""
    logging.getLogger("httpx").addFilter(hide_tokens)
    logging.getLogger("telegram").setLevel(logging.WARNING)


def hide_tokens(record: logging.LogRecord) -> bool:
    """A filter of log records that drops none and leaves no bot's token in them."""
    message = record.getMessage()
    if "/bot" in message:
        record.msg, record.args = _TOKEN.sub("…", message), ()
    return True
