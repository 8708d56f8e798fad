"""Answers read within bounds: of bytes, and of the time that a server may take to drip them."""

from __future__ import annotations

import time

import httpx


class BodyTooLarge(Exception):
    """The body is larger than the caller wants it."""


def read_body(response: httpx.Response, most_bytes: int, seconds: float) -> bytes:
    """The body of a streamed answer. Raises BodyTooLarge, httpx.ReadTimeout when the whole takes longer than
    ``seconds``, and httpx.RequestError."""
    declared = response.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and int(declared) > most_bytes:
        raise BodyTooLarge
    deadline = time.monotonic() + seconds
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        if len(body) > most_bytes:
            raise BodyTooLarge
        if time.monotonic() > deadline:
            raise httpx.ReadTimeout(f"the body took longer than {seconds:g} seconds")
    return bytes(body)
