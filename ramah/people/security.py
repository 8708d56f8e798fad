"""How the staff of an organisation log in: for whom a second factor is required, and from which networks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from sqlalchemy.orm import Session

from ramah.lib.errors import BadInput, Refused
from ramah.people.audit import Subject, record
from ramah.people.models import Organisation
from ramah.people.roles import Role
from ramah.store import Database

MOST_NETWORKS = 50
Network = IPv4Network | IPv6Network


@dataclass(frozen=True)
class SecurityRules:
    """The rules of one organisation. No networks: from everywhere."""

    second_factor_roles: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()


def rules_of(organisation: Organisation) -> SecurityRules:
    """The rules as they are stored."""
    stored = organisation.security or {}
    return SecurityRules(tuple(stored.get("second_factor_roles", ())), tuple(stored.get("networks", ())))


def is_inside(address: str, networks: Sequence[str]) -> bool:
    """Whether somebody at this address may use the console."""
    if not networks:
        return True
    try:
        here = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(here, "ipv4_mapped", None)
    return any((mapped or here) in ip_network(network) for network in networks)


def set_rules(database: Database, organisation_id: str, roles: Iterable[str], networks: str, address: str) -> None:
    """Store the rules; ``networks`` are lines in CIDR form.

    Raises BadInput for what is no network, and Refused where the person at ``address`` would lock themselves out."""
    known = tuple(role.value for role in Role if role.value in set(roles))
    found = _networks(networks)
    if not is_inside(address, found):
        raise Refused(f"Your own address, {address}, is in none of these networks; you would lock yourself out.")
    with database.tenant(organisation_id) as session:
        organisation = _locked(session, organisation_id)
        before = dict(organisation.security or {})
        after = {"second_factor_roles": list(known), "networks": list(found)}
        if before != after:
            organisation.security = after
            record(session, "settings.security", Subject(name=organisation.name), old=before, new=after)


def _networks(given: str) -> tuple[str, ...]:
    lines = [line.strip() for line in given.replace(",", "\n").splitlines() if line.strip()]
    if len(lines) > MOST_NETWORKS:
        raise BadInput(f"At most {MOST_NETWORKS} networks can be named.")
    return tuple(dict.fromkeys(str(_network(line)) for line in lines))


def _network(line: str) -> Network:
    try:
        return ip_network(line, strict=False)
    except ValueError as error:
        raise BadInput(f"{line[:60]} is no network; write it as 203.0.113.0/24 or 203.0.113.7.") from error


def _locked(session: Session, organisation_id: str) -> Organisation:
    return session.get_one(Organisation, organisation_id, with_for_update={"key_share": True})
