"""``reply_markup`` as the Bot API takes it. Source: Telegram, "InlineKeyboardButton" and "KeyboardButton"."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.telegram.refusals import bad_request

CALLBACK_BYTES = 64
MOST_BUTTONS = 100


def read_markup(given: str | None) -> tuple[tuple[tuple[str, str], ...], tuple[dict[str, Any], ...]]:
    """Inline buttons, and the keys of a keyboard. Raises Refused."""
    try:
        markup = json.loads(given) if given else {}
    except ValueError as error:
        raise bad_request("can't parse reply keyboard markup JSON object") from error
    inline = [button for line in markup.get("inline_keyboard", []) for button in line]
    keys = [button for line in markup.get("keyboard", []) for button in line]
    if len(inline) + len(keys) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    if any(not str(button.get("text", "")).strip() for button in (*inline, *keys)):
        raise bad_request("inline keyboard button text must be non-empty")
    for button in inline:
        if not 0 < len(button.get("callback_data", "").encode()) <= CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if any(button.get("request_contact") and button.get("request_location") for button in keys):
        raise bad_request("a button may request one thing only")
    return tuple((button["text"], button["callback_data"]) for button in inline), tuple(keys)
