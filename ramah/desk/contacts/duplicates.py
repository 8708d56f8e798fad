"""Finding contacts that are probably one person: the same number, e-mail, policy or plate, or names that are very like
and a number that is too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Any

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from sqlalchemy import ColumnElement, Select, case, func, select, union_all
from sqlalchemy.orm import Session

from ramah.desk.contacts.names import full_name
from ramah.people import Contact, DistinctContacts, Identity

MOST_PAIRS = 50
MOST_GROUPS = 200
LARGEST_GROUP = 20
"""Contacts that share a fact: more than this share a switchboard or a placeholder, not a person."""
LIKE_NAMES = 88
"""Of 100, by rapidfuzz: "Siti Rahma" and "Rahma Siti", but not "Siti Rahma" and "Siti Aminah"."""
TAIL = 7
"""Digits at the end of a number that two writings of it have in common."""


class Reason(StrEnum):
    """Why two contacts are suspected, the strongest first."""

    PHONE = "phone"
    EMAIL = "email"
    POLICY = "policy_number"
    PLATE = "plate"
    NAME_AND_PHONE = "name_and_phone"
    NAME_AND_EMAIL = "name_and_email"


ORDER = list(Reason)


@dataclass(frozen=True)
class Pair:
    """Two contacts that may be one, the older first."""

    first: Contact
    second: Contact
    reasons: tuple[Reason, ...]


def duplicates(session: Session, most: int = MOST_PAIRS) -> list[Pair]:
    """Suspected pairs, those with the strongest reason first; a pair of which somebody said that it is two people is
    left out. A fixed number of queries."""
    found: dict[tuple[str, str], set[Reason]] = defaultdict(set)
    for reason, fact in _facts().items():
        for group in _groups(session, fact):
            for pair in combinations(sorted(group), 2):
                found[pair].add(reason)
    people = _people(session, {one for pair in found for one in pair})
    _add_like_names(session, people, found)
    for told in session.execute(select(DistinctContacts.first_id, DistinctContacts.second_id)):
        found.pop((told[0], told[1]), None)
    pairs = [_pair(people[first], people[second], reasons) for (first, second), reasons in found.items()]
    return sorted(pairs, key=_strength)[:most]


def _strength(pair: Pair) -> tuple[int, int, str, str]:
    return ORDER.index(pair.reasons[0]), -len(pair.reasons), pair.first.id, pair.second.id


def _pair(one: Contact, other: Contact, reasons: set[Reason]) -> Pair:
    first, second = sorted((one, other), key=lambda contact: (contact.created_at, contact.id))
    return Pair(first, second, tuple(sorted(reasons, key=ORDER.index)))


def _facts() -> Mapping[Reason, Any]:
    """For each reason a table of (contact, fact)."""
    plain = {Reason.POLICY: Contact.policy_number, Reason.PLATE: Contact.plate}
    bare = {why: func.replace(func.replace(func.upper(column), " ", ""), "-", "") for why, column in plain.items()}
    mailed = select(Contact.id.label("contact_id"), func.lower(Contact.email).label("fact")).where(
        Contact.email.is_not(None)
    )
    wrote = select(Identity.contact_id, func.lower(Identity.platform_id)).where(Identity.platform_type == "email")
    return {
        Reason.PHONE: _of_contact(Contact.phone),
        Reason.EMAIL: union_all(mailed, wrote).subquery(),
        **{why: _of_contact(column) for why, column in bare.items()},
    }


def _of_contact(fact: ColumnElement[Any] | Any) -> Any:
    return select(Contact.id.label("contact_id"), fact.label("fact")).where(fact.is_not(None), fact != "").subquery()


def _groups(session: Session, facts: Any) -> Iterator[set[str]]:
    """The contacts that share a fact. Two queries."""
    several = func.count(facts.c.contact_id.distinct())
    shared: Select[str] = (
        select(facts.c.fact).group_by(facts.c.fact).having(several.between(2, LARGEST_GROUP)).limit(MOST_GROUPS)
    )
    values = list(session.scalars(shared))
    rows = session.execute(select(facts.c.fact, facts.c.contact_id).where(facts.c.fact.in_(values))).all()
    groups: dict[str, set[str]] = defaultdict(set)
    for fact, contact_id in rows:
        groups[fact].add(contact_id)
    yield from groups.values()


def _people(session: Session, ids: set[str]) -> dict[str, Contact]:
    return {contact.id: contact for contact in session.scalars(select(Contact).where(Contact.id.in_(ids)))}


def _add_like_names(session: Session, people: dict[str, Contact], found: dict[tuple[str, str], set[Reason]]) -> None:
    """Names alone are no reason: among those who share the end of a number or the whole name, the other must fit."""
    ends = func.substr(Contact.phone, func.length(Contact.phone) - (TAIL - 1))
    name = func.lower(func.coalesce(Contact.first_name, "") + " " + func.coalesce(Contact.last_name, ""))
    whole = case((Contact.last_name.is_not(None), name))
    groups = [*_groups(session, _of_contact(ends)), *_groups(session, _of_contact(whole))]
    people.update(_people(session, {one for group in groups for one in group}))
    for group in groups:
        for one, other in combinations(sorted(group), 2):
            found_here = _like(people[one], people[other])
            if found_here:
                found[one, other].update(found_here)


def _like(one: Contact, other: Contact) -> Sequence[Reason]:
    names = [full_name(contact) or contact.profile_name or "" for contact in (one, other)]
    if not all(names) or fuzz.token_sort_ratio(*(name.lower() for name in names)) < LIKE_NAMES:
        return []
    reasons = []
    if one.phone != other.phone and _slipped(one.phone, other.phone):
        reasons.append(Reason.NAME_AND_PHONE)
    if (one.email or "").lower() != (other.email or "").lower() and _slipped(one.email, other.email):
        reasons.append(Reason.NAME_AND_EMAIL)
    return reasons


def _slipped(one: str | None, other: str | None) -> bool:
    """Whether one is the other with a slip of the finger, or with another beginning before the same last digits."""
    if not one or not other:
        return False
    same_end = one[-TAIL:] == other[-TAIL:] and one[-TAIL:].isdecimal()
    return same_end or OSA.distance(one.lower(), other.lower()) <= 1
