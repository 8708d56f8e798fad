"""Rows whose columns hold certain words, by an index of all their letters in threes (trigrams).

``LIKE '%words%'`` looks at every row. The index names the few that have all trigrams of the words, never one too few;
whoever asks looks at those with the same condition as before, so that exactly the same is found. It is no help for
words of one or two letters, and none for words that very many rows have: of those the latest forty are found at once.

PostgreSQL keeps such an index by itself (``pg_trgm``), SQLite in a table of its own (FTS5), by triggers:
``ramah.store.trigram_index`` makes both.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, Table, literal_column, or_, select, text
from sqlalchemy.orm import Session

from ramah.store.words import holds

WORDS = "words"
"""Under this name a table's ``info`` has its `Words`."""

SHORTEST = 3
MOST = 1000
"""Rows that are worth looking up one by one. Words that more of them have are soon met in any order of the rows."""

_INDEXED: WeakKeyDictionary[Engine, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Words:
    """What is searched of a table's rows: its columns, one after the other; ``closed_up`` once more without spaces."""

    columns: tuple[str, ...]
    closed_up: tuple[str, ...] = ()

    def expression(self, row: str = "") -> str:
        """All of it as one text, in SQL that both databases read. ``row`` is ``new.`` or ``old.`` in a trigger."""
        columns = [f"coalesce({row}{name}, '')" for name in self.columns]
        closed_up = [f"replace(coalesce({row}{name}, ''), ' ', '')" for name in self.closed_up]
        return " || ' ' || ".join([*columns, *closed_up])


def rows_with(session: Session, model: Any, *wordings: str) -> list[str] | None:
    """The ids of all rows that may have one of the wordings; None where the index cannot say it: one of them is too
    short, or more than ``MOST`` rows may have them, or there is no index. At most one statement.

    The ids may be those of another organisation; only a statement on the model itself shows what a session may see."""
    if any(len(words) < SHORTEST for words in wordings):
        return None
    bind = session.get_bind()
    find = _in_sqlite if bind.dialect.name == "sqlite" else _in_postgres
    found = find(session, model, set(wordings))
    return found if found is not None and len(found) <= MOST else None


def numbers_of(table: Table | str) -> str:
    """The table that gives each row the number under which SQLite's index knows it."""
    return f"words_of_{table}"


def _in_postgres(session: Session, model: Any, wordings: Collection[str]) -> list[str]:
    words: Words = model.__table__.info[WORDS]
    text_of_row: ColumnElement[str] = literal_column(f"({words.expression()})")
    may_have = or_(*(holds(text_of_row, wording) for wording in sorted(wordings)))
    return list(session.scalars(select(model.id).where(may_have).limit(MOST + 1)))


def _in_sqlite(session: Session, model: Any, wordings: Collection[str]) -> list[str] | None:
    numbers = numbers_of(model.__table__.name)
    if not _is_indexed(session, numbers):
        return None
    statement = text(
        f"SELECT row_id FROM {numbers} WHERE number IN "  # noqa: S608 - the names are ours
        f"(SELECT rowid FROM {numbers}_trigrams WHERE {numbers}_trigrams MATCH :asked LIMIT {MOST + 1})"
    )
    return list(session.scalars(statement, {"asked": " OR ".join(_asked(words) for words in sorted(wordings))}))


def _asked(words: str) -> str:
    """All trigrams of the words, as FTS5 reads them; see https://www.sqlite.org/fts5.html on the trigram tokenizer."""
    threes = dict.fromkeys(words[start : start + SHORTEST] for start in range(len(words) - SHORTEST + 1))
    return "(" + " AND ".join('"' + three.replace('"', '""') + '"' for three in threes) + ")"


def _is_indexed(session: Session, numbers: str) -> bool:
    """Whether this SQLite could make the index; asked until it is there."""
    known = _INDEXED.setdefault(session.get_bind().engine, set())
    if numbers not in known:
        there = text("SELECT name FROM sqlite_master WHERE name = :name")
        known.update(session.scalars(there, {"name": numbers}))
    return numbers in known
