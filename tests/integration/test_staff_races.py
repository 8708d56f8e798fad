"""Two at the same moment: the database decides, on both kinds of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pyotp
import pytest

from ramah.lib.errors import NotFound, Refused
from ramah.people import Staff, staff
from ramah.people.account_models import AuditEntry
from ramah.people.links import set_password
from ramah.people.scopes import Scope
from ramah.people.second_factor import begin, confirm, take_code
from ramah.store import Database
from tests.integration.conftest import Tenant, defaults

KEY = defaults().encryption_key
ROUNDS = 5


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run all in threads that begin together; what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    results: list[object] = [None for _ in acts]

    def run(place: int, act: Callable[[], object]) -> None:
        barrier.wait()
        try:
            results[place] = act()
        except (Refused, NotFound) as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def administrators(database: Database, tenant: Tenant) -> list[str]:
    with database.tenant_reading(tenant.id) as session:
        return [one.id for one in session.query(Staff).all() if "admin" in one.roles and one.active]


def test_two_administrators_who_demote_each_other_leave_one(database: Database, kilap: Tenant) -> None:
    for _ in range(ROUNDS):
        with database.tenant(kilap.id) as session:
            for one in session.query(Staff).all():
                one.roles = ["admin"]
        pairs = ((kilap.alice, kilap.bob), (kilap.bob, kilap.alice))
        results = at_once(
            *(
                lambda actor=actor, other=other: staff.change(database, kilap.id, actor, other, ["agent"], Scope())
                for actor, other in pairs
            )
        )
        assert len(administrators(database, kilap)) == 1
        assert sum(isinstance(result, Refused) for result in results) == 1


def test_an_invitation_that_two_use_at_once_is_used_by_one(database: Database, kilap: Tenant) -> None:
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.alice).roles = ["admin"]
    who = staff.NewColleague("Sari", "sari@kilap.example", ("agent",), "id")
    _, token = staff.invite(database, kilap.id, kilap.alice, who, KEY)
    passwords = ("kuda lari di pantai", "ombak datang lagi", "hujan di sore hari")
    results = at_once(*(lambda word=word: set_password(database, token, word) for word in passwords))
    assert sum(isinstance(result, NotFound) for result in results) == len(passwords) - 1
    with database.tenant_reading(kilap.id) as session:
        assert [one.action for one in session.query(AuditEntry).all()] == ["staff.invited", "staff.joined"]


def test_a_code_that_two_bring_at_once_is_taken_from_one(database: Database, kilap: Tenant) -> None:
    secret, _ = begin(database, KEY, kilap.id, kilap.alice)
    app = pyotp.TOTP(secret)
    codes = confirm(database, KEY, kilap.id, kilap.alice, app.at(int(time.time()) - 30))

    def bring(code: str) -> bool:
        with database.tenant(kilap.id) as session:
            return take_code(session, KEY, kilap.alice, code)

    for code in (app.now(), codes[0]):
        assert sorted(map(bool, at_once(*[lambda code=code: bring(code)] * 4))) == [False, False, False, True]


@pytest.mark.parametrize("roles", [["agent"], ["supervisor"]])
def test_somebody_who_was_demoted_a_moment_ago_changes_nothing(
    database: Database, kilap: Tenant, roles: list[str]
) -> None:
    with database.tenant(kilap.id) as session:
        session.get_one(Staff, kilap.alice).roles = roles
    with pytest.raises(Refused, match="no administrator any more"):
        staff.change(database, kilap.id, kilap.alice, kilap.bob, ["admin"], Scope())
