"""The outlets that a member of the staff is limited to: whole franchises (FID) and single outlets (OID)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput
from ramah.people.account_models import StaffScope
from ramah.people.models import Outlet, Staff


@dataclass(frozen=True)
class Scope:
    """What somebody is limited to; neither limited nor anything chosen means everything."""

    limited: bool = False
    franchises: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """As the audit log keeps it."""
        return {"limited": self.limited, "fid": list(self.franchises), "oid": list(self.outlets)}


def outlets_of(session: Session, staff: Staff) -> tuple[str, ...] | None:
    """The codes of the outlets that this person works for, None for all. One statement for those who are limited."""
    if not staff.limited:
        return None
    chosen = select(StaffScope.oid).where(StaffScope.staff_id == staff.id, StaffScope.oid.is_not(None))
    franchises = select(StaffScope.fid).where(StaffScope.staff_id == staff.id, StaffScope.fid.is_not(None))
    codes = select(Outlet.code).where(
        Outlet.organisation_id == staff.organisation_id,
        or_(Outlet.code.in_(chosen), Outlet.franchise.in_(franchises)),
    )
    return tuple(session.scalars(codes.order_by(Outlet.code)))


def scope_of(session: Session, staff: Staff) -> Scope:
    """What is chosen for this person."""
    rows = session.scalars(select(StaffScope).where(StaffScope.staff_id == staff.id)).all()
    franchises = sorted(row.fid for row in rows if row.fid)
    return Scope(staff.limited, tuple(franchises), tuple(sorted(row.oid for row in rows if row.oid)))


def set_scope(session: Session, staff: Staff, scope: Scope) -> None:
    """Choose anew. Raises BadInput for a franchise or outlet that does not exist."""
    fids, oids = places(session)
    unknown = [*set(scope.franchises) - set(fids), *set(scope.outlets) - {code for code, _ in oids}]
    if unknown:
        raise BadInput(f"There is no outlet or franchise {unknown[0]}; load the page again.")
    session.execute(delete(StaffScope).where(StaffScope.staff_id == staff.id))
    staff.limited = scope.limited
    if scope.limited:
        session.add_all(_rows(staff, scope.franchises, scope.outlets))


def places(session: Session) -> tuple[list[str], list[tuple[str, str]]]:
    """What can be chosen: franchises, and outlets with code and name."""
    rows = session.execute(select(Outlet.code, Outlet.name, Outlet.franchise).order_by(Outlet.code)).all()
    return sorted({row[2] for row in rows if row[2]}), [(row[0], row[1]) for row in rows]


def _rows(staff: Staff, franchises: Iterable[str], outlets: Iterable[str]) -> list[StaffScope]:
    whole = [StaffScope(staff_id=staff.id, fid=fid) for fid in sorted(set(franchises))]
    return [*whole, *(StaffScope(staff_id=staff.id, oid=oid) for oid in sorted(set(outlets)))]
