"""Pages from templates, with what every page needs and the headers that keep it safe."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Request
from sanic.response import HTTPResponse, html

from console.navigation import menu_of
from console.permissions import may
from console.translations import install, preferred_language, translator
from ramah.people.roles import Permission
from ramah.people.sessions import Login

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "ms": "Bahasa Melayu", "en": "English"}


@lru_cache(maxsize=1)
def build_templates() -> Environment:
    """The one template environment, which keeps compiled templates: auto-escaping always on, unknown names refused."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    install(environment)
    return environment


async def page(request: Request, template: str, *, status_code: int = 200, **context: Any) -> HTTPResponse:
    """Render a template with the frame's context. ``title`` may be marked words."""
    login: Login | None = getattr(request.ctx, "login", None)
    language = language_of(request)
    frame = {
        "language": language,
        "csrf_token": login.csrf_token if login else getattr(request.ctx, "csrf_token", ""),
        "staff": _staff(login),
        "menu": menu_of(login),
        "here": request.path,
        "live_seq": request.app.ctx.wiring.live.newest(login.organisation_id) if login else 0,
        "organisation": {"name": login.organisation_name, "timezone": login.timezone} if login else None,
        "sees_why": login is not None and may(login, Permission.SEE_WHY),
    }
    title = translator(language)(str(context.pop("title", "")))
    environment: Environment = request.app.ctx.wiring.templates
    response = html(environment.get_template(template).render({**frame, "title": title, **context}), status=status_code)
    response.headers["cache-control"] = "no-store"
    response.headers["vary"] = "HX-Request"
    return response


def language_of(request: Request) -> str:
    """The language of whoever is logged in, else the best that their browser asks for."""
    login: Login | None = getattr(request.ctx, "login", None)
    return login.language if login else preferred_language(request.headers.get("accept-language"))


@lru_cache(maxsize=8)
def webchat_words(language: str) -> dict[str, str]:
    """The web chat's own words in a language."""
    path = TEMPLATES / "webchat" / f"words.{language}.json"
    return {str(key): str(value) for key, value in json.loads(path.read_text(encoding="utf-8")).items()}


def _staff(login: Login | None) -> dict[str, Any] | None:
    if login is None:
        return None
    return {
        "name": login.name,
        "email": login.email,
        "role": login.roles[0] if login.roles else "",
        "roles": login.roles,
    }
