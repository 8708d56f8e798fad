"""The console's app: everything put together in one factory, so that tests build the same."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from sanic import Sanic

from console.account import blueprint as account
from console.alerts import blueprint as alert_settings
from console.api.admin import blueprint as api_admin
from console.api.auth import blueprint as api_auth
from console.api.docs import blueprint as api_docs
from console.api.views import blueprint as api
from console.audit import blueprint as audit
from console.auth.views import blueprint as auth
from console.canned import blueprint as canned
from console.channels.devices import blueprint as devices
from console.channels.health import blueprint as channel_health
from console.channels.messenger import blueprint as messenger
from console.contacts.duplicates import blueprint as duplicates
from console.contacts.importing import blueprint as importing
from console.contacts.views import blueprint as contacts
from console.errors import show_error
from console.finding import blueprint as finding
from console.home import blueprint as home
from console.hours import blueprint as hours
from console.inbox.acting import blueprint as acting
from console.inbox.composing import blueprint as composing
from console.inbox.filters import blueprint as filters
from console.inbox.live import blueprint as inbox_live
from console.inbox.proposals import blueprint as proposals
from console.inbox.ticket_views import blueprint as tickets
from console.inbox.views import blueprint as inbox
from console.incidents import blueprint as incidents
from console.labels import blueprint as labels
from console.ledger import blueprint as ledger
from console.live import LiveHub
from console.media.views import blueprint as media
from console.messages import blueprint as messages
from console.payments import blueprint as payments
from console.preferences.views import blueprint as preferences
from console.queue import blueprint as queue
from console.render import build_templates
from console.security import add_headers, refuse_unreadable
from console.staff import blueprint as staff
from console.styleguide import blueprint as styleguide
from console.system import blueprint as system
from console.webchat.views import blueprint as webchat
from console.webform.views import blueprint as webform
from console.webhooks.views import blueprint as webhooks
from console.why import blueprint as why
from console.wiring import Limits, Wiring
from ramah.messaging.wake import WakeListener
from ramah.observe.beats import Heart
from ramah.observe.readiness import look_around
from ramah.settings import Settings
from ramah.store import Database

ConsoleApp = Sanic[Any, Any]
STATIC = Path(__file__).parent / "static"
LARGEST_REQUEST = 4 * 1024 * 1024
STREAM_PATIENCE = 3600
BLUEPRINTS = (
    account,
    acting,
    api,
    api_admin,
    api_auth,
    api_docs,
    audit,
    canned,
    channel_health,
    composing,
    home,
    auth,
    duplicates,
    importing,
    contacts,
    finding,
    devices,
    hours,
    inbox,
    incidents,
    why,
    tickets,
    inbox_live,
    ledger,
    media,
    messages,
    messenger,
    payments,
    preferences,
    proposals,
    staff,
    queue,
    system,
    webchat,
    webform,
    webhooks,
    alert_settings,
    filters,
    labels,
)
SERVER = {
    "REQUEST_MAX_SIZE": LARGEST_REQUEST,
    "RESPONSE_TIMEOUT": STREAM_PATIENCE,
    "FALLBACK_ERROR_FORMAT": "json",
    "AUTO_EXTEND": False,
}


def build(config: Settings, database: Database, name: str = "console") -> ConsoleApp:
    """The app over a database; the caller closes the database."""
    app: ConsoleApp = Sanic(name, configure_logging=False)
    app.config.update(SERVER)
    hub = LiveHub(database, config.poll_interval)
    app.ctx.wiring = Wiring(config, database, build_templates(), hub, Limits.build(config))
    for blueprint in BLUEPRINTS:
        app.blueprint(blueprint)
    if config.environment == "development":
        app.blueprint(styleguide)
    app.static("/static", STATIC, name="static")
    app.register_middleware(refuse_unreadable, "request")
    app.register_middleware(add_headers, "response")  # type: ignore[arg-type]  # the stub knows no async pair
    app.exception(Exception)(show_error)
    for begin, end in ((_start_live, _stop_live), (_start_heart, _stop_heart)):
        app.register_listener(begin, "after_server_start")
        app.register_listener(end, "before_server_stop")
    return app


async def _start_live(app: ConsoleApp) -> None:
    wired: Wiring = app.ctx.wiring
    app.ctx.live_task = asyncio.create_task(wired.live.run())
    app.ctx.wake_listener = None
    if wired.config.redis_url:
        loop = asyncio.get_running_loop()
        app.ctx.wake_listener = WakeListener(wired.config.redis_url, lambda: loop.call_soon_threadsafe(wired.live.ring))
        app.ctx.wake_listener.start()


async def _stop_live(app: ConsoleApp) -> None:
    if app.ctx.wake_listener is not None:
        await asyncio.to_thread(app.ctx.wake_listener.stop)
    app.ctx.live_task.cancel()


async def _start_heart(app: ConsoleApp) -> None:
    wired: Wiring = app.ctx.wiring
    look = partial(look_around, wired.database, wired.config)
    app.ctx.heart = Heart(wired.database, "console", wired.config.console_port, look)
    app.ctx.heart.start()


async def _stop_heart(app: ConsoleApp) -> None:
    await asyncio.to_thread(app.ctx.heart.stop)
