"""What the reply box posts, and the question that is asked back when a colleague has just answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanic import Request
from sanic.response import HTTPResponse, empty, json

from console.numbers import whole_number
from console.security import form_text
from console.translations import mark, translator
from console.wiring import in_thread
from ramah.channels.content import Attachment
from ramah.desk.collisions import AnsweredMeanwhile
from ramah.desk.writing import Reply

ASK = mark("{name} answered {seconds} s ago. Send anyway?")
OUTSIDE = mark("Somebody outside this console")


def reply_of(request: Request, attachment: Attachment | None = None) -> Reply:
    """The posted reply: ``text``, ``answers`` and ``seen`` (positions), ``anyway``."""
    seen, answers = form_text(request, "seen"), form_text(request, "answers")
    return Reply(
        form_text(request, "text"),
        answers=whole_number(answers) if answers else None,
        attachment=attachment,
        seen=whole_number(seen) if seen else None,
        anyway=form_text(request, "anyway") == "yes",
    )


async def sent_or_asked(request: Request, send: Callable[[], Any]) -> HTTPResponse:
    """204 when it was sent; 409 with ``ask`` when the writer must first hear who has answered meanwhile."""
    try:
        await in_thread(send)
    except AnsweredMeanwhile as meanwhile:
        said = translator(request.ctx.login.language)
        question = said(ASK).format(name=meanwhile.by or said(OUTSIDE), seconds=meanwhile.seconds)
        return json({"error": "Somebody was faster", "message": question, "ask": True}, status=409)
    return empty()
