"""The ERP goes away and comes back: the customer is told, the draft is kept, the booking is made once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from ramah.demo.loader import FOLDER, load_file
from ramah.lib.sealed import seal
from ramah.people import Organisation
from ramah.settings import Settings
from tests.conversation.chats import WebChat
from tests.conversation.test_bookings import free_day
from tests.fakes.frappe import FakeFrappe
from tests.stack import Stack


@pytest.fixture
def erpnext(stack: Stack, tmp_path: Path) -> Iterator[FakeFrappe]:
    """An organisation whose ERP is a (pretended) ERPNext site."""
    text = (FOLDER / "kilap_auto.yml").read_text(encoding="utf-8")
    for old, new in (("kilap-auto", "kilap-erp"), ("@kilap.", "@kilap-erp."), ('"1000001"', '"1000009"')):
        text = text.replace(old, new)
    path = tmp_path / "kilap_erp.yml"
    path.write_text(text, encoding="utf-8")
    load_file(stack.database, path, 2026)
    with FakeFrappe(site_timezone="Asia/Jakarta") as fake:
        access = {
            "base_url": fake.base_url,
            "api_key": fake.api_key,
            "api_secret": fake.api_secret,
            "company": "Kilap Auto",
            "company_MYR": "Kilap Auto Malaysia",
            "site_timezone": fake.site_timezone,
        }
        with stack.database.every_organisation() as session:
            row = session.scalars(select(Organisation).where(Organisation.slug == "kilap-erp")).one()
            row.erp_kind, row.erp_access = "frappe", seal(access, Settings(_env_file=None).encryption_key)  # type: ignore[call-arg]
        yield fake


def test_an_erp_that_is_down_at_the_end_gets_the_booking_once_when_it_returns(
    stack: Stack, erpnext: FakeFrappe
) -> None:
    chat = WebChat(stack, key="kilap-erp")
    day = free_day(stack, "JKT", 26)
    chat.say(
        "mau cuci premium sekali aja di rumah, nama saya Andi Wijaya hp 081299990003 mobil xpander 2021 B 4321 ABC, "
        "alamat Jl Mawar 7 Jakarta Selatan 12430"
    )
    chat.say(f"{day.day}/{day.month}")
    chat.say("jam 3 sore")
    erpnext.fail_next("maintenance", 500)
    pending = chat.say("ya")
    assert "RM-" in pending and erpnext.count("Sales Order") == 0, chat.transcript()
    erpnext.heal()
    later = chat.answer(60)
    assert "RM-" in later, chat.transcript()
    assert erpnext.count("Sales Order") == 1
