"""Updates in the shapes of the Bot API. Source: Telegram, "Update" and "Message"."""

from __future__ import annotations

import itertools
from typing import Any

from tests.fakes.telegram.chats import Chat, Spoken

Update = dict[str, Any]
AT = 1_760_000_000


class Updates:
    """Numbers updates of one bot, one after the other."""

    def __init__(self) -> None:
        self._numbers = itertools.count(5000)

    def of(self, kind: str, content: dict[str, Any]) -> Update:
        """An update with the next number."""
        return {"update_id": next(self._numbers), kind: content}


def message(chat: Chat, identifier: int, **content: Any) -> dict[str, Any]:
    """What a person wrote."""
    return {
        "message_id": identifier,
        "from": chat.person,
        "chat": chat.described,
        "date": AT + identifier,
        **content,
    }


def of_bot(chat: Chat, bot: dict[str, Any], said: Spoken) -> dict[str, Any]:
    """What the bot wrote, as answers and taps show it."""
    shown: dict[str, Any] = {
        "message_id": said.message_id,
        "from": bot,
        "chat": chat.described,
        "date": AT + said.message_id,
    }
    shown["text" if said.method == "sendMessage" else "caption"] = said.text
    if said.buttons:
        lines = [[{"text": title, "callback_data": data}] for title, data in said.buttons]
        shown["reply_markup"] = {"inline_keyboard": lines}
    return shown


def tap(chat: Chat, query: str, under: dict[str, Any], data: str) -> dict[str, Any]:
    """A tapped inline button."""
    return {"id": query, "from": chat.person, "message": under, "chat_instance": "4821", "data": data}


def photo(prefix: str, size: int) -> list[dict[str, Any]]:
    """A picture in two sizes; the files are named ``small-...`` and ``big-...``."""
    return [
        {"file_id": f"{name}-{prefix}", "file_unique_id": f"u{name}{prefix}", "width": side, "height": side, **more}
        for name, side, more in (("small", 90, {}), ("big", 800, {"file_size": size}))
    ]
