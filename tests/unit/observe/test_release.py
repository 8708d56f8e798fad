"""The commit that runs is read from the checkout's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from ramah.observe.release import _checked_out

COMMIT = "4011ef2d6a1b0c9e8f7a6b5c4d3e2f1a0b9c8d7e"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An empty repository on a branch."""
    (tmp_path / "refs" / "heads").mkdir(parents=True)
    (tmp_path / "HEAD").write_text("ref: refs/heads/main\n", encoding="ascii")
    return tmp_path


def test_a_branch_names_its_commit(repository: Path) -> None:
    (repository / "refs" / "heads" / "main").write_text(f"{COMMIT}\n", encoding="ascii")
    assert _checked_out(repository) == COMMIT


def test_a_packed_branch_does_so_too(repository: Path) -> None:
    lines = f"# pack-refs with: peeled\n{'0' * 40} refs/heads/other\n{COMMIT} refs/heads/main\n"
    (repository / "packed-refs").write_text(lines, encoding="ascii")
    assert _checked_out(repository) == COMMIT


def test_a_commit_may_be_checked_out_itself(repository: Path) -> None:
    (repository / "HEAD").write_text(f"{COMMIT}\n", encoding="ascii")
    assert _checked_out(repository) == COMMIT


def test_without_a_repository_nothing_is_known(tmp_path: Path) -> None:
    assert _checked_out(tmp_path / "nowhere") == ""
