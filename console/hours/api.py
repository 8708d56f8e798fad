"""The bot's schedules as JSON, by the routes and names of the feature plan. Weekday 0 is Sunday there."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, empty, json

from console.api.answers import ScheduleAnswer, SchedulesAnswer
from console.api.describing import Description, described
from console.permissions import for_programs, needs
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput
from ramah.messaging.hours import schedules
from ramah.messaging.hours.keeping import Kept, Owner, checked_plan, in_words, keep, kept
from ramah.messaging.hours.plan import DAYS, Clock
from ramah.messaging.hours.schedules import KeptWindow, WindowValues
from ramah.people import Organisation
from ramah.people.roles import Permission
from ramah.store import Database

blueprint = Blueprint("bot_schedules", url_prefix="/api/app/chatbot")
Body = TypeVar("Body", bound=BaseModel)
CHANGING = (400, 401, 403, 404, 409)


class ScheduleBody(BaseModel):
    """One window. ``end_time`` at or before ``start_time`` is after midnight; 24:00 ends the day."""

    model_config = ConfigDict(extra="forbid")

    day_of_week: int = Field(ge=0, lt=DAYS)
    start_time: Clock
    end_time: Clock
    is_active: bool = True

    def values(self) -> WindowValues:
        """The same, Monday first."""
        return WindowValues((self.day_of_week - 1) % DAYS, self.start_time, self.end_time, self.is_active)


class SettingsBody(BaseModel):
    """What holds for a bot's schedules together; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    schedule_enabled: bool | None = None
    timezone: str | None = None
    outside_hours_message: str | None = None
    outside_hours_messages: dict[str, str] | None = None
    tells_customer: bool | None = None
    needs_human: bool | None = None


@blueprint.get("/bots/<bot_id:str>/schedules")
@for_programs
@needs(Permission.MANAGE_HOURS)
@described(Description("A bot's hours", "bot hours", {200: SchedulesAnswer}, problems=(401, 403, 404)))
async def list_schedules(request: Request, bot_id: str) -> HTTPResponse:
    """A bot's settings and its own windows. A bot without own hours shows the settings of the default."""
    database, owner = wiring(request).database, _owner(request, bot_id)
    return json(await in_thread(lambda: _read(database, owner)))


@blueprint.put("/bots/<bot_id:str>/schedules")
@for_programs
@needs(Permission.MANAGE_HOURS)
@described(
    Description(
        "Switch, zone and words of a bot's hours", "bot hours", {200: SchedulesAnswer}, SettingsBody, problems=CHANGING
    )
)
async def change_settings(request: Request, bot_id: str) -> HTTPResponse:
    """Switch, zone and words of a bot; from then on its hours are its own."""
    database, owner, body = wiring(request).database, _owner(request, bot_id), _body(request, SettingsBody)
    return json(await in_thread(lambda: _change(database, owner, body)))


@blueprint.post("/bots/<bot_id:str>/schedules")
@for_programs
@needs(Permission.MANAGE_HOURS)
@described(Description("Add a window", "bot hours", {201: ScheduleAnswer}, ScheduleBody, problems=CHANGING))
async def add_schedule(request: Request, bot_id: str) -> HTTPResponse:
    """One window more."""
    database, owner, body = wiring(request).database, _owner(request, bot_id), _body(request, ScheduleBody)
    added = await in_thread(lambda: schedules.add_window(database, owner, body.values()))
    return json(_as_json(added), status=201)


@blueprint.put("/schedules/<window_id:int>")
@for_programs
@needs(Permission.MANAGE_HOURS)
@described(Description("Change a window", "bot hours", {200: ScheduleAnswer}, ScheduleBody, problems=CHANGING))
async def change_schedule(request: Request, window_id: int) -> HTTPResponse:
    """Another day, other times, paused or not."""
    database, body = wiring(request).database, _body(request, ScheduleBody)
    organisation_id = _owner(request, "").organisation_id
    changed = await in_thread(lambda: schedules.change_window(database, organisation_id, window_id, body.values()))
    return json(_as_json(changed))


@blueprint.delete("/schedules/<window_id:int>")
@for_programs
@needs(Permission.MANAGE_HOURS)
@described(Description("Remove a window", "bot hours", {204: "text/plain"}, problems=(401, 403, 404)))
async def remove_schedule(request: Request, window_id: int) -> HTTPResponse:
    """The window is gone."""
    database, organisation_id = wiring(request).database, _owner(request, "").organisation_id
    await in_thread(lambda: schedules.remove_window(database, organisation_id, window_id))
    return empty()


def _owner(request: Request, bot_id: str) -> Owner:
    return Owner(request.ctx.login.organisation_id, bot_id)


def _body(request: Request, kind: type[Body]) -> Body:
    try:
        return kind.model_validate_json(request.body or b"{}")
    except ValidationError as error:
        raise BadInput(in_words(error)) from error


def _read(database: Database, owner: Owner) -> dict[str, Any]:
    with database.tenant_reading(owner.organisation_id) as session:
        found, windows = kept(session, owner), schedules.list_windows(session, owner)
        language = session.get_one(Organisation, owner.organisation_id).language
        return _told(owner, found, windows, language)


def _change(database: Database, owner: Owner, body: SettingsBody) -> dict[str, Any]:
    with database.tenant(owner.organisation_id) as session:
        language = session.get_one(Organisation, owner.organisation_id).language
        plan = kept(session, owner).plan
        messages = {**plan.messages, **(body.outside_hours_messages or {})}
        if body.outside_hours_message is not None:
            messages[language] = body.outside_hours_message
        changes = {
            "enabled": body.schedule_enabled,
            "zone": body.timezone,
            "tells": body.tells_customer,
            "needs_human": body.needs_human,
        }
        given = {name: value for name, value in changes.items() if value is not None}
        keep(session, owner, checked_plan(**{**plan.model_dump(), "messages": messages, **given}))
        return _told(owner, kept(session, owner), schedules.list_windows(session, owner), language)


def _told(owner: Owner, found: Kept, windows: list[KeptWindow], language: str) -> dict[str, Any]:
    plan = found.plan
    return {
        "bot_id": owner.id,
        "own": found.own,
        "schedule_enabled": plan.enabled,
        "timezone": plan.zone,
        "outside_hours_message": plan.messages.get(language),
        "outside_hours_messages": plan.messages,
        "tells_customer": plan.tells,
        "needs_human": plan.needs_human,
        "special_days": [special.model_dump(mode="json") for special in plan.special],
        "schedules": [_as_json(window) for window in windows],
    }


def _as_json(window: KeptWindow) -> dict[str, Any]:
    row = window.row
    return {
        "id": row.id,
        "bot_id": window.owner_id,
        "day_of_week": (row.weekday + 1) % DAYS,
        "start_time": f"{row.opens:%H:%M}",
        "end_time": f"{row.closes:%H:%M}",
        "is_active": row.active,
        "created_at": _moment(row.created_at),
        "updated_at": _moment(row.updated_at),
    }


def _moment(at: datetime) -> str:
    return at.isoformat()
