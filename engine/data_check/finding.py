"""One thing in the skills' YAML that somebody has to look at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One finding.

    Attributes:
        path: The file, as seen from the project's root.
        line: The line, counted from 1.
        check: Which check found it; `reviewed` in data_check.yml names it by this.
        subject: The example or the name that it is about.
        message: What is wrong and what to do, in plain words.
    """

    path: str
    line: int
    check: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message} [{self.check}]"
