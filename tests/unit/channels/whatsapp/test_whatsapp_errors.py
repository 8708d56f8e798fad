"""What each refusal of Meta makes the outbox do."""

from __future__ import annotations

import httpx
import pytest

from ramah.channels.errors import Scope, SendOutcome
from ramah.channels.whatsapp.errors import (
    KNOWN_CODES,
    PERMISSION_CODES,
    error_of_request,
    error_of_response,
    verdict_of_code,
)

# The whole table of Meta's reference: what is to be done about each code.
DOCUMENTED: dict[SendOutcome, list[int]] = {
    SendOutcome.CONFIGURATION: [
        *(0, 3, 10, 33, 190, 200, 230, 299, 368),
        *(131005, 131031, 131037, 131042, 131045, 133000, 133005, 133006, 133010),
    ],
    SendOutcome.RETRY: [1, 2, 131000, 131016, 131053, 133004],
    SendOutcome.WAIT: [
        *(4, 80007, 130429, 131048, 131049, 131056, 131057),
        *(132069, 133008, 133009, 133015, 133016),
    ],
    SendOutcome.WINDOW_CLOSED: [131047],
    SendOutcome.GIVE_UP: [
        *(100, 130472, 130497, 131008, 131009, 131021, 131026, 131030, 131050, 131051, 131052, 131062),
        *(132000, 132001, 132005, 132007, 132012, 132015, 132016, 132068, 135000),
    ],
}
PAIRS = [(code, outcome) for outcome, codes in DOCUMENTED.items() for code in codes]


def refused(status: int, error: dict[str, object] | None, headers: dict[str, str] | None = None) -> httpx.Response:
    """An answer of Graph."""
    if error is None:
        return httpx.Response(status, text="<html>busy</html>", headers=headers)
    return httpx.Response(status, json={"error": error}, headers=headers)


@pytest.mark.parametrize(("code", "outcome"), PAIRS)
@pytest.mark.parametrize("status", [400, 500])
def test_the_code_decides_whatever_the_status(code: int, outcome: SendOutcome, status: int) -> None:
    error = error_of_response(refused(status, {"message": "m", "code": code}))
    assert (error.outcome, error.code) == (outcome, str(code))


@pytest.mark.parametrize(("code", "outcome"), PAIRS)
def test_only_a_passing_trouble_is_not_permanent(code: int, outcome: SendOutcome) -> None:
    error = error_of_response(refused(400, {"message": "m", "code": code}))
    assert error.permanent == (outcome not in (SendOutcome.RETRY, SendOutcome.WAIT))


@pytest.mark.parametrize("code", DOCUMENTED[SendOutcome.WAIT])
def test_a_wait_says_how_long(code: int) -> None:
    error = error_of_response(refused(400, {"message": "m", "code": code}))
    assert error.retry_after is not None
    assert error.retry_after >= 1


@pytest.mark.parametrize(("code", "outcome"), PAIRS)
def test_it_says_how_far_a_refusal_reaches(code: int, outcome: SendOutcome) -> None:
    whole_account = {4, 80007, 130429, 131048, 131057, 133008, 133009, 133015, 133016}
    expected = Scope.RECIPIENT if code == 131056 else Scope.MESSAGE
    if code in whole_account or outcome is SendOutcome.CONFIGURATION:
        expected = Scope.ACCOUNT
    assert error_of_response(refused(400, {"message": "m", "code": code})).scope is expected


def test_too_many_requests_without_a_code_stop_the_account() -> None:
    assert error_of_response(refused(429, None)).scope is Scope.ACCOUNT


def test_every_known_code_is_in_the_table_of_this_test() -> None:
    assert {code for code, _ in PAIRS if code not in PERMISSION_CODES} == KNOWN_CODES


def test_no_secret_is_in_the_text_of_an_error() -> None:
    item: dict[str, object] = {"message": "Malformed access token EAAG-1", "code": 190}
    error = error_of_response(refused(401, item), ["", "EAAG-1", "another"])
    assert str(error) == "WhatsApp refused (190): Malformed access token …"


