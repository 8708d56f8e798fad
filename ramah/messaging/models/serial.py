"""Row numbers that the database gives."""

from __future__ import annotations

from sqlalchemy import BigInteger, Integer

# SQLite numbers rows by itself only for a column of type INTEGER.
Serial = BigInteger().with_variant(Integer(), "sqlite")
