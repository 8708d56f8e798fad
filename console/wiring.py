"""What every handler needs, on ``app.ctx``: settings, database, templates, live events, limits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from jinja2 import Environment
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from sanic import Request

from console.live import LiveHub
from ramah.people.sessions import Login
from ramah.settings import Settings
from ramah.store import Behalf, Database

Result = TypeVar("Result")


@dataclass
class Limits:
    """Request limits, counted in memory or, with several consoles, in Redis."""

    limiter: MovingWindowRateLimiter
    login: RateLimitItem
    webchat: RateLimitItem

    @classmethod
    def build(cls, config: Settings) -> Limits:
        """From the settings."""
        storage: Storage = RedisStorage(config.redis_url) if config.redis_url else MemoryStorage()
        return cls(MovingWindowRateLimiter(storage), parse(config.login_limit), parse(config.webchat_limit))


@dataclass
class Wiring:
    """The console's shared objects."""

    config: Settings
    database: Database
    templates: Environment
    live: LiveHub
    limits: Limits


def wiring(request: Request) -> Wiring:
    """The shared objects of the app that serves this request; its database is that of whoever is logged in."""
    found = getattr(request.ctx, "wiring", request.app.ctx.wiring)
    assert isinstance(found, Wiring)  # noqa: S101 - set by the factory
    return found


def act_for(request: Request, login: Login) -> None:
    """From here on the request's database works for this person: it shows only their outlets, and the audit log names
    them and ``address``."""
    found = wiring(request)
    behalf = Behalf(login.staff_id, request.ctx.address, login.outlets)
    request.ctx.wiring = replace(found, database=found.database.on_behalf(behalf))


async def in_thread(work: Callable[[], Result]) -> Result:
    """Run blocking work (database, hashing) off the event loop."""
    return await asyncio.to_thread(work)
