"""All tables there are: importing the domain's models fills the metadata."""

from __future__ import annotations

from sqlalchemy import MetaData

import ramah.billing.models
import ramah.booking.embedded.models
import ramah.booking.embedded.offers
import ramah.booking.made.models
import ramah.booking.models
import ramah.desk.models
import ramah.messaging.models
import ramah.observe.models
import ramah.people.account_models
import ramah.people.models
import ramah.support.models  # noqa: F401
from ramah.store import Base


def metadata() -> MetaData:
    """The metadata of every table."""
    return Base.metadata
