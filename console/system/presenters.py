"""From signs of life to what the system page shows, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from console.system.looking import System
from console.translations import mark
from ramah.messaging.providers import Purpose
from ramah.observe import readiness
from ramah.observe.beats import Sign

Say = Callable[[str], str]
KINDS = {
    "console": mark("Console: pages, web chat and webhooks"),
    "worker": mark("Worker: answers and sends"),
    "actions": mark("Actions: bookings, payments, complaints"),
    "engine": mark("Engine: understanding and dialogue"),
}
MISSED = {
    "console": mark("No console shows that it lives: webhooks are not taken in."),
    "worker": mark("No worker runs: nobody is answered and nothing is sent. Messages wait, none is lost."),
    "actions": mark("No action server runs: bookings and payments wait. Start it again."),
    "engine": mark("The engine does not answer: messages wait for it, none is lost. Start it again."),
}
NOT_READY = mark("The engine answers, but has no model that it can serve, or cannot reach its store.")
WORDS = {
    readiness.NO_DATABASE: mark("The database does not answer."),
    readiness.NO_REDIS: mark("Redis does not answer: limits are counted in the database."),
    readiness.NO_ROOM: mark("The disk for files is full: files wait until there is room."),
    readiness.NO_BUCKET: mark("The bucket for files does not answer: files wait until it does."),
    readiness.REFUSED_BY_BUCKET: mark("The bucket for files refuses us: check its key and secret."),
    readiness.WRONG_CLOCK: mark("The clock of this machine is wrong: set it."),
}
SYSTEMS = {
    "erp": mark("The ERP does not answer and is left alone for a moment: bookings wait."),
    "llm": mark("The language model does not answer and is left alone for a moment."),
    "storage": mark("The place for files does not answer and is left alone for a moment."),
    "mail": mark("The mail server does not answer and is left alone for a moment."),
    "engine": mark("The engine does not answer and is left alone for a moment: messages wait."),
}
A_CHANNEL = mark("A channel's provider does not answer and is left alone for a moment: its messages wait.")
ERRANDS = {
    Purpose.FILES: mark("A channel's provider does not give files and is left alone for a moment: files wait there."),
    Purpose.MAILS: mark("A mailbox does not answer and is left alone for a moment: mails wait there."),
    Purpose.CHECKS: mark("A channel's provider does not answer to checks and is left alone for a moment."),
    Purpose.COURTESIES: mark("A channel's provider does not take typing signs and is left alone for a moment."),
    Purpose.LINKING: mark("A channel's provider does not answer to linking an account and is left alone for a moment."),
}
A_LOOP = mark("One of its tasks hangs.")
QUEUES = {
    "inbound": mark("Messages that wait for an answer"),
    "outbound": mark("Messages that wait to be sent"),
    "envelopes": mark("Webhooks that wait to be read"),
}


def processes(system: System, say: Say) -> list[dict[str, Any]]:
    """One line for each process that was heard of, and one for each kind of which none lives."""
    lines = [_line(sign, say) for sign in system.signs]
    alive = {sign.beat.kind for sign in system.signs if not sign.is_silent}
    lines += [_nobody(kind, say) for kind in ("console", "worker", "actions") if kind not in alive]
    return [*lines, _engine(system, say)]


def queues(system: System, say: Say) -> list[dict[str, Any]]:
    """What waits in this organisation."""
    return [{"name": say(QUEUES[one.name]), "rows": one.rows, "oldest": one.oldest} for one in system.queues]


def _line(sign: Sign, say: Say) -> dict[str, Any]:
    beat = sign.beat
    state = "silent" if sign.is_silent else "works" if beat.ready else "stuck"
    told = [] if sign.is_silent else [_in_words(words, say) for words in (*beat.troubles, *beat.warnings)]
    return _shown(say(KINDS.get(beat.kind, beat.kind)), state, told, beat.name, beat.beat_at, beat.release)


def _nobody(kind: str, say: Say) -> dict[str, Any]:
    return _shown(say(KINDS[kind]), "missing", [say(MISSED[kind])])


def _engine(system: System, say: Say) -> dict[str, Any]:
    word = system.engine
    if word is None:
        return _nobody("engine", say)
    if not word.ready:
        return _shown(say(KINDS["engine"]), "stuck", [say(NOT_READY)])
    return _shown(say(KINDS["engine"]), "works", [], word.model or "")


def _shown(
    kind: str, state: str, told: list[str], name: str = "", heard_at: datetime | None = None, release: str = ""
) -> dict[str, Any]:
    return {"kind": kind, "state": state, "told": told, "name": name, "heard_at": heard_at, "release": release}


def _in_words(told: str, say: Say) -> str:
    if told.startswith(readiness.LEFT_ALONE):
        system = told.removeprefix(readiness.LEFT_ALONE)
        _, _, purpose = system.partition(" ")
        return say(ERRANDS[Purpose(purpose)] if purpose in list(Purpose) else SYSTEMS.get(system, A_CHANNEL))
    return say(WORDS.get(told, A_LOOP))
