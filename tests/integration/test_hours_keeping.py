"""Hours as they are stored: by owner, window by window, for divisions too, and by nobody else."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select

from ramah.lib.errors import BadInput, NotFound
from ramah.messaging.hours.keeping import Owner, checked_plan, keep, kept
from ramah.messaging.hours.managing import read_page, save_plan
from ramah.messaging.hours.schedules import WindowValues, add_window, change_window, remove_window
from ramah.messaging.models import ChannelAccount, Division, HoursOwner, HoursWindow
from ramah.store import Database
from tests.integration.conftest import Tenant
from tests.integration.office_hours import WEEKDAYS, keep_hours


def test_saving_again_keeps_the_numbers_of_windows_that_stay(database: Database, kilap: Tenant) -> None:
    keep_hours(database, kilap)
    with database.tenant_reading(kilap.id) as session:
        before = {row.weekday: row.id for row in session.scalars(select(HoursWindow))}
    keep_hours(database, kilap, week=[*WEEKDAYS[:4], [], [], []])
    with database.tenant_reading(kilap.id) as session:
        after = {row.weekday: row.id for row in session.scalars(select(HoursWindow))}
    assert after == {day: before[day] for day in range(4)}


def test_windows_change_one_by_one_and_hold_at_once(database: Database, kilap: Tenant) -> None:
    owner, eight = Owner(kilap.id, kilap.whatsapp.id), time(8)
    keep_hours(database, kilap, owner.id, week=[[]] * 7)
    values = WindowValues(0, eight, time(12))
    added = add_window(database, owner, values)
    with pytest.raises(BadInput, match="begins before"):
        add_window(database, owner, values)
    change_window(database, kilap.id, added.row.id, WindowValues(1, eight, eight))
    with database.tenant_reading(kilap.id) as session:
        plan = kept(session, owner).plan
        assert [len(day) for day in plan.week] == [0, 1, 0, 0, 0, 0, 0]
        assert plan.week[1][0].length == 24 * 60
        assert session.get_one(ChannelAccount, owner.id).bot_hours == plan.model_dump(mode="json")
    remove_window(database, kilap.id, added.row.id)
    with pytest.raises(NotFound):
        remove_window(database, kilap.id, added.row.id)


def test_a_paused_window_is_kept_and_not_open(database: Database, kilap: Tenant) -> None:
    owner = Owner(kilap.id)
    add_window(database, owner, WindowValues(0, time(5), time(6), active=False))
    with database.tenant_reading(kilap.id) as session:
        plan = kept(session, owner).plan
    assert plan.week[0] == ()
    save_plan(database, owner, plan)
    with database.tenant_reading(kilap.id) as session:
        assert [row.active for row in session.scalars(select(HoursWindow))] == [False]


def test_a_division_keeps_hours_of_its_own_that_no_bot_reads(database: Database, kilap: Tenant) -> None:
    plan = checked_plan(enabled=True, zone="Asia/Makassar", week=WEEKDAYS)
    with database.tenant(kilap.id) as session:
        row = Division(name="Tagihan", description="", keyword_triggers=[], position=0)
        session.add(row)
        session.flush()
        division = Owner(kilap.id, row.id, HoursOwner.DIVISION)
        keep(session, division, plan)
    with database.tenant_reading(kilap.id) as session:
        assert kept(session, division).plan == plan
        assert not kept(session, Owner(kilap.id)).own


def test_another_organisation_sees_and_changes_nothing(database: Database, kilap: Tenant, stranger: Tenant) -> None:
    keep_hours(database, kilap)
    foreign = Owner(stranger.id, kilap.whatsapp.id)
    for act in (lambda: read_page(database, foreign), lambda: keep_hours(database, stranger, kilap.whatsapp.id)):
        with pytest.raises(NotFound):
            act()
    with database.tenant_reading(kilap.id) as session:
        window_id = session.scalars(select(HoursWindow.id)).first()
    assert window_id is not None
    with pytest.raises(NotFound):
        remove_window(database, stranger.id, window_id)
    assert not read_page(database, Owner(stranger.id)).kept.own
