"""What SQLite's planner knows of the sizes of its tables."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from ramah.store import Database


def test_counting_tells_the_planner_how_many_rows_share_a_value(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'rows.db'}")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE message (organisation TEXT, number INTEGER)"))
        connection.execute(text("CREATE INDEX by_organisation ON message (organisation, number)"))
        rows = [{"number": number} for number in range(500)]
        connection.execute(text("INSERT INTO message VALUES ('kilap', :number)"), rows)
    database.count_rows()
    with database.every_organisation_reading() as session:
        counted = session.scalar(text("SELECT stat FROM sqlite_stat1 WHERE idx = 'by_organisation'"))
    database.close()
    assert counted == "500 500 1"
