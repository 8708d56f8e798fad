"""Bodies of uploads, read as they come, up to a limit."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import Request
from sanic.exceptions import PayloadTooLarge, RequestTimeout

AROUND_THE_FILE = 64 * 1024
"""Room for the text and for what multipart writes between the parts."""
PATIENCE = 600.0
"""Seconds that an upload may take, on however slow a line."""


async def read_body(request: Request, most_bytes: int) -> bytes:
    """The body of a streamed request that holds one file. Raises 413 and 408.

    A browser hears an answer only after it has sent everything, so what is too large is read to its end and thrown
    away, within bounds."""
    most = most_bytes + AROUND_THE_FILE
    stream: Any = request.stream
    chunks: list[bytes] = []
    read = 0
    try:
        async with asyncio.timeout(PATIENCE):
            while (chunk := await stream.read()) is not None:
                read += len(chunk)
                if read > 2 * most:
                    break
                if read <= most:
                    chunks.append(chunk)
    except TimeoutError as error:
        raise RequestTimeout("The file took too long to arrive.") from error
    if read > most:
        raise PayloadTooLarge(f"The file is too large; at most {most_bytes} bytes are kept.")
    return b"".join(chunks)
