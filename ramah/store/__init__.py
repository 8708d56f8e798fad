"""Database engine, sessions that belong to one organisation, declarative base, migrations."""

from ramah.store.base import Base, Json, TenantRow, UtcDateTime, new_id, utc_now
from ramah.store.database import Database

__all__ = ["Base", "Database", "Json", "TenantRow", "UtcDateTime", "new_id", "utc_now"]
