"""What the filters of the list offer: labels, colleagues, saved filters, channels."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.desk.labels import LabelView, all_labels
from ramah.desk.people import Colleague, colleagues
from ramah.desk.saved_filters import FilterView, saved_filters
from ramah.messaging.models import ChannelAccount


@dataclass(frozen=True)
class Choices:
    """What the filters offer."""

    labels: list[LabelView]
    people: list[Colleague]
    saved: list[FilterView]
    channels: list[str]


def choices_of(session: Session, staff_id: str) -> Choices:
    """Read them for this person. Four queries."""
    kinds = session.scalars(select(ChannelAccount.kind).distinct().order_by(ChannelAccount.kind))
    return Choices(all_labels(session), colleagues(session), saved_filters(session, staff_id), list(kinds))
