"""The OpenAPI document of all JSON routes, made of the declarations beside their handlers."""

from __future__ import annotations

import re
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from sanic import Sanic

from console.api.describing import JSON, Description, ProblemAnswer, Proof, description_of

VERSION = "3.1.0"
TITLE = "Ramah"
REFERENCE = "#/components/schemas/{model}"
PART = re.compile(r"<(\w+):[^>]+>")
MEANINGS = {
    400: "The request cannot be read.",
    401: "Nobody is logged in, or the proof is wrong.",
    403: "The role, the second factor or the page's token does not allow it.",
    404: "There is no such thing, or it is not yours to see.",
    409: "Somebody was faster, or it cannot be done as things stand.",
    413: "Too large.",
    415: "This kind of content is not taken.",
    429: "Too many tries; Retry-After says when to come back.",
    503: "Not ready.",
}
SCHEMES: dict[str, Any] = {
    "session": {"type": "apiKey", "in": "cookie", "name": "ramah_session"},
    "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
    "visitor": {"type": "http", "scheme": "bearer", "description": "The token that a web chat session gave."},
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Hub-Signature-256",
        "description": "The provider's own.",
    },
}
SAFE = frozenset({"get", "head"})


def described_routes(app: Sanic[Any, Any]) -> list[tuple[str, str, Description]]:
    """Path, method and description of every route that has one, by path."""
    found = [
        (f"/{route.path}", method.lower(), description)
        for route in app.router.routes
        if (description := description_of(route.handler)) is not None
        for method in route.methods
    ]
    return sorted(found, key=lambda one: (one[0], one[1]))


def document(app: Sanic[Any, Any], server: str) -> dict[str, Any]:
    """The whole document; ``server`` is the public address."""
    routes = described_routes(app)
    paths: dict[str, dict[str, Any]] = {}
    for path, method, description in routes:
        paths.setdefault(PART.sub(r"{\1}", path), {})[method] = _operation(path, method, description)
    return {
        "openapi": VERSION,
        "info": {"title": TITLE, "version": "1", "description": "All JSON routes of the console."},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {"schemas": _schemas(routes), "securitySchemes": SCHEMES},
    }


def _operation(path: str, method: str, about: Description) -> dict[str, Any]:
    given: dict[str, Any] = {
        "summary": about.summary,
        "tags": [about.tag],
        "operationId": re.sub(r"\W+", "_", f"{method}_{path}").strip("_"),
        "parameters": [*_parts(path), *_query(about)],
        "responses": _answers(about),
        "security": _security(method, about.proof),
    }
    if about.body is not None:
        given["requestBody"] = {"required": True, "content": {about.body_type: {"schema": _reference(about.body)}}}
    return given


def _parts(path: str) -> list[dict[str, Any]]:
    names = PART.findall(path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query(about: Description) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}
        for name, meaning in about.query.items()
    ]


def _answers(about: Description) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status, what in about.answers.items():
        content = {what: {}} if isinstance(what, str) else {JSON: {"schema": _reference(what)}}
        answers[str(status)] = {"description": MEANINGS.get(status, "Done."), "content": content}
    for status in about.problems:
        content = {JSON: {"schema": _reference(ProblemAnswer)}}
        answers.setdefault(str(status), {"description": MEANINGS[status], "content": content})
    return answers


def _security(method: str, proof: Proof) -> list[dict[str, list[str]]]:
    if proof is Proof.NOBODY:
        return []
    if proof is Proof.SESSION and method not in SAFE:
        return [{"session": [], "csrf": []}]
    return [{proof.value: []}]


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": REFERENCE.format(model=model.__name__)}


def _schemas(routes: list[tuple[str, str, Description]]) -> dict[str, Any]:
    bodies = {about.body for _, _, about in routes if about.body is not None}
    answers = {what for _, _, about in routes for what in about.answers.values() if not isinstance(what, str)}
    given: set[type[BaseModel]] = {*(answers - bodies), ProblemAnswer}
    wanted = [(model, "validation") for model in sorted(bodies, key=_name)]
    wanted += [(model, "serialization") for model in sorted(given, key=_name)]
    _, found = models_json_schema(wanted, ref_template=REFERENCE)  # type: ignore[arg-type]  # the modes are literals
    schemas: dict[str, Any] = found["$defs"]
    return schemas


def _name(model: type[BaseModel]) -> str:
    return model.__name__
