"""The page of all components, for those who build pages."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse

from console.render import page

blueprint = Blueprint("styleguide")


@blueprint.get("/styleguide")
async def show_styleguide(request: Request) -> HTTPResponse:
    """Every component. The app has this route in development only."""
    return await page(request, "styleguide.html", title="Styleguide")
