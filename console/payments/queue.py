"""The queue of slips: what customers sent, and what a person decides about it."""

from __future__ import annotations

from sanic import Blueprint, Request
from sanic.response import HTTPResponse, redirect, text

from console.payments import presenters
from console.permissions import may, needs
from console.render import page
from console.security import form_text, staff_only
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.billing import queue
from ramah.billing.approval import LONGEST_REASON, approve, reject
from ramah.people.roles import Permission
from ramah.people.sessions import Login

blueprint = Blueprint("payments", url_prefix="/console/payments")
DONE = frozenset({"approved", "rejected"})


@blueprint.get("/")
@staff_only
async def show_queue(request: Request) -> HTTPResponse:
    """What waits, the oldest first, and the last decisions."""
    login, database, config = _login(request), wiring(request).database, wiring(request).config
    waiting = await in_thread(lambda: queue.waiting(database, login.organisation_id))
    decided = await in_thread(lambda: queue.decided(database, login.organisation_id))
    done = request.args.get("done", "")
    return await page(
        request,
        "payments/queue.html",
        title=mark("Payments"),
        slips=[presenters.slip(item, config, login.language) for item in waiting],
        decided=[presenters.decision(item, login.language) for item in decided],
        may_decide=may(login, Permission.DECIDE_PAYMENTS),
        done=done if done in DONE else None,
        longest_reason=LONGEST_REASON,
    )


@blueprint.get("/count")
@staff_only
async def show_count(request: Request) -> HTTPResponse:
    """How many slips wait, for the badge of the rail; empty for none."""
    login, database = _login(request), wiring(request).database
    number = await in_thread(lambda: queue.count_waiting(database, login.organisation_id))
    return text(str(number) if number else "", headers={"cache-control": "no-store"})


@blueprint.post("/<proof_id:str>/approve")
@needs(Permission.DECIDE_PAYMENTS)
async def approve_slip(request: Request, proof_id: str) -> HTTPResponse:
    """The money is there. Who comes second is told who was first."""
    login, database = _login(request), wiring(request).database
    bill_id = form_text(request, "bill") or None
    await in_thread(lambda: approve(database, login.organisation_id, proof_id, login.staff_id, bill_id))
    return redirect("/console/payments?done=approved", status=303)


@blueprint.post("/<proof_id:str>/reject")
@needs(Permission.DECIDE_PAYMENTS)
async def reject_slip(request: Request, proof_id: str) -> HTTPResponse:
    """The slip proves nothing; the customer reads the reason."""
    login, database = _login(request), wiring(request).database
    reason = form_text(request, "reason")
    await in_thread(lambda: reject(database, login.organisation_id, proof_id, login.staff_id, reason))
    return redirect("/console/payments?done=rejected", status=303)


def _login(request: Request) -> Login:
    login: Login = request.ctx.login
    return login
