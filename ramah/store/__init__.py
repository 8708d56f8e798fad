"""Database engine, sessions that belong to one organisation, declarative base, migrations."""

from ramah.store.base import Base, Json, TenantRow, UtcDateTime, new_id, utc_now
from ramah.store.database import Database
from ramah.store.tenancy import PREPARED

__all__ = ["PREPARED", "Base", "Database", "Json", "TenantRow", "UtcDateTime", "new_id", "utc_now"]
