"""What each refusal of Messenger makes the outbox do, and what people read about it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from ramah.channels import messenger
from ramah.channels.errors import Scope, SendOutcome
from ramah.channels.messenger.errors import OWN_CODES, error_of_request, error_of_response
from ramah.channels.messenger.verdicts import KNOWN_CODES, PERMISSION_CODES, verdict_of_code
from ramah.channels.sentences import LANGUAGES, explain, words_in

# The whole table of the reference: what is to be done about each code.
DOCUMENTED: dict[SendOutcome, list[str]] = {
    SendOutcome.CONFIGURATION: [
        *("3", "10", "33", "101", "102", "190", "210", "230", "368", "10/1893063", "100/33", "200/2018028"),
        *("190/458", "190/459", "190/460", "190/463", "190/464", "190/467", "190/492"),
    ],
    SendOutcome.RETRY: ["1", "1/99", "2", "1200"],
    SendOutcome.WAIT: ["4", "17", "32", "341", "613", "613/1893016"],
    SendOutcome.WINDOW_CLOSED: ["10/2018278", "10/2018065"],
    SendOutcome.GIVE_UP: [
        *("100", "551", "10/2018108", "100/2018001", "100/2018109", "200/1545041", "551/1545041"),
    ],
}
PAIRS = [(code, outcome) for outcome, codes in DOCUMENTED.items() for code in codes]


def refused(code: str, status: int = 400, **more: object) -> httpx.Response:
    """An answer of Graph; the type is always the same."""
    main, _, sub = code.partition("/")
    item = {"message": "m", "type": "OAuthException", "code": int(main), **({"error_subcode": int(sub)} if sub else {})}
    return httpx.Response(status, json={"error": item | more})


@pytest.mark.parametrize(("code", "outcome"), PAIRS)
@pytest.mark.parametrize("status", [400, 401, 403, 500])
def test_the_code_decides_whatever_type_and_status_say(code: str, outcome: SendOutcome, status: int) -> None:
    error = error_of_response(refused(code, status))
    assert (error.outcome, error.code) == (outcome, code)
    assert error.permanent == (outcome not in (SendOutcome.RETRY, SendOutcome.WAIT))


def test_every_known_code_is_in_the_table_of_this_test() -> None:
    assert {code for code, _ in PAIRS} == KNOWN_CODES


@pytest.mark.parametrize("code", [200, 201, 250, 299])
def test_missing_permissions_stop_the_page(code: int) -> None:
    assert error_of_response(refused(str(code))).outcome is SendOutcome.CONFIGURATION
    assert error_of_response(refused(f"{code}/7")).code == str(code)


def test_an_ended_session_is_no_missing_permission() -> None:
    error = error_of_response(refused("190/460", 403, message="(#200) Permissions error"))
    assert error.code == "190/460"
    assert explain("messenger", error.code, error.outcome, "en").sentence.startswith("Facebook has ended")


def test_an_unknown_subcode_is_judged_by_its_code() -> None:
    error = error_of_response(refused("190/777"))
    assert (error.outcome, error.code) == (SendOutcome.CONFIGURATION, "190")
    assert "(190/777)" in str(error)


def test_a_closed_window_may_come_without_its_subcode() -> None:
    closed = refused("10", message="(#10) This message is sent outside of allowed window.")
    assert (error_of_response(closed).outcome, error_of_response(closed).code) == (
        SendOutcome.WINDOW_CLOSED,
        "10/2018278",
    )
    assert error_of_response(refused("10")).outcome is SendOutcome.CONFIGURATION


@pytest.mark.parametrize(("code", "outcome"), PAIRS)
def test_it_says_how_far_a_refusal_reaches(code: str, outcome: SendOutcome) -> None:
    whole = outcome in (SendOutcome.WAIT, SendOutcome.CONFIGURATION)
    assert error_of_response(refused(code)).scope is (Scope.ACCOUNT if whole else Scope.MESSAGE)


@pytest.mark.parametrize(("code", "most"), [("1", 2), ("1/99", 2), ("2", 4), ("1200", 4), ("613", None)])
def test_some_troubles_allow_few_tries(code: str, most: int | None) -> None:
    assert error_of_response(refused(code)).most_attempts == most


@pytest.mark.parametrize(("code", "wait"), [("613", 60), ("613/1893016", 3600), ("4", 120), ("368", 4 * 3600)])
def test_a_limit_says_how_long_to_wait(code: str, wait: float) -> None:
    assert error_of_response(refused(code)).retry_after == wait


def test_a_longer_wait_that_meta_asks_for_is_kept() -> None:
    answer = refused("613")
    answer.headers["retry-after"] = "90"
    assert error_of_response(answer).retry_after == 90
    answer.headers["retry-after"] = "soon"
    assert error_of_response(answer).retry_after == 60


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, SendOutcome.GIVE_UP),
        (401, SendOutcome.CONFIGURATION),
        (403, SendOutcome.CONFIGURATION),
        (429, SendOutcome.WAIT),
        (500, SendOutcome.RETRY),
        (502, SendOutcome.UNCERTAIN),
        (503, SendOutcome.RETRY),
        (504, SendOutcome.UNCERTAIN),
    ],
)
def test_without_an_error_object_the_status_decides(status: int, outcome: SendOutcome) -> None:
    error = error_of_response(httpx.Response(status, text="<html>"))
    assert (error.outcome, error.code) == (outcome, None)


@pytest.mark.parametrize(("transient", "outcome"), [(False, SendOutcome.GIVE_UP), (True, SendOutcome.RETRY)])
def test_a_code_that_nobody_documented(transient: bool, outcome: SendOutcome) -> None:
    assert error_of_response(refused("999999", is_transient=transient)).outcome is outcome


def test_no_secret_is_in_the_text_of_an_error() -> None:
    error = error_of_response(refused("190", message="Malformed access token EAA-1"), ["", "EAA-1"])
    assert str(error) == "Messenger refused (190): Malformed access token …"


@pytest.mark.parametrize("code", [None, "", "abc", "٢٠٠", "-1", "999999", "2000"])
def test_there_is_no_verdict_on_an_unknown_code(code: str | None) -> None:
    assert verdict_of_code(code) is None


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (httpx.ConnectError("refused"), SendOutcome.RETRY),
        (httpx.ConnectTimeout("slow"), SendOutcome.RETRY),
        (httpx.PoolTimeout("busy"), SendOutcome.RETRY),
        (httpx.ReadTimeout("slow"), SendOutcome.UNCERTAIN),
        (httpx.WriteError("reset"), SendOutcome.UNCERTAIN),
        (httpx.RemoteProtocolError("cut"), SendOutcome.UNCERTAIN),
        (httpx.UnsupportedProtocol("ftp"), SendOutcome.CONFIGURATION),
    ],
)
def test_no_answer_is_a_failure_only_where_nothing_left(failure: httpx.RequestError, outcome: SendOutcome) -> None:
    assert error_of_request(failure).outcome is outcome


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", sorted(KNOWN_CODES | OWN_CODES | {"200", "250", "299"}))
def test_every_code_is_explained(code: str, language: str) -> None:
    assert explain("messenger", code, None, language) != explain("messenger", None, None, language)


def test_nothing_is_explained_that_is_never_said() -> None:
    explained = set(words_in(Path(messenger.__path__[0]) / "errors.yml"))
    assert explained == {*KNOWN_CODES, *OWN_CODES, f"{PERMISSION_CODES.start}-{PERMISSION_CODES.stop - 1}"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_permission_leads_to_the_business_manager(language: str) -> None:
    assert "https://business.facebook.com/settings/pages" in explain("messenger", "200", None, language).next_step
