"""Which ERP an organisation uses, and its catalogue. Adding one is an adapter and a line here."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import structlog

from ramah.booking.catalogue import Catalogue
from ramah.booking.embedded.adapter import EmbeddedErp
from ramah.booking.traced_erp import traced
from ramah.booking.withheld_erp import withheld
from ramah.integrations.erp.frappe import FrappeAccess, FrappeErp
from ramah.integrations.erp.port import Erp, TakenTime
from ramah.integrations.errors import Unavailable
from ramah.integrations.http import HttpLimits, NotAsked
from ramah.lib.errors import SettingsError
from ramah.lib.sealed import unseal
from ramah.observe import record_incident
from ramah.people import Organisation
from ramah.settings import Settings, settings
from ramah.store import Database

log = structlog.get_logger()
Taken = Callable[[str, date, str], list[TakenTime]]
COMPANY = "company_"
CATALOGUE_SECONDS = 60.0
"""How long another system's catalogue is kept; the embedded one is read afresh each time."""
ASK_AGAIN = 15.0
"""Seconds for which an older catalogue serves once somebody asks for a newer one, which may never come."""


@dataclass
class _Kept:
    catalogue: Catalogue
    until: float


_adapters: dict[tuple[str, str], Erp] = {}
_catalogues: dict[tuple[str, str], _Kept] = {}


def erp_for(database: Database, organisation: Organisation) -> Erp:
    """The ERP of an organisation. Raises SettingsError for an unknown kind."""
    if organisation.erp_kind == "embedded":
        return traced(withheld(EmbeddedErp(database, organisation.id), embedded=True), "embedded")
    if organisation.erp_kind != "frappe":
        raise SettingsError(f"organisation {organisation.slug}: unknown ERP kind {organisation.erp_kind!r}")
    key = (organisation.id, organisation.erp_access or "")
    if key not in _adapters:
        _adapters[key] = _frappe(organisation)
    return traced(withheld(_adapters[key], embedded=False), "frappe")


def catalogue_of(database: Database, organisation: Organisation) -> Catalogue:
    """Services and plans of an organisation; may raise what the ERP raises."""
    if organisation.erp_kind == "embedded":
        return _read_catalogue(erp_for(database, organisation))
    key = (organisation.id, organisation.erp_access or "")
    kept = _catalogues.get(key)
    if kept is None or kept.until < time.monotonic():
        if kept is not None:
            kept.until = time.monotonic() + ASK_AGAIN  # one asks and may have to wait; nobody else does
        try:
            kept = _Kept(_read_catalogue(erp_for(database, organisation)), time.monotonic() + CATALOGUE_SECONDS)
        except Unavailable as error:
            # Yesterday's prices beat silence; the booking itself is checked by the ERP again.
            if kept is None:
                raise
            _report(database, organisation.id, error)
            log.warning("catalogue_is_old", organisation=organisation.slug, error=str(error))
        _catalogues[key] = kept
    return kept.catalogue


def taken_or_unknown(database: Database, organisation_id: str, erp: Erp) -> Taken:
    """Ask the ERP for held times; while it does not answer, none are known and the booking decides."""

    def ask(outlet_code: str, day: date, zone: str) -> list[TakenTime]:
        try:
            return erp.taken(outlet_code, day, zone)
        except Unavailable as error:
            log.warning("held_times_unknown", outlet=outlet_code, error=str(error))
            _report(database, organisation_id, error)
            return []

    return ask


def _report(database: Database, organisation_id: str, error: Unavailable) -> None:
    """An incident for each call that failed; those that were not made tell nothing new."""
    if not isinstance(error, NotAsked):
        record_incident(database, organisation_id, error, error.operation or "erp")


def _read_catalogue(erp: Erp) -> Catalogue:
    return Catalogue(tuple(erp.services()), tuple(erp.plans()))


def _frappe(organisation: Organisation) -> Erp:
    config = settings()
    opened = unseal(organisation.erp_access, config.encryption_key)
    # Secrets are texts; companies that sell in one currency are kept as company_IDR, company_MYR.
    companies = {name.removeprefix(COMPANY): opened.pop(name) for name in list(opened) if name.startswith(COMPANY)}
    access = FrappeAccess.model_validate(
        {
            **opened,
            "companies": companies,
            "limits": _limits(config),
        }
    )
    return FrappeErp(access)


def _limits(config: Settings) -> HttpLimits:
    return HttpLimits(
        connect=config.erp_connect_timeout,
        read=config.erp_read_timeout,
        total=config.erp_total_timeout,
        attempts=config.erp_attempts,
        breaker_threshold=config.erp_breaker_failures,
        breaker_seconds=config.erp_breaker_rest,
        at_once=min(config.erp_at_once, config.erp_places),
        all_at_once=config.erp_places,
        place_wait=config.place_wait,
    )
