"""The public form: shown, checked, sent. Works without scripts; programs speak JSON at the same address."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from limits import parse
from sanic import Blueprint, Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from sqlalchemy import select

from console.api.answers import FormAnswer
from console.api.describing import Description, Proof, described
from console.render import LANGUAGE_NAMES, page
from console.security import TooMany, allow, client_address
from console.webform.posted import JsonBody, Posted, read_posted
from console.webform.tokens import Judged, Standing, judge, new_token
from console.webform.words import words_in
from console.wiring import in_thread, wiring
from ramah.channels.webform.definition import FormDefinition, definition_of, worded
from ramah.channels.webform.submission import Problem, cleaned, problems_of, submission_of
from ramah.messaging.accounts import find_account
from ramah.messaging.models import ChannelAccount
from ramah.messaging.webforms import submit
from ramah.people import Organisation

blueprint = Blueprint("webform")
PATH = "/form/<key:str>"
Language = Literal["id", "ms", "en"]


@dataclass(frozen=True)
class Shown:
    """A form on its way to a reader: what was typed, what is wrong with it, and a notice above it."""

    account: ChannelAccount
    form: FormDefinition
    organisation: Organisation
    language: Language
    token: str
    values: dict[str, str] = field(default_factory=dict)
    problems: dict[str, Problem] = field(default_factory=dict)
    notice: str | None = None


@blueprint.get(PATH)
@described(
    Description(
        "A form and its fields, as a page or as JSON",
        "web form",
        {200: FormAnswer},
        proof=Proof.NOBODY,
        problems=(404,),
    )
)
async def show(request: Request, key: str) -> HTTPResponse:
    """The empty form."""
    account, form, organisation = await _find(request, key)
    language = _language(organisation, request.args.get("lang"))
    shown = Shown(account, form, organisation, language, _new_token(request, account))
    return _described(shown) if _wants_json(request) else await _page(request, shown)


@blueprint.post(PATH)
@described(
    Description(
        "Send a form, as a page or as JSON",
        "web form",
        {201: FormAnswer, 400: FormAnswer, 429: FormAnswer},
        JsonBody,
        proof=Proof.NOBODY,
        problems=(404,),
    )
)
async def send(request: Request, key: str) -> HTTPResponse:
    """Store what was filled in, once per page and content; else show it again with what to do, nothing lost."""
    account, form, organisation = await _find(request, key)
    posted = read_posted(request, form)
    language = _language(organisation, posted.switch_to or posted.language or request.args.get("lang"))
    judged = judge(_secret(request), account.public_key, posted.token, time.time())
    token = _new_token(request, account) if judged.standing is Standing.STALE else posted.token
    shown = Shown(account, form, organisation, language, token, posted.values)
    if posted.switch_to:
        return await _page(request, shown)
    try:
        allow(request, parse(form.limit), "webform", client_address(request), account.id)
    except TooMany as error:
        answer = await _again(request, posted, shown, {}, "too_many", status=429)
        answer.headers["retry-after"] = str(error.wait)
        return answer
    problems = problems_of(form, posted.values, organisation.country)
    notice = _suspicion(posted, judged)
    if problems or notice:
        return await _again(request, posted, shown, problems, notice)
    submission = submission_of(form, judged.id, language, posted.values, organisation.country)
    await in_thread(lambda: submit(wiring(request).database, account, submission))
    return await _thanks(request, posted, shown)


@blueprint.on_response  # type: ignore[untyped-decorator]
async def _allow_frames(request: Request, response: HTTPResponse) -> None:
    """Other sites may show the form in a frame, as they may the web chat."""
    policy = response.headers.get("content-security-policy", "")
    response.headers["content-security-policy"] = policy.replace("frame-ancestors 'none'", "frame-ancestors *")
    response.headers.pop("x-frame-options", None)


def _suspicion(posted: Posted, judged: Judged) -> str | None:
    """Why somebody should press the button once more: no person is so fast, or fills in what nobody sees."""
    if judged.standing is Standing.STALE:
        return "stale"
    return "once_more" if posted.trapped or judged.standing is Standing.TOO_FAST else None


async def _again(
    request: Request,
    posted: Posted,
    shown: Shown,
    problems: dict[str, Problem],
    notice: str | None,
    status: int = 422,
) -> HTTPResponse:
    words = words_in(shown.language)
    if posted.is_json:
        said = {name: {"code": problem, "message": words[problem]} for name, problem in problems.items()}
        body = {"sent": False, "problems": said, "notice": notice and words[notice], "token": shown.token}
        return json_response(body, status=status)
    again = replace(shown, problems=problems, notice=notice and words[notice])
    return await _page(request, again, status)


async def _thanks(request: Request, posted: Posted, shown: Shown) -> HTTPResponse:
    said = worded(shown.form.thanks, shown.language)
    if posted.is_json:
        return json_response({"sent": True, "thanks": said}, status=201)
    return await page(
        request,
        "webform/thanks.html",
        language=shown.language,
        words=words_in(shown.language),
        title=worded(shown.form.title, shown.language),
        brand=shown.organisation.name,
        thanks=said,
    )


async def _page(request: Request, shown: Shown, status: int = 200) -> HTTPResponse:
    return await page(
        request,
        "webform/page.html",
        status_code=status,
        language=shown.language,
        languages=LANGUAGE_NAMES,
        words=words_in(shown.language),
        title=worded(shown.form.title, shown.language),
        brand=shown.organisation.name,
        key=shown.account.public_key,
        token=shown.token,
        notice=shown.notice,
        fields=[_field(shown, index) for index in range(len(shown.form.fields))],
    )


def _field(shown: Shown, index: int) -> dict[str, object]:
    """One field as the template wants it."""
    asked = shown.form.fields[index]
    problem = shown.problems.get(asked.name)
    return {
        "name": asked.name,
        "kind": asked.kind.value,
        "label": worded(asked.label, shown.language),
        "required": asked.required,
        "longest": asked.longest,
        "choices": [(choice.value, worded(choice.label, shown.language)) for choice in asked.choices],
        "value": cleaned(shown.values.get(asked.name, "")),
        "problem": words_in(shown.language)[problem] if problem else None,
        "fills_name": asked.name == "name",
    }


def _described(shown: Shown) -> HTTPResponse:
    """The form for a program: its fields, and the token to send back with the values."""
    names = ("name", "kind", "label", "required", "longest", "choices")
    fields = [_field(shown, index) for index in range(len(shown.form.fields))]
    return json_response(
        {
            "title": worded(shown.form.title, shown.language),
            "language": shown.language,
            "token": shown.token,
            "fields": [{name: asked[name] for name in names} for asked in fields],
        }
    )


async def _find(request: Request, key: str) -> tuple[ChannelAccount, FormDefinition, Organisation]:
    database = wiring(request).database

    def read() -> tuple[ChannelAccount, FormDefinition, Organisation]:
        account = find_account(database, "webform", key)
        with database.tenant_reading(account.organisation_id) as session:
            found = select(Organisation).where(Organisation.id == account.organisation_id)
            return account, definition_of(account.options or {}), session.scalars(found).one()

    return await in_thread(read)


def _language(organisation: Organisation, wanted: str | None) -> Language:
    return cast(Language, wanted if wanted in LANGUAGE_NAMES else organisation.language)


def _secret(request: Request) -> str:
    return wiring(request).config.secret_key.get_secret_value()


def _new_token(request: Request, account: ChannelAccount) -> str:
    return new_token(_secret(request), account.public_key, time.time())


def _wants_json(request: Request) -> bool:
    return request.headers.get("accept", "").partition(",")[0].strip() == "application/json"
