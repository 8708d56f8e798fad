"""What an administrator is told when a page cannot be connected."""

from __future__ import annotations

from typing import get_args

import pytest

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger.problems import ConnectProblem, Reason, problem_of, reason_of
from ramah.channels.sentences import LANGUAGES

REASONS = get_args(Reason)
PERMISSION_SAYS_190 = "(#200) Permissions error"


def error(code: str | None, outcome: SendOutcome = SendOutcome.CONFIGURATION) -> ChannelError:
    """A refusal."""
    return ChannelError(PERMISSION_SAYS_190, outcome, code=code)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("190", "session"),
        ("190/460", "session"),
        ("190/492", "session"),
        ("102", "session"),
        ("190/459", "checkpoint"),
        ("190/464", "checkpoint"),
        ("200", "business_manager"),
        ("230", "business_manager"),
        ("299", "business_manager"),
        ("10", "business_manager"),
        ("3", "business_manager"),
        ("210", "general"),
        ("368", "limited"),
        ("10/1893063", "limited"),
        ("101", "wrong_app"),
        ("100", "general"),
        ("1", "general"),
        (None, "general"),
        ("٢٠٠", "general"),
    ],
)
def test_the_code_names_the_reason_and_an_ended_session_comes_first(code: str | None, reason: str) -> None:
    assert reason_of(error(code, SendOutcome.GIVE_UP)) == reason


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(SendOutcome.WAIT, "busy"), (SendOutcome.RETRY, "unreachable"), (SendOutcome.UNCERTAIN, "unreachable")],
)
def test_without_a_known_code_the_outcome_does(outcome: SendOutcome, reason: str) -> None:
    assert reason_of(error(None, outcome)) == reason


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_a_sentence_steps_and_a_link(reason: Reason, language: str) -> None:
    problem = ConnectProblem(reason, language)
    assert problem.link.startswith("https://")
    assert problem.steps
    assert [
        text for text in (problem.sentence, *problem.steps) if not text[:1].isupper() or not text.endswith(".")
    ] == []


@pytest.mark.parametrize("reason", REASONS)
def test_no_sentence_repeats_another_languages(reason: Reason) -> None:
    assert len({ConnectProblem(reason, language).sentence for language in LANGUAGES}) == len(LANGUAGES)


def test_a_page_outside_the_business_manager_is_explained_step_by_step() -> None:
    problem = problem_of(error("200"), "id", about="Kilap Auto")
    assert "Business Manager" in problem.sentence
    assert len(problem.steps) == 6
    assert problem.link.startswith("https://business.facebook.com/")
    assert (problem.action, problem.code, problem.about) == ("link_to_bm", "200", "Kilap Auto")


def test_an_ended_session_asks_for_a_new_login() -> None:
    assert problem_of(error("190/463"), "ms").action == "reauth"
    assert "facebook.com" in problem_of(error("190/459"), "en").steps[0]


def test_anything_else_leads_to_help() -> None:
    problem = problem_of(error("100", SendOutcome.GIVE_UP), "tlh")
    assert (problem.sentence, problem.action) == ("The page could not be connected.", None)
    assert "help" in problem.link
