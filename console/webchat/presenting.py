"""Messages as the browser gets them."""

from __future__ import annotations

from typing import Any

from ramah.messaging.media.links import file_links
from ramah.messaging.media.views import FileView
from ramah.messaging.thread import Line
from ramah.messaging.webchat import Shown
from ramah.settings import Settings

STATUSES = {"queued": "sending", "uncertain": "sending"}


def messages_of(config: Settings, shown: Shown) -> list[dict[str, Any]]:
    """All that is shown, oldest first."""
    return [message(config, line, shown.files.get(line.position, [])) for line in shown.lines]


def message(config: Settings, line: Line, files: list[FileView]) -> dict[str, Any]:
    """A line as the browser gets it."""
    return {
        "position": line.position,
        "client_id": line.client_id if line.author == "customer" else None,
        "from": line.author,
        "author": line.author_name.split()[0] if line.author_name else None,
        "text": line.text,
        "choices": list(line.choices),
        "image_url": line.image_url,
        "files": [_file(config, view) for view in files],
        "at": line.at.isoformat(),
        "status": STATUSES.get(line.status or "", line.status or "sent"),
    }


def _file(config: Settings, view: FileView) -> dict[str, Any]:
    """``url`` and ``thumbnail_url`` are signed, for this reader, and end; null where there is nothing to read."""
    links = file_links(config, view)
    return {
        "id": view.id,
        "kind": view.kind,
        "name": view.name,
        "size": view.size,
        "mime_type": view.mime_type,
        "status": view.status,
        "url": links.whole,
        "thumbnail_url": links.small,
    }
