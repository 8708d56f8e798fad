"""Setting up and switching off one's second factor."""

from __future__ import annotations

import segno
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect

from console.account.views import HOME, account_page
from console.render import page
from console.security import allow, form_text, staff_only
from console.wiring import in_thread, wiring
from ramah.lib.errors import BadInput, Refused
from ramah.people import second_factor
from ramah.people.own_account import drop_second_factor, prove
from ramah.people.sessions import Login

blueprint = Blueprint("second_factor", url_prefix="/console/account")
QR_SCALE = 5
GROUP = 4


@blueprint.get("/second-factor")
@staff_only
async def show_secret(request: Request) -> HTTPResponse:
    """The QR code and the same to type, until a first code has come back."""
    return await _secret_page(request)


@blueprint.post("/second-factor")
@staff_only
async def confirm(request: Request) -> HTTPResponse:
    """The first code: from now on one is asked at each login. The recovery codes are shown this once."""
    login, database, key = _login(request), wiring(request).database, wiring(request).config.encryption_key
    allow(request, wiring(request).limits.login, "code", login.staff_id)
    code = form_text(request, "code")
    try:
        codes = await in_thread(
            lambda: second_factor.confirm(database, key, login.organisation_id, login.staff_id, code)
        )
    except BadInput as error:
        return await _secret_page(request, problem=str(error), status=400)
    return await page(request, "account/recovery.html", title="Recovery codes", codes=codes)


@blueprint.post("/second-factor/off")
@staff_only
async def switch_off(request: Request) -> HTTPResponse:
    """No code is asked any more; the password proves who wants this."""
    login, database = _login(request), wiring(request).database
    allow(request, wiring(request).limits.login, "password", login.staff_id)
    password = form_text(request, "password")
    try:
        await in_thread(lambda: drop_second_factor(database, login, password))
    except BadInput as error:
        return await account_page(request, problem=str(error), part="factor", status=400)
    return redirect(f"{HOME}?done=off", status=303)


@blueprint.post("/recovery-codes")
@staff_only
async def renew_codes(request: Request) -> HTTPResponse:
    """New recovery codes; the old ones work no more."""
    login, database = _login(request), wiring(request).database
    allow(request, wiring(request).limits.login, "password", login.staff_id)
    password = form_text(request, "password")
    try:
        await in_thread(lambda: prove(database, login, password))
        codes = await in_thread(
            lambda: second_factor.renew_recovery_codes(database, login.organisation_id, login.staff_id)
        )
    except (BadInput, Refused) as error:
        return await account_page(request, problem=str(error), part="factor", status=400)
    return await page(request, "account/recovery.html", title="Recovery codes", codes=codes)


async def _secret_page(request: Request, *, problem: str | None = None, status: int = 200) -> HTTPResponse:
    login, database, key = _login(request), wiring(request).database, wiring(request).config.encryption_key
    try:
        secret, address = await in_thread(
            lambda: second_factor.begin(database, key, login.organisation_id, login.staff_id)
        )
    except Refused:
        return redirect(HOME, status=303)
    return await page(
        request,
        "account/second_factor.html",
        status_code=status,
        title="Second factor",
        picture=segno.make(address, error="m").svg_data_uri(scale=QR_SCALE, border=2, dark="#000", light="#fff"),
        secret=" ".join(secret[place : place + GROUP] for place in range(0, len(secret), GROUP)),
        required=login.must_enrol,
        problem=problem,
    )


def _login(request: Request) -> Login:
    login = request.ctx.login
    assert isinstance(login, Login)  # noqa: S101 - set by staff_only
    return login
