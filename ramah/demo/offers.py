"""Offers of the demo organisations, valid around the day on which they are loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.booking.embedded.offers import Offer

OPTIONAL = ("service_code", "discount_percent", "amount_minor", "currency", "outlets")


def load_offers(session: Session, offers: Iterable[Mapping[str, Any]], today: date) -> None:
    """Write the offers; those that are there already get their days anew."""
    for position, item in enumerate(offers):
        row = session.scalar(select(Offer).where(Offer.code == item["code"]))
        if row is None:
            row = Offer(code=item["code"])
            session.add(row)
        row.position, row.names, row.descriptions = position, item["names"], item["descriptions"]
        row.valid_from = today + timedelta(days=item["from_day"])
        row.valid_until = today + timedelta(days=item["until_day"])
        for name in OPTIONAL:
            setattr(row, name, item.get(name))
