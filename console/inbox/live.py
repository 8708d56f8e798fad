"""The operators' event stream: what changed, numbered, with catch-up after a break."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from console.inbox.signals import changes_counts, signals_in
from console.numbers import whole_number
from console.security import staff_only
from console.wiring import in_thread, wiring
from ramah.desk.inbox_list import counts
from ramah.messaging.live import Event, missed_events
from ramah.people.sessions import Login, is_open

blueprint = Blueprint("live", url_prefix="/console")
HEARTBEAT = 15.0
GATHER = 0.05
PERSONAL = ("assigned", "mention")
"""Events that some people are told of by name, wherever they are in the inbox."""


@blueprint.get("/live")
@staff_only
async def stream(request: Request) -> HTTPResponse | None:
    """Server-Sent Events: ready, conversation, signal, counts, reset, ping."""
    login: Login = request.ctx.login
    hub = wiring(request).live
    after = request.headers.get("last-event-id") or request.args.get("after")
    response = await request.respond(
        content_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"}
    )
    async with hub.subscribe(login.organisation_id) as subscription:
        await _catch_up(request, response, login, after)
        looked = time.monotonic()
        while True:
            events = await _next_events(subscription.queue)
            if time.monotonic() - looked > HEARTBEAT / 2:
                looked = time.monotonic()
                if not await in_thread(lambda: is_open(wiring(request).database, login)):
                    break
            if subscription.overflowed:
                subscription.overflowed = False
                await _send(response, "reset", {"seq": hub.newest(login.organisation_id)})
            elif not events:
                await _send(response, "ping", {})
            else:
                await _tell(request, response, login, events)
    return None


async def _catch_up(request: Request, response: Any, login: Login, asked: str | None) -> None:
    """Tell what happened since the number that the page has; 0 is a page from before the very first event."""
    database, after = wiring(request).database, whole_number(asked)
    missed = await in_thread(lambda: missed_events(database, login.organisation_id, after)) if asked else []
    newest = wiring(request).live.newest(login.organisation_id)
    if missed is None:
        await _send(response, "reset", {"seq": newest})
    elif missed:
        await _tell(request, response, login, missed)
    await _send(response, "ready", {"seq": max(after, newest)})


async def _next_events(queue: asyncio.Queue[Event]) -> list[Event]:
    """The next events, those of one moment together; empty after a quiet time."""
    try:
        events = [await asyncio.wait_for(queue.get(), HEARTBEAT)]
    except TimeoutError:
        return []
    await asyncio.sleep(GATHER)
    while not queue.empty():
        events.append(queue.get_nowait())
    return events


async def _tell(request: Request, response: Any, login: Login, events: list[Event]) -> None:
    latest = {event.conversation_id: event.sequence for event in events if event.kind != "presence"}
    for conversation_id, number in latest.items():
        await _send(response, "conversation", {"id": conversation_id, "seq": number})
    for event in events:
        if event.kind == "presence" and event.data.get("by") != login.staff_id:
            await _send(response, "presence", {"id": event.conversation_id, "seq": event.sequence})
        if event.kind in PERSONAL and login.staff_id in event.data.get("staff_ids", ()):
            told = {"kind": event.kind, "id": event.conversation_id, "by": event.data.get("by", "")}
            await _send(response, "told", told)
    for signal in signals_in(events, login.staff_id):
        await _send(response, "signal", signal.as_json())
    if changes_counts(events, login.staff_id) or any(event.kind in PERSONAL for event in events):
        await _send(response, "counts", await _counts(request, login))


async def _counts(request: Request, login: Login) -> dict[str, int]:
    database = wiring(request).database

    def read() -> dict[str, int]:
        with database.tenant_reading(login.organisation_id) as session:
            return counts(session, login.staff_id)

    return await in_thread(read)


async def _send(response: Any, event: str, data: dict[str, Any]) -> None:
    identifier = f"id: {data['seq']}\n" if "seq" in data else ""
    await response.send(f"{identifier}event: {event}\ndata: {json.dumps(data)}\n\n")
