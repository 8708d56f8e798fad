"""Whether the local folder for files has room."""

from __future__ import annotations

import shutil

from ramah.integrations.storage.places import Folder, read_place


def room_left(media_url: str) -> int | None:
    """Bytes that the folder for files can still take; None where files are kept in a bucket. Raises OSError."""
    place = read_place(media_url, None, None)
    if not isinstance(place, Folder):
        return None
    # The folder is made with its first file; until then the nearest one above it tells.
    return next(shutil.disk_usage(path).free for path in (place.path, *place.path.parents) if path.exists())
