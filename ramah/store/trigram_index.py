"""The indexes behind ``ramah.store.trigrams``, made after each migration where they are missing or of another form.

Not by a migration: a later one that rewrites a table on SQLite takes its triggers away with it, and on PostgreSQL the
right to create ``pg_trgm`` may come later. A migration that takes a searched column away from SQLite has to call `drop`
before.
"""

from __future__ import annotations

from collections.abc import Iterator

import structlog
from sqlalchemy import Connection, MetaData
from sqlalchemy.exc import DBAPIError

from ramah.store.trigrams import WORDS, Words, numbers_of

log = structlog.get_logger()
PREFIX = numbers_of("")
TRIGGERS = ("added", "changed", "gone")
CANNOT_BE_MADE = ("42501", "42704", "0A000", "58P01", "no such module: fts5", "no such tokenizer: trigram")
"""PostgreSQL: no right to it, no such kind of index, no such extension on this server; SQLite: made without FTS5."""

ADVICE = {
    "postgresql": "let a superuser run CREATE EXTENSION pg_trgm in this database, then `ramah migrate`",
    "sqlite": "use a Python whose SQLite has FTS5, then `ramah migrate`",
}


def keep(connection: Connection, metadata: MetaData) -> None:
    """Make what is missing. Without it everything works as before, and searches read all rows; a warning says why."""
    for table in metadata.sorted_tables:
        words: Words | None = table.info.get(WORDS)
        if words is None:
            continue
        try:
            with connection.begin_nested():
                _keep_one(connection, table.name, words)
        except DBAPIError as error:
            reason, advice = str(error.orig).strip(), ADVICE[connection.dialect.name]
            if getattr(error.orig, "pgcode", reason) not in CANNOT_BE_MADE:
                raise
            log.warning("search_reads_all_rows", table=table.name, reason=reason, advice=advice)


def drop(connection: Connection, table: str) -> None:
    """Take away what belongs to a table; nothing where nothing is."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"DROP INDEX IF EXISTS {numbers_of(table)}")
        return
    numbers = numbers_of(table)
    for ending in TRIGGERS:
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {numbers}_{ending}")
    for name in (f"{numbers}_trigrams", numbers):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")


def is_none_of_ours(name: str | None, kind: str, _parents: object) -> bool:
    """For comparisons of models and database: whether something is not of these indexes."""
    return not (kind in ("table", "index") and name is not None and name.startswith(PREFIX))


def _keep_one(connection: Connection, table: str, words: Words) -> None:
    if connection.dialect.name == "postgresql":
        _keep_in_postgres(connection, table, words)
    else:
        _keep_in_sqlite(connection, table, words)


def _keep_in_postgres(connection: Connection, table: str, words: Words) -> None:
    name, expression = numbers_of(table), f"lower({words.expression()})"
    made_of = connection.exec_driver_sql(
        "SELECT obj_description(oid, 'pg_class') FROM pg_class WHERE relname = %s AND pg_table_is_visible(oid)", (name,)
    ).scalar()
    if made_of == expression:
        return
    drop(connection, table)
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    connection.exec_driver_sql(f"CREATE INDEX {name} ON {table} USING gin (({expression}) gin_trgm_ops)")
    connection.exec_driver_sql("COMMENT ON INDEX {} IS '{}'".format(name, expression.replace("'", "''")))


def _keep_in_sqlite(connection: Connection, table: str, words: Words) -> None:
    wanted = {*_make_tables(table), *_triggers(table, words)}
    there = set(connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL").scalars())
    if wanted <= there:
        return
    drop(connection, table)
    for statement in _make_tables(table):
        connection.exec_driver_sql(statement)
    numbers = numbers_of(table)
    connection.exec_driver_sql(f"INSERT INTO {numbers} (row_id) SELECT id FROM {table}")
    connection.exec_driver_sql(
        f"INSERT INTO {numbers}_trigrams (rowid, words) "
        f"SELECT number, {words.expression()} FROM {numbers} JOIN {table} ON id = row_id"
    )
    for statement in _triggers(table, words):
        connection.exec_driver_sql(statement)


def _make_tables(table: str) -> Iterator[str]:
    """Numbers of their own, as VACUUM may change those that SQLite gives rows by itself. Which trigrams a row has is
    all that is kept, not where they stand: a third of the size."""
    numbers = numbers_of(table)
    yield f"CREATE TABLE {numbers} (number INTEGER PRIMARY KEY, row_id VARCHAR(36) NOT NULL UNIQUE)"
    options = "content='', columnsize=0, detail=none, tokenize='trigram'"
    yield f"CREATE VIRTUAL TABLE {numbers}_trigrams USING fts5(words, {options})"


def _triggers(table: str, words: Words) -> list[str]:
    """Rows are taken out by the words they went in with; the index keeps none."""
    numbers, old, new = numbers_of(table), words.expression("old."), words.expression("new.")
    index, columns = f"{numbers}_trigrams", ", ".join(dict.fromkeys((*words.columns, *words.closed_up)))
    number = f"(SELECT number FROM {numbers} WHERE row_id = old.id)"
    take_out = f"INSERT INTO {index} ({index}, rowid, words) VALUES ('delete', {number}, {old});"
    bodies = (
        f"AFTER INSERT ON {table} BEGIN INSERT INTO {numbers} (row_id) VALUES (new.id); "
        f"INSERT INTO {index} (rowid, words) SELECT number, {new} FROM {numbers} WHERE row_id = new.id; END",
        f"AFTER UPDATE OF {columns} ON {table} WHEN {old} <> {new} BEGIN {take_out} "
        f"INSERT INTO {index} (rowid, words) VALUES ({number}, {new}); END",
        f"AFTER DELETE ON {table} BEGIN {take_out} DELETE FROM {numbers} WHERE row_id = old.id; END",
    )
    return [f"CREATE TRIGGER {numbers}_{ending} {body}" for ending, body in zip(TRIGGERS, bodies, strict=True)]
