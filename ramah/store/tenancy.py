"""Tenant isolation: a session belongs to one organisation, and it cannot be forgotten.

Every ORM statement on a tenant row gets the organisation as a criterion; a session without an
organisation refuses to run any; a row written for another organisation is refused at flush.

A session on behalf of somebody who is limited to outlets (``ramah.store.behalf``) gets one criterion more on each model
that was named with ``limit_to_outlets``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker, with_loader_criteria
from sqlalchemy.orm.interfaces import ORMOption

from ramah.lib.errors import RamahError
from ramah.store.base import TenantRow
from ramah.store.behalf import BEHALF, Behalf

TENANT = "ramah_organisation"
EVERY_ORGANISATION = "*"
PREPARED = {"ramah_prepared": True}
"""Execution options of a SELECT that a module builds once, its values bound by name: it is guarded once for each
organisation too, which saves most of the time that sending a statement takes."""


class TenantMissing(RamahError):
    """A query or a write on tenant rows in a session that belongs to no organisation."""

    subsystem = "store"


class TenantMixed(RamahError):
    """A row of one organisation was written in the session of another."""

    subsystem = "store"


Within = Callable[[Sequence[str]], ColumnElement[bool]]
_LIMITED: dict[type[Any], Within] = {}


def limit_to_outlets(model: type[Any], within: Within) -> None:
    """Name a model whose rows belong to outlets. ``within`` makes the criterion for those whose outlet is one of the
    codes, or is not known."""
    _LIMITED[model] = within


def guard(maker: sessionmaker[Session]) -> None:
    """Install the criteria and checks on all sessions of this maker."""
    event.listen(maker, "do_orm_execute", _add_criteria)
    event.listen(maker, "before_flush", _check_rows)


def _add_criteria(state: ORMExecuteState) -> None:
    tenant = state.session.info.get(TENANT)
    if tenant == EVERY_ORGANISATION:
        return
    touches_tenants = any(issubclass(mapper.class_, TenantRow) for mapper in state.all_mappers)
    if tenant is None:
        if touches_tenants:
            raise TenantMissing("open the session with Database.tenant(organisation_id)")
        return
    behalf: Behalf | None = state.session.info.get(BEHALF)
    outlets = behalf.outlets if behalf else None
    prepared = state.execution_options.get("ramah_prepared", False)
    state.statement = (_guarded if prepared else _guard)(state.statement, tenant, outlets)


def _guard(statement: Executable, tenant: str, outlets: tuple[str, ...] | None) -> Executable:
    limits = () if outlets is None else _limits(outlets)
    return statement.options(_criterion(tenant), *limits)


_guarded = lru_cache(maxsize=4096)(_guard)


@lru_cache(maxsize=1024)
def _limits(outlets: tuple[str, ...]) -> tuple[ORMOption, ...]:
    return tuple(
        with_loader_criteria(model, within(outlets), include_aliases=True) for model, within in _LIMITED.items()
    )


@lru_cache(maxsize=4096)
def _criterion(tenant: str) -> ORMOption:
    """Made once for each organisation, since making it takes longer than some statements that it guards."""
    return with_loader_criteria(TenantRow, lambda row: row.organisation_id == tenant, include_aliases=True)


def _check_rows(session: Session, _context: object, _instances: object) -> None:
    tenant = session.info.get(TENANT)
    for row in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(row, TenantRow) or tenant == EVERY_ORGANISATION:
            continue
        if tenant is None:
            raise TenantMissing(f"a {type(row).__name__} was written outside an organisation's session")
        if row.organisation_id is None:
            row.organisation_id = tenant
        if row.organisation_id != tenant:
            raise TenantMixed(f"a {type(row).__name__} of another organisation")
