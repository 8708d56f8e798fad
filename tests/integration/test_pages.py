"""Connecting and disconnecting Facebook pages, from the dialog to the account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import time_machine
from pydantic import SecretStr

from ramah.channels.messenger.problems import ConnectProblem
from ramah.lib.errors import NotFound
from ramah.lib.sealed import seal
from ramah.messaging import pages
from ramah.messaging.accounts import access_of
from ramah.messaging.models import ChannelAccount
from ramah.messaging.pages import Administrator, Offer
from ramah.settings import Settings
from ramah.store import Database, utc_now
from tests.fakes.messenger.faults import Fault, FaultOrder
from tests.fakes.messenger.platform import Platform
from tests.fakes.messenger.server import FacebookServer
from tests.fakes.messenger.world import Member, PageOnFacebook
from tests.integration.conftest import Tenant, defaults


@pytest.fixture
def facebook() -> Iterator[FacebookServer]:
    """Rani is logged in at Facebook and has two pages."""
    with FacebookServer() as server:
        two = [PageOnFacebook(), PageOnFacebook(id="700200", name="Kilap Bekasi")]
        server.platform.log_in(Member(pages=two))
        yield server


@pytest.fixture
def platform(facebook: FacebookServer) -> Platform:
    return facebook.platform


@pytest.fixture
def config(facebook: FacebookServer) -> Settings:
    app = facebook.platform.app
    return defaults(
        messenger_base_url=facebook.url, messenger_app_id=app.id, messenger_app_secret=SecretStr(app.secret)
    )


@pytest.fixture
def who(kilap: Tenant) -> Administrator:
    """Alice, who administrates the first organisation."""
    return Administrator(kilap.id, kilap.alice, "csrf-of-alice", "id")


def come_back(config: Settings, who: Administrator) -> dict[str, str]:
    """Go to Facebook and back; returns what the address holds then."""
    answer = httpx.get(pages.begin_login(config, who).url, trust_env=False, timeout=5.0)
    back = urlsplit(answer.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == pages.callback_url(config)
    return {name: values[0] for name, values in parse_qs(back.query).items()}


def offer_to(database: Database, config: Settings, who: Administrator) -> Offer:
    """The pages after a login."""
    back = come_back(config, who)
    return pages.pages_of_login(database, config, who, back["code"], back["state"])


def connect(database: Database, config: Settings, who: Administrator, page_id: str = "700100") -> ChannelAccount:
    """One page, all the way."""
    return pages.connect_page(database, config, who, offer_to(database, config, who).ticket, page_id)


def problem_with(database: Database, config: Settings, who: Administrator, page_id: str = "700100") -> ConnectProblem:
    """What keeps a page from being connected."""
    with pytest.raises(ConnectProblem) as caught:
        connect(database, config, who, page_id)
    return caught.value


def stored(database: Database, account_id: str) -> ChannelAccount:
    """The account as it is now."""
    with database.every_organisation_reading() as session:
        return session.get_one(ChannelAccount, account_id)


def test_a_chosen_page_becomes_an_account_that_is_subscribed(
    database: Database, config: Settings, who: Administrator, platform: Platform
) -> None:
    account = connect(database, config, who)
    access = access_of(account)
    assert (account.kind, account.external_id, account.name) == ("messenger", "700100", "Kilap Auto")
    assert access.secrets["app_secret"] == platform.app.secret
    assert platform.tokens.holder_of(access.secrets["page_token"], None).page is platform.pages["700100"]
    assert "messages" in platform.pages["700100"].fields
    assert platform.pages["700200"].fields == set()
    assert access.secrets["page_token"] not in str(account.secrets)


def test_the_offer_says_what_is_connected_already(database: Database, config: Settings, who: Administrator) -> None:
    connect(database, config, who)
    offered = offer_to(database, config, who).pages
    assert [(page.id, page.connected) for page in offered] == [("700100", True), ("700200", False)]


def test_connecting_again_refreshes_the_same_account(
    database: Database, config: Settings, who: Administrator, platform: Platform
) -> None:
    first = connect(database, config, who)
    platform.tokens.revoke(460)
    with database.tenant(who.organisation_id) as session:
        session.get_one(ChannelAccount, first.id).trouble = "logged out"
        session.get_one(ChannelAccount, first.id).options = {"human_agent_tag": True}
    again = connect(database, config, who)
    assert (again.id, again.public_key, again.trouble) == (first.id, first.public_key, None)
    assert again.options == {"human_agent_tag": True}
    assert access_of(again).secrets["page_token"] != access_of(first).secrets["page_token"]
    assert access_of(again).secrets["verify_token"] == access_of(first).secrets["verify_token"]


def test_all_pages_of_an_organisation_share_one_verify_token(
    database: Database, config: Settings, who: Administrator
) -> None:
    accounts = [connect(database, config, who, page_id) for page_id in ("700100", "700200")]
    first, second = (access_of(account).secrets["verify_token"] for account in accounts)
    assert first == second
    assert len(first) > 20


@pytest.mark.parametrize("language", ["id", "ms", "en"])
def test_a_page_that_is_not_in_the_business_manager_is_explained_and_not_stored(
    database: Database, config: Settings, who: Administrator, platform: Platform, language: str
) -> None:
    platform.pages["700100"].subscription_code = 200
    problem = problem_with(database, config, replace(who, language=language))
    assert (problem.reason, problem.code, problem.about) == ("business_manager", "200", "Kilap Auto")
    assert "Business Manager" in problem.sentence
    assert pages.connected_pages(database, who.organisation_id) == []


def test_a_refused_page_keeps_the_account_that_it_has(
    database: Database, config: Settings, who: Administrator, platform: Platform
) -> None:
    account = connect(database, config, who)
    platform.pages["700100"].subscription_code = 10
    assert problem_with(database, config, who).reason == "business_manager"
    assert stored(database, account.id).secrets == account.secrets


@pytest.mark.parametrize(("subcode", "reason"), [(460, "session"), (467, "session"), (459, "checkpoint")])
def test_a_session_that_facebook_ended_asks_for_a_new_login(
    database: Database, config: Settings, who: Administrator, platform: Platform, subcode: int, reason: str
) -> None:
    ticket = offer_to(database, config, who).ticket
    platform.tokens.revoke(subcode)
    with pytest.raises(ConnectProblem) as caught:
        pages.connect_page(database, config, who, ticket, "700100")
    assert (caught.value.reason, caught.value.action) == (reason, "reauth")


@pytest.mark.parametrize(
    ("held", "reason"), [([], "no_pages"), ([PageOnFacebook(tasks=("ANALYZE",))], "no_role")], ids=["none", "role"]
)
def test_a_login_that_may_not_connect_anything_is_told_why(
    database: Database,
    config: Settings,
    who: Administrator,
    platform: Platform,
    held: list[PageOnFacebook],
    reason: str,
) -> None:
    platform.log_in(Member(pages=held))
    assert problem_with(database, config, who).reason == reason


def test_a_page_of_somebody_else_cannot_be_chosen(database: Database, config: Settings, who: Administrator) -> None:
    assert problem_with(database, config, who, "700999").reason == "wrong_page"


def test_a_page_belongs_to_one_organisation(
    database: Database, config: Settings, who: Administrator, stranger: Tenant, platform: Platform
) -> None:
    other = Administrator(stranger.id, stranger.alice, "csrf-of-other", "en")
    account = connect(database, config, other)
    platform.pages["700100"].fields = frozenset()
    assert problem_with(database, config, who).reason == "taken"
    assert platform.pages["700100"].fields == set()
    assert stored(database, account.id).secrets == account.secrets


def test_nobody_else_can_use_a_state_or_a_ticket(
    database: Database, config: Settings, who: Administrator, kilap: Tenant, stranger: Tenant
) -> None:
    back = come_back(config, who)
    ticket = offer_to(database, config, who).ticket
    others = [{"session": "another login of alice"}, {"staff_id": kilap.bob}, {"organisation_id": stranger.id}]
    for other in [replace(who, **change) for change in others]:
        with pytest.raises(ConnectProblem, match="10 menit"):
            pages.pages_of_login(database, config, other, back["code"], back["state"])
        with pytest.raises(ConnectProblem, match="10 menit"):
            pages.connect_page(database, config, other, ticket, "700100")
    assert pages.pages_of_login(database, config, who, back["code"], back["state"]).pages


def test_a_state_is_no_ticket_and_a_forged_one_is_nothing(
    database: Database, config: Settings, who: Administrator
) -> None:
    back, ticket = come_back(config, who), offer_to(database, config, who).ticket
    for given in ("", "ü", "x" * 300, ticket, seal({"token": "EAA"}, config.encryption_key)):
        with pytest.raises(ConnectProblem, match="10 menit"):
            pages.pages_of_login(database, config, who, back["code"], given)
    for given in ("", back["state"], seal({"token": "EAA"}, config.encryption_key)):
        with pytest.raises(ConnectProblem, match="10 menit"):
            pages.connect_page(database, config, who, given, "700100")


@pytest.mark.parametrize(("minutes", "late"), [(9, False), (11, True)])
def test_a_login_is_good_for_ten_minutes(
    database: Database, config: Settings, who: Administrator, minutes: int, late: bool
) -> None:
    back = come_back(config, who)
    with time_machine.travel(utc_now() + timedelta(minutes=minutes), tick=True):
        if not late:
            assert pages.pages_of_login(database, config, who, back["code"], back["state"]).pages
            return
        with pytest.raises(ConnectProblem) as caught:
            pages.pages_of_login(database, config, who, back["code"], back["state"])
        assert caught.value.reason == "stale"


def test_the_state_tells_facebook_nothing(config: Settings, who: Administrator) -> None:
    begun = pages.begin_login(config, who)
    assert [part for part in (who.session, who.staff_id, who.organisation_id) if part in begun.url] == []
    assert who.session not in repr(who)


@pytest.mark.parametrize("fault", [Fault.CUT, Fault.NONSENSE])
def test_a_facebook_that_does_not_answer_is_named(
    database: Database, config: Settings, who: Administrator, platform: Platform, fault: Fault
) -> None:
    platform.order_fault(FaultOrder(fault, "pages"))
    assert problem_with(database, config, who).reason == "unreachable"


def test_a_disconnected_page_is_silent_and_its_token_is_gone(
    database: Database, config: Settings, who: Administrator, platform: Platform
) -> None:
    account = connect(database, config, who)
    pages.disconnect_page(database, config, who, account.id)
    pages.disconnect_page(database, config, who, account.id)
    left = stored(database, account.id)
    assert (left.active, platform.pages["700100"].fields) == (False, frozenset())
    assert "page_token" not in access_of(left).secrets
    assert pages.connected_pages(database, who.organisation_id) == []
    assert connect(database, config, who).id == account.id


@pytest.mark.parametrize("subcode", [458, 460])
def test_a_page_that_facebook_took_from_us_can_still_be_disconnected(
    database: Database, config: Settings, who: Administrator, platform: Platform, subcode: int
) -> None:
    account = connect(database, config, who)
    platform.tokens.revoke(subcode)
    pages.disconnect_page(database, config, who, account.id)
    assert not stored(database, account.id).active


def test_a_page_stays_connected_while_facebook_does_not_answer(
    database: Database, config: Settings, who: Administrator, platform: Platform
) -> None:
    account = connect(database, config, who)
    platform.order_fault(FaultOrder(Fault.REFUSE, "subscriptions", code=2, status=503))
    with pytest.raises(ConnectProblem) as caught:
        pages.disconnect_page(database, config, who, account.id)
    assert caught.value.reason == "unreachable"
    assert stored(database, account.id).active


def test_a_page_can_be_disconnected_after_the_meta_app_was_taken_away(
    database: Database, config: Settings, who: Administrator, platform: Platform
) -> None:
    account = connect(database, config, who)
    bare = config.model_copy(update={"messenger_app_id": None, "messenger_app_secret": None})
    pages.disconnect_page(database, bare, who, account.id)
    assert platform.pages["700100"].fields == set()


def test_nobody_disconnects_what_is_not_theirs(
    database: Database, config: Settings, who: Administrator, kilap: Tenant, stranger: Tenant
) -> None:
    account = connect(database, config, who)
    outsider = Administrator(stranger.id, stranger.alice, "csrf", "en")
    for asker, account_id in ((outsider, account.id), (who, kilap.whatsapp.id), (who, "none")):
        with pytest.raises(NotFound):
            pages.disconnect_page(database, config, asker, account_id)
    assert stored(database, account.id).active
