"""A disk of a few kilobytes that is full, for the media store alone."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 256 * 1024


class TinyDisk:
    """A mounted file system of a quarter of a megabyte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"

    def fill(self) -> None:
        """Leave no room at all."""
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while file.write(b"\0" * 4096):
                    continue
            except OSError as error:
                self.refusal = error

    def free(self) -> None:
        """Somebody has tidied up."""
        self._ballast.unlink()


@contextmanager
def tiny_disk(folder: Path) -> Iterator[TinyDisk | None]:
    """The disk, gone afterwards; None where this user may mount nothing."""
    folder.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        yield None
        return
    try:
        yield TinyDisk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
