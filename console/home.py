"""The front page: the demo's links in demo mode, else the console."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect
from sqlalchemy import select

from console.render import page
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.demo.loader import DEMO_PASSWORD
from ramah.messaging.models import ChannelAccount
from ramah.people import Organisation, Staff
from ramah.store import Database

blueprint = Blueprint("home")


@blueprint.get("/")
async def home(request: Request) -> HTTPResponse:
    """Links to everything that one can try; outside the demo, the console."""
    config, database = wiring(request).config, wiring(request).database
    if not config.demo:
        return redirect("/console")
    organisations = await in_thread(lambda: _organisations(database))
    return await page(
        request,
        "demo.html",
        title=mark("Demo"),
        organisations=organisations,
        accounts=await in_thread(lambda: _accounts(database)),
        whatsapp_demo_url=f"http://127.0.0.1:{config.whatsapp_demo_port}/_demo/" if config.whatsapp_demo else None,
        api_docs_url=None,
        booking_schema_url="/api/schemas/booking",
    )


def _organisations(database: Database) -> list[dict[str, Any]]:
    with database.every_organisation_reading() as session:
        rows = session.execute(
            select(Organisation, ChannelAccount.public_key)
            .join(ChannelAccount, ChannelAccount.organisation_id == Organisation.id)
            .where(ChannelAccount.kind == "webchat")
            .order_by(Organisation.name.desc())
        ).all()
        phones = session.scalars(select(ChannelAccount).where(ChannelAccount.kind == "whatsapp")).all()
        numbers = {phone.organisation_id: phone.name for phone in phones}
        forms = session.scalars(select(ChannelAccount).where(ChannelAccount.kind == "webform")).all()
        form_urls = {form.organisation_id: f"/form/{form.public_key}" for form in forms}
    return [
        {
            "name": row.name,
            "about": row.profile.get("about", ""),
            "chat_url": f"/chat/{key}",
            "accent": row.profile.get("brand_colour", "#0f766e"),
            "whatsapp": numbers.get(row.id),
            "form_url": form_urls.get(row.id),
        }
        for row, key in rows
    ]


def _accounts(database: Database) -> list[dict[str, str]]:
    with database.every_organisation_reading() as session:
        rows = session.execute(
            select(Staff, Organisation.name).join(Organisation, Organisation.id == Staff.organisation_id)
        ).all()
    return [
        {"email": staff.email, "password": DEMO_PASSWORD, "role": f"{organisation}, {', '.join(staff.roles)}"}
        for staff, organisation in rows
    ]
