"""No query crosses organisations, and forgetting the organisation is impossible."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam, delete, func, select, update

from ramah.messaging.envelopes import keep, settle
from ramah.messaging.models import ChannelAccount, Envelope, EnvelopeStatus
from ramah.people import Contact
from ramah.store import PREPARED, Database
from ramah.store.base import Base, TenantRow
from ramah.store.tenancy import TenantMissing, TenantMixed
from tests.integration.conftest import Tenant


def test_a_session_sees_only_its_own_rows(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    with database.tenant_reading(kilap.id) as session:
        accounts = session.scalars(select(ChannelAccount)).all()
        assert {account.organisation_id for account in accounts} == {kilap.id}
        assert session.scalar(select(func.count(ChannelAccount.id))) == 2


def test_a_row_of_another_organisation_cannot_be_fetched_by_its_key(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    with database.tenant_reading(stranger.id) as session:
        assert session.get(ChannelAccount, kilap.webchat.id) is None


def test_a_statement_built_once_sees_only_the_rows_of_whoever_sends_it(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    by_key = select(ChannelAccount).where(ChannelAccount.id == bindparam("key")).execution_options(**PREPARED)
    for _ in range(2):
        for asking, seen in ((kilap, True), (stranger, False)):
            with database.tenant_reading(asking.id) as session:
                assert (session.scalar(by_key, {"key": kilap.webchat.id}) is not None) is seen


def test_an_envelope_is_settled_by_its_own_organisation_alone(
    database: Database, kilap: Tenant, stranger: Tenant
) -> None:
    kept = keep(database, kilap.whatsapp, {}, b"{}")
    for asking, status in ((stranger, EnvelopeStatus.WAITING), (kilap, EnvelopeStatus.DONE)):
        with database.tenant(asking.id) as session:
            settle(session, asking.id, kept.id, messages=1, receipts=0, notices=0)
        with database.tenant_reading(kilap.id) as session:
            assert session.get_one(Envelope, kept.id).status == status


def test_an_update_or_delete_touches_only_its_own_rows(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    with database.tenant(stranger.id) as session:
        session.execute(update(ChannelAccount).values(name="mine"))
        session.execute(delete(ChannelAccount).where(ChannelAccount.id == kilap.webchat.id))
    with database.tenant_reading(kilap.id) as session:
        assert {account.name for account in session.scalars(select(ChannelAccount))} == {"Web", "Phone"}


def test_a_session_without_an_organisation_refuses_tenant_rows(database: Database) -> None:
    with database._read.begin() as session, pytest.raises(TenantMissing):
        session.scalars(select(Contact)).all()


def test_a_row_cannot_be_written_for_another_organisation(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    with pytest.raises(TenantMixed), database.tenant(stranger.id) as session:
        session.add(Contact(organisation_id=kilap.id))


def test_new_rows_get_the_organisation_of_their_session(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        contact = Contact(first_name="Ani")
        session.add(contact)
    assert contact.organisation_id == kilap.id


def test_every_table_but_the_organisations_and_the_processes_belongs_to_a_tenant() -> None:
    free = {mapper.class_.__tablename__ for mapper in Base.registry.mappers if not issubclass(mapper.class_, TenantRow)}
    assert free == {"organisations", "processes"}
