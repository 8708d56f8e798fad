"""Questions and requests in the middle of a form: recognised, so that they are answered and the form goes on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ramah.booking.heard import Heard

ENQUIRIES = frozenset({"ask_services", "ask_price", "ask_included", "ask_areas", "ask_hours", "ask_location"})
REQUESTS = frozenset(
    {
        "talk_to_person", "complaint", "reschedule", "cancel_booking", "service_update", "pay", "ask_offers",
        "proof_sent", "choose_bill", "send_file", "opt_in", "not_a_slip",
        "back_to_assistant", "greet", "goodbye", "thanks", "who_are_you", "help", "change_language", "stop",
        "cancel", "go_back", "start_over", "unfinished_bookings",
        "my_bookings", "choose_booking", "choose_change", "choose_complaint",
    }
)  # fmt: skip
INTERRUPTIONS = ENQUIRIES | REQUESTS
"""Intents for which the dialogue has a rule inside the form."""

OUT_OF_SCOPE = "out_of_scope"
BOOKINGS = frozenset({"book_service", "subscribe_service"})
_THAT = re.compile(
    r"\b(?:book(?:ing)?|take|want|get|do|need|like|mau|mo|nak|ambil|amik|pesan|tempah|yang|yg)\s+(?:it|that|this|itu|tu|ini|ni|td|tadi)\b",
    re.IGNORECASE,
)

_QUESTION = re.compile(
    r"\?|\b(apa|apakah|berapa|brp|brapa|kapan|kpn|bila|bilakah|mana|dimana|gimana|gmn|bagaimana|macam mana|mcm mana|"
    r"kenapa|siapa|ada ga|ada gak|boleh tak|how|what|when|where|which|who|why|do you|is there|are you|can you)\b",
    re.IGNORECASE,
)


def interrupts(heard: Heard, before: Mapping[str, str], after: Mapping[str, str], expected: str | None) -> bool:
    """Whether a message is about something else than the question that was asked.

    A message that answers the question never is, whatever else it says. One that brings other facts is only
    when it is worded as a question: short answers are easily mistaken for one ("di outlet").
    """
    if expected is None or heard.tap is not None:
        return False
    if asks_something_else(heard):
        return dict(before) == dict(after)
    if heard.intent not in INTERRUPTIONS:
        return False
    if after.get("notes") != before.get("notes") and heard.intent in ENQUIRIES and "?" not in heard.text:
        return False
    if after.get(expected) and after.get(expected) != before.get(expected):
        return False
    return dict(before) == dict(after) or heard.intent in REQUESTS or is_question(heard.text)


def refers_back(heard: Heard) -> bool:
    """Whether a message takes what was asked about right before it: "book it tomorrow", "mau yang itu"."""
    return bool(heard.enquired) and heard.tap is None and (heard.intent in BOOKINGS or bool(_THAT.search(heard.text)))


def asks_something_else(heard: Heard) -> bool:
    """Whether a message asks what is none of our business: the weather, the football. What is merely not recognised is
    no question, and may well be the answer to ours."""
    return heard.intent == OUT_OF_SCOPE and is_question(heard.text)


def is_question(text: str) -> bool:
    """Whether a message is worded as a question."""
    return bool(_QUESTION.search(text))
