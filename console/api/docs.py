"""The API's own pages: the OpenAPI document, and the same to read."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, json

from console.api.answers import SchemaAnswer
from console.api.describing import Description, Proof, described
from console.api.openapi import document
from console.render import page
from console.wiring import wiring

blueprint = Blueprint("api_docs")


@blueprint.get("/api/openapi.json")
@described(Description("This document", "api", {200: SchemaAnswer}, proof=Proof.NOBODY))
async def show_document(request: Request) -> HTTPResponse:
    """All JSON routes as OpenAPI 3.1."""
    return json(_document(request))


@blueprint.get("/api/docs")
async def show_page(request: Request) -> HTTPResponse:
    """The same to read, without any script."""
    found = _document(request)
    tags: dict[str, list[dict[str, Any]]] = {}
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            tags.setdefault(operation["tags"][0], []).append({"path": path, "method": method.upper(), **operation})
    return await page(request, "api/docs.html", title="API", tags=tags, schemas=found["components"]["schemas"])


def _document(request: Request) -> dict[str, Any]:
    """Made once: the routes of a running app do not change."""
    known: dict[str, Any] | None = getattr(request.app.ctx, "openapi", None)
    if known is None:
        known = request.app.ctx.openapi = document(request.app, wiring(request).config.public_url.rstrip("/"))
    return known
