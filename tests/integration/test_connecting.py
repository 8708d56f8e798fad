"""Connecting an account of any channel: stored, proved at once, renewed without a second one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from ramah.channels.content import LinkStatus
from ramah.lib.errors import NotFound, Refused
from ramah.messaging.accounts import access_of, find_account
from ramah.messaging.connecting import Connected, Connection, connect, disconnect
from ramah.messaging.models import ChannelAccount
from ramah.store import Database
from tests.contract.channels.harness import ChannelUnderTest
from tests.contract.channels.whatsapp import whatsapp
from tests.integration.conftest import Tenant


@pytest.fixture
def provider() -> Iterator[ChannelUnderTest]:
    with whatsapp() as under_test:
        yield under_test


def connect_number(
    database: Database, tenant: Tenant, provider: ChannelUnderTest, token: str | None = None, name: str = "Cabang"
) -> Connected:
    secrets = dict(provider.access.secrets)
    secrets["access_token"] = token or secrets["access_token"]
    asked = Connection("whatsapp", name, provider.access.external_id, secrets, base_url=provider.access.base_url)
    return connect(database, tenant.id, asked)


def account_of(database: Database, tenant: Tenant, connected: Connected) -> ChannelAccount:
    with database.tenant_reading(tenant.id) as session:
        return session.get_one(ChannelAccount, connected.account_id)


def test_a_connected_account_is_proved_at_once_and_says_where_to_post(
    database: Database, stranger: Tenant, provider: ChannelUnderTest
) -> None:
    done = connect_number(database, stranger, provider)
    account = account_of(database, stranger, done)
    assert (done.state.status, account.link, account.proved_by) == (LinkStatus.CONNECTED, "connected", "check")
    assert done.webhook_url is not None and done.webhook_url.endswith(f"/webhooks/whatsapp/{account.public_key}")


def test_a_refused_token_is_said_kept_and_mended_by_connecting_again(
    database: Database, stranger: Tenant, provider: ChannelUnderTest
) -> None:
    refused = connect_number(database, stranger, provider, token="worn out")
    account = account_of(database, stranger, refused)
    assert refused.state.status in (LinkStatus.LOGGED_OUT, LinkStatus.FAILED)
    assert account.trouble is not None and "worn out" not in account.trouble
    mended = connect_number(database, stranger, provider, name="Cabang Bandung")
    account = account_of(database, stranger, mended)
    assert (mended.account_id, account.trouble, account.name) == (refused.account_id, None, "Cabang Bandung")
    with database.tenant_reading(stranger.id) as session:
        found = session.scalars(select(ChannelAccount).where(ChannelAccount.external_id == account.external_id)).all()
    assert len(found) == 1
    assert access_of(account).secrets["access_token"] == provider.access.secrets["access_token"]


def test_an_account_out_of_use_takes_nothing_more(
    database: Database, stranger: Tenant, provider: ChannelUnderTest
) -> None:
    done = connect_number(database, stranger, provider)
    key = account_of(database, stranger, done).public_key
    disconnect(database, stranger.id, done.account_id)
    with pytest.raises(NotFound):
        find_account(database, "whatsapp", key)


def test_an_account_of_another_organisation_is_refused(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    with pytest.raises(Refused):
        connect(database, stranger.id, Connection("whatsapp", "Theirs", kilap.whatsapp.external_id))
    assert access_of(kilap.whatsapp).secrets["app_secret"] == "s"


def test_an_unknown_kind_is_refused(database: Database, kilap: Tenant) -> None:
    with pytest.raises(NotFound):
        connect(database, kilap.id, Connection("pigeon", "Merpati", "1"))
