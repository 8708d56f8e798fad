"""The way through Facebook's login, against a server that behaves like Facebook."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from ramah.channels.errors import ChannelError, SendOutcome
from ramah.channels.messenger.client import GraphClient
from ramah.channels.messenger.login import FIELDS, SCOPES, FacebookLogin
from tests.fakes.messenger.faults import Fault, FaultOrder
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.server import FacebookServer
from tests.fakes.messenger.world import Member, PageOnFacebook

BACK = "https://ramah.example/console/channels/messenger/callback"


@pytest.fixture
def login(facebook: FacebookServer) -> Iterator[FacebookLogin]:
    """Our app at Facebook."""
    app = facebook.platform.app
    client = GraphClient(facebook.url, "v23.0", read_timeout=0.5)
    with FacebookLogin(client, facebook.url, app.id, app.secret) as made:
        yield made


def code_of(login: FacebookLogin) -> str:
    """The person follows the address of the dialog and comes back."""
    answer = httpx.get(login.dialog_url(BACK, "the-state"), trust_env=False, timeout=5.0)
    back = parse_qs(urlsplit(answer.headers["location"]).query)
    assert back["state"] == ["the-state"]
    return back["code"][0]


def with_pages(platform: Platform, count: int) -> list[PageOnFacebook]:
    """Rani is logged in at Facebook and has so many pages."""
    pages = [PageOnFacebook(id=f"7100{number:03}", name=f"Page {number}") for number in range(count)]
    platform.log_in(Member(pages=pages))
    return pages


def refusal(login: FacebookLogin, code: str, back: str = BACK) -> ChannelError:
    """The error that a code ends with."""
    with pytest.raises(ChannelError) as caught:
        login.token_of(code, back)
    return caught.value


def test_the_dialog_is_facebooks_own_and_asks_for_what_we_need() -> None:
    with FacebookLogin(
        GraphClient("https://graph.facebook.com", "v23.0"), "https://graph.facebook.com", "4", "s"
    ) as app:
        address = urlsplit(app.dialog_url(BACK, "st"))
    assert (address.scheme, address.netloc, address.path) == ("https", "www.facebook.com", "/v23.0/dialog/oauth")
    asked = parse_qs(address.query)
    assert (asked["client_id"], asked["redirect_uri"], asked["state"]) == (["4"], [BACK], ["st"])
    assert asked["scope"] == [",".join(SCOPES)]


@pytest.mark.parametrize("count", [0, 1, 3, 100, 101, 230])
def test_all_pages_are_found_part_by_part(login: FacebookLogin, platform: Platform, count: int) -> None:
    pages = with_pages(platform, count)
    found = login.pages(login.token_of(code_of(login), BACK))
    assert [page.id for page in found] == [page.id for page in pages]
    assert len({page.token for page in found}) == count


def test_a_page_where_the_person_may_not_answer_is_marked(login: FacebookLogin, platform: Platform) -> None:
    tasks = [("ANALYZE",), ("ANALYZE", "MODERATE"), ()]
    platform.log_in(Member(pages=[PageOnFacebook(id=f"71{n}", tasks=given) for n, given in enumerate(tasks)]))
    found = login.pages(login.token_of(code_of(login), BACK))
    assert [page.may_message for page in found] == [False, True, True]


def test_a_broken_page_hides_no_other(platform: Platform, login: FacebookLogin) -> None:
    with_pages(platform, 1)
    token = login.token_of(code_of(login), BACK)
    content = (
        '{"data": [7, {}, {"id": "1"}, {"id": "2", "access_token": "t", "tasks": 5, "picture": "x"}], "paging": []}'
    )
    platform.order_fault(FaultOrder(Fault.NONSENSE, "pages", content=content))
    assert [page.id for page in login.pages(token)] == ["2"]


def test_a_code_works_once_and_for_its_own_address(login: FacebookLogin, platform: Platform) -> None:
    with_pages(platform, 1)
    code = code_of(login)
    assert refusal(login, code, BACK + "/x").code == "100"
    login.token_of(code, BACK)
    assert refusal(login, code).code == "100"
    late = code_of(login)
    platform.advance(700)
    assert refusal(login, late).code == "100"


def test_wrong_credentials_of_the_app_are_told_apart(facebook: FacebookServer) -> None:
    for app_id, secret, code in (("1", "s", "101"), (facebook.platform.app.id, "wrong", "1")):
        client = GraphClient(facebook.url, "v23.0")
        with FacebookLogin(client, facebook.url, app_id, secret) as login:
            assert refusal(login, "code").code == code


@pytest.mark.parametrize("place", ["login", "pages"])
@pytest.mark.parametrize("fault", [Fault.HANG, Fault.CUT, Fault.NONSENSE, Fault.DRIP])
def test_a_lost_answer_may_be_asked_for_again(
    login: FacebookLogin, platform: Platform, place: str, fault: Fault
) -> None:
    with_pages(platform, 1)
    code = code_of(login)
    platform.order_fault(FaultOrder(fault, "login" if place == "login" else "pages"))
    with pytest.raises(ChannelError) as caught:
        login.pages(login.token_of(code, BACK))
    assert caught.value.outcome is SendOutcome.RETRY


def test_a_subscribed_page_sends_us_what_we_read(login: FacebookLogin, platform: Platform) -> None:
    (page,) = with_pages(platform, 1)
    (found,) = login.pages(login.token_of(code_of(login), BACK))
    login.subscribe(found.id, found.token)
    login.subscribe(found.id, found.token)
    assert page.fields == set(FIELDS)
    login.unsubscribe(found.id, found.token)
    assert page.fields == set()


@pytest.mark.parametrize("code", [200, 10, 230])
def test_a_page_without_permission_is_refused(login: FacebookLogin, platform: Platform, code: int) -> None:
    with_pages(platform, 1)[0].subscription_code = code
    (found,) = login.pages(login.token_of(code_of(login), BACK))
    with pytest.raises(ChannelError) as caught:
        login.subscribe(found.id, found.token)
    assert (caught.value.outcome, caught.value.code) == (SendOutcome.CONFIGURATION, str(code))


def test_no_secret_shows_in_errors_or_pages(login: FacebookLogin, platform: Platform) -> None:
    with_pages(platform, 1)
    secret = platform.app.secret
    for message in (secret, "a-code"):
        platform.order_fault(FaultOrder(Fault.REFUSE, "login", message=f"said {message}"))
        error = refusal(login, "a-code")
        assert message not in str(error)
    (found,) = login.pages(login.token_of(code_of(login), BACK))
    assert found.token not in repr(found)
