"""Cuts what a process writes into lines, whatever it writes."""

from __future__ import annotations

from asyncio import StreamReader
from collections.abc import AsyncIterator

CHUNK = 65_536
LONGEST_LINE = 16_384


async def lines_of(reader: StreamReader) -> AsyncIterator[str]:
    """Every line without its end; one that is too long comes in pieces, wrong bytes are replaced."""
    rest = b""
    while chunk := await reader.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST_LINE:
            whole, rest = [*whole, rest], b""
        for line in whole:
            for piece in _pieces(line):
                yield piece
    if rest:
        yield _text(rest)


def _pieces(line: bytes) -> list[str]:
    starts = range(0, max(len(line), 1), LONGEST_LINE)
    return [_text(line[start : start + LONGEST_LINE]) for start in starts]


def _text(line: bytes) -> str:
    return line.decode("utf-8", "replace").rstrip("\r")