def test_too_fast_for_one_person_waits_four_times_longer_each_time() -> None:
    error = error_of_response(refused(400, {"message": "m", "code": 131056}))
    assert (error.retry_after, error.growth) == (1.0, 4.0)


@pytest.mark.parametrize(("code", "most"), [(1, 3), (131000, 4), (131053, 2), (131049, 2)])
def test_some_troubles_allow_few_tries(code: int, most: int) -> None:
    assert error_of_response(refused(500, {"message": "m", "code": code})).most_attempts == most


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, SendOutcome.GIVE_UP),
        (401, SendOutcome.CONFIGURATION),
        (403, SendOutcome.CONFIGURATION),
        (404, SendOutcome.GIVE_UP),
        (429, SendOutcome.WAIT),
        (500, SendOutcome.RETRY),
        (502, SendOutcome.UNCERTAIN),
        (503, SendOutcome.RETRY),
        (504, SendOutcome.UNCERTAIN),
    ],
)
def test_without_an_error_object_the_status_decides(status: int, outcome: SendOutcome) -> None:
    error = error_of_response(refused(status, None))
    assert (error.outcome, error.code) == (outcome, None)


@pytest.mark.parametrize(
    ("status", "extra", "outcome"),
    [
        (400, {}, SendOutcome.GIVE_UP),
        (503, {}, SendOutcome.RETRY),
        (400, {"is_transient": True}, SendOutcome.RETRY),
    ],
)
def test_a_code_that_nobody_documented(status: int, extra: dict[str, object], outcome: SendOutcome) -> None:
    assert error_of_response(refused(status, {"message": "m", "code": 999_999, **extra})).outcome is outcome


def test_a_number_that_does_not_exist_is_a_matter_of_configuration() -> None:
    error = error_of_response(refused(400, {"message": "no such object", "code": 100, "error_subcode": 33}))
    assert error.outcome is SendOutcome.CONFIGURATION


def test_a_wait_that_meta_asks_for_is_kept() -> None:
    error = error_of_response(refused(429, {"message": "m", "code": 130429}, {"Retry-After": "90"}))
    assert error.retry_after == 90


@pytest.mark.parametrize("header", ["soon", "-5", "", "Wed, 21 Oct 2026 07:28:00 GMT", "٣"])
def test_an_odd_wait_is_ignored(header: str) -> None:
    response = refused(429, None, None)
    response.headers = httpx.Headers([(b"retry-after", header.encode())])
    assert error_of_response(response).retry_after == 5


def test_the_error_says_the_details() -> None:
    item: dict[str, object] = {"message": "(#131009) bad", "code": 131009, "error_data": {"details": "title too long"}}
    assert str(error_of_response(refused(400, item))) == "WhatsApp refused (131009): title too long"


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (httpx.ConnectError("refused"), SendOutcome.RETRY),
        (httpx.ConnectTimeout("slow"), SendOutcome.RETRY),
        (httpx.PoolTimeout("busy"), SendOutcome.RETRY),
        (httpx.ReadTimeout("slow"), SendOutcome.UNCERTAIN),
        (httpx.WriteTimeout("slow"), SendOutcome.UNCERTAIN),
        (httpx.ReadError("reset"), SendOutcome.UNCERTAIN),
        (httpx.WriteError("reset"), SendOutcome.UNCERTAIN),
        (httpx.RemoteProtocolError("cut"), SendOutcome.UNCERTAIN),
        (httpx.DecodingError("gzip"), SendOutcome.UNCERTAIN),
        (httpx.UnsupportedProtocol("ftp"), SendOutcome.CONFIGURATION),
        (httpx.InvalidURL("odd"), SendOutcome.CONFIGURATION),
    ],
)
def test_no_answer_is_a_failure_only_where_nothing_left(
    failure: httpx.RequestError | httpx.InvalidURL, outcome: SendOutcome
) -> None:
    assert error_of_request(failure).outcome is outcome


@pytest.mark.parametrize("code", [None, "", "abc", "٣", "-1", "999999"])
def test_there_is_no_verdict_on_an_unknown_code(code: str | None) -> None:
    assert verdict_of_code(code) is None
