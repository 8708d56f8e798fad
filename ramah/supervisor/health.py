"""Asks a process whether it can do its work."""

from __future__ import annotations

import asyncio

import httpx

LOOK_EVERY = 0.2
ANSWER_WITHIN = 3.0


async def healthy(url: str) -> None:
    """Return when the address answers 200."""
    # A proxy from the environment has no business between two processes of one machine.
    async with httpx.AsyncClient(timeout=ANSWER_WITHIN, trust_env=False) as client:
        while True:
            if await _answers(client, url):
                return
            await asyncio.sleep(LOOK_EVERY)


async def _answers(client: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False
