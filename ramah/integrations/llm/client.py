"""One question, one answer, within a time: ``POST {base}/chat/completions``."""

from __future__ import annotations

import time

from ramah.integrations.errors import CredentialsRefused, IntegrationError, Unavailable, speaks_for
from ramah.integrations.http import BREAKERS, Answer, BadStatus, Breakers, HttpClient
from ramah.integrations.llm.errors import dislikes_the_format, error_from
from ramah.integrations.llm.reading import json_in
from ramah.integrations.llm.settings import JsonMode, LlmAccess, Question, body_of

PATH = "/chat/completions"
REST_SECONDS = 600.0
"""How long a model is left alone after a refusal that asking again does not cure (key, money, name)."""

NOT_FOUND = 404
PLAINER: dict[JsonMode, JsonMode] = {"json_schema": "json_object", "json_object": "none"}


class Resting(Unavailable):
    """The model refused for good a short while ago and is not asked."""


@speaks_for("llm")
class ChatModel:
    """A model. Thread-safe; keep one for the process, it remembers which kind of JSON mode its server takes."""

    def __init__(self, access: LlmAccess, breakers: Breakers = BREAKERS) -> None:
        self._access = access
        self._mode: JsonMode = access.json_mode
        self._rests_until = 0.0
        self._http = HttpClient(
            access.base_url, headers=access.headers, limits=access.limits, breakers=breakers, kind="llm"
        )

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    def ask(self, question: Question) -> object:
        """The JSON that the model answers; it may be anything. Blocks for at most the time-out.

        Raises Unavailable (no answer in time, throttled, resting), CredentialsRefused, Rejected or Unreadable."""
        if time.monotonic() < self._rests_until:
            raise Resting("the language model is left alone after a refusal")
        began = time.monotonic()
        try:
            return json_in(self._answer(question, began))
        except BadStatus as status:
            error = error_from(status.answer)
            self._rests_until = time.monotonic() + _rest(error, status.answer)
            raise error from status

    def _answer(self, question: Question, began: float) -> Answer:
        """One answer; a server that does not know the JSON mode is asked once more in each plainer one."""
        while True:
            mode = self._mode
            body = body_of(question, self._access, mode)
            left = max(self._access.timeout - (time.monotonic() - began), 0.001)
            try:
                return self._http.request("POST", PATH, json=body, changes_nothing=True, within=left)
            except BadStatus as status:
                if mode not in PLAINER or not dislikes_the_format(status.answer):
                    raise
                self._mode = PLAINER[mode]


def _rest(error: IntegrationError, answer: Answer) -> float:
    """Seconds for which it is not asked. A refusal of one message says nothing about the next."""
    if isinstance(error, CredentialsRefused) or answer.status == NOT_FOUND:
        return REST_SECONDS
    return min(error.retry_after or 0.0, REST_SECONDS)
