"""Database engine, sessions that belong to one organisation, declarative base, migrations."""

from ramah.store.base import Base, Json, TenantRow, UtcDateTime, new_id, utc_now
from ramah.store.behalf import Behalf
from ramah.store.database import Database
from ramah.store.discarding import discarding
from ramah.store.tenancy import PREPARED, limit_to_outlets

__all__ = [
    "PREPARED",
    "Base",
    "Behalf",
    "Database",
    "Json",
    "TenantRow",
    "UtcDateTime",
    "discarding",
    "limit_to_outlets",
    "new_id",
    "utc_now",
]
