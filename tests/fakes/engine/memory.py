"""What the stand-in engine did, in a file that survives a kill."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS turns (
    conversation TEXT, message TEXT, text TEXT, answer TEXT, asked INTEGER DEFAULT 0,
    PRIMARY KEY (conversation, message)
);
CREATE TABLE IF NOT EXISTS oddities (what TEXT);
"""


@dataclass(frozen=True)
class Turn:
    """One message that was answered. ``asked`` is how often the answer was asked for again."""

    conversation: str
    message: str
    text: str
    asked: int


class Memory:
    """Turns by conversation and message id. Each call is one transaction of its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        with closing(self._open()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(TABLES)

    def recall(self, conversation: str, message: str, text: str) -> dict[str, Any] | None:
        """The answer that was given to this message before. Another text under the same id is noted as an oddity."""
        with closing(self._open()) as connection:
            key = (conversation, message)
            row = connection.execute(
                "UPDATE turns SET asked = asked + 1 WHERE conversation = ? AND message = ? RETURNING text, answer", key
            ).fetchall()
        if not row:
            return None
        if row[0][0] != text:
            self.note(f"{message} of {conversation} was {row[0][0]!r} and is now {text!r}")
        answer: dict[str, Any] = json.loads(row[0][1])
        return answer

    def keep(self, conversation: str, message: str, text: str, answer: dict[str, Any]) -> None:
        """Remember an answer before it is given."""
        with closing(self._open()) as connection:
            connection.execute(
                "INSERT INTO turns (conversation, message, text, answer) VALUES (?, ?, ?, ?)",
                (conversation, message, text, json.dumps(answer)),
            )

    def note(self, what: str) -> None:
        """Remember something that a well-behaved platform never does."""
        with closing(self._open()) as connection:
            connection.execute("INSERT INTO oddities VALUES (?)", (what,))

    def turns(self) -> list[Turn]:
        """Everything that was answered."""
        with closing(self._open()) as connection:
            rows = connection.execute("SELECT conversation, message, text, asked FROM turns ORDER BY rowid").fetchall()
        return [Turn(*row) for row in rows]

    def oddities(self) -> list[str]:
        """What a well-behaved platform never does."""
        with closing(self._open()) as connection:
            return [row[0] for row in connection.execute("SELECT what FROM oddities").fetchall()]

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=20, isolation_level=None)
