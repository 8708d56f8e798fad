"""The public page of a bill, by signed link: what to pay, where to, and a field for the slip. Works without scripts."""

from __future__ import annotations

from typing import Any

import segno
from limits import parse
from sanic import Blueprint, Request
from sanic.exceptions import NotFound, SanicException
from sanic.response import HTTPResponse

from console.media.bodies import read_body
from console.media.storing import media_storage, not_now
from console.payments.words import words_in
from console.render import LANGUAGE_NAMES, page
from console.security import TooMany, allow, client_address
from console.translations import mark
from console.wiring import in_thread, wiring
from ramah.billing.links import PaymentLink, read_token
from ramah.billing.page import BillPage, open_page, send_slip
from ramah.billing.proofs import Received
from ramah.integrations.storage import StorageError
from ramah.lib.errors import BadInput, Refused
from ramah.messaging.media.proof import FileRefused
from ramah.messaging.media.uploads import Upload

blueprint = Blueprint("pay")
PATH = "/pay/<token:str>"
LIMIT = parse("10/minute")
"""How often one address may send slips for one bill."""
REPEATED = {Received.APPROVED_ALREADY: "repeated_approved", Received.REJECTED_ALREADY: "repeated_rejected"}


@blueprint.get(PATH)
async def show_bill(request: Request, token: str) -> HTTPResponse:
    """The bill. 404 for a forged, changed or old link alike."""
    return await _page(request, token, _link(request, token))


async def post_slip(request: Request, token: str) -> HTTPResponse:
    """Take a slip; the same one again is recognised."""
    link = _link(request, token)
    try:
        allow(request, LIMIT, "pay", client_address(request), link.bill_id)
        upload = await _upload(request)
        notice = await in_thread(lambda: _send(request, link, upload))
    except TooMany as error:
        answer = await _page(request, token, link, problem="too_many", status=429)
        answer.headers["retry-after"] = str(error.wait)
        return answer
    except (FileRefused, BadInput):
        return await _page(request, token, link, problem="refused", status=415)
    except Refused:
        return await _page(request, token, link, status=409)
    except StorageError as error:
        raise not_now(error) from error
    except SanicException as error:
        return await _page(request, token, link, problem="too_large", status=error.status_code)
    return await _page(request, token, link, notice=notice)


blueprint.add_route(post_slip, PATH, methods=["POST"], stream=True)


def _link(request: Request, token: str) -> PaymentLink:
    link = read_token(wiring(request).config, token)
    if link is None:
        raise NotFound(mark("This payment link is wrong or has ended. Ask for a new one in the chat."))
    return link


async def _upload(request: Request) -> Upload:
    """Raises BadInput when there is no file in the form, and 413 and 408."""
    most_bytes = wiring(request).config.media_limit
    request.body = await read_body(request, most_bytes)
    files: dict[str, Any] = request.files or {}
    file = files.get("file")
    if file is None or not file.body:
        raise BadInput("there is no file in the form")
    return Upload(file.body, file.name, most_bytes)


def _send(request: Request, link: PaymentLink, upload: Upload) -> str:
    received = send_slip(wiring(request).database, media_storage(request), link, upload)
    return REPEATED.get(received.result, "repeated") if received.repeated else "received"


async def _page(
    request: Request,
    token: str,
    link: PaymentLink,
    *,
    notice: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> HTTPResponse:
    wanted = request.args.get("lang")
    language = wanted if wanted in LANGUAGE_NAMES else None
    database = wiring(request).database
    bill = await in_thread(lambda: open_page(database, link, language))
    words = words_in(bill.language)
    return await page(
        request,
        "payments/bill.html",
        status_code=status,
        language=bill.language,
        languages=LANGUAGE_NAMES,
        title=bill.reference,
        token=token,
        bill=bill,
        words=words,
        qr_code=_qr_code(bill),
        notice=words[notice] if notice else None,
        problem=words[problem] if problem else None,
    )


def _qr_code(bill: BillPage) -> str | None:
    """The QRIS or DuitNow code as a picture, where the profile has its text."""
    return segno.make(bill.account.qris, error="m").png_data_uri(scale=5, border=3) if bill.account.qris else None
