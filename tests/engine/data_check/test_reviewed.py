"""Findings that a person has accepted, and what data_check.yml refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_project import add, found_after, sound_project

from engine.data_check.settings import read_settings
from engine.importer_files import SkillError

ACCEPTED = "reviewed:\n- check: {check}\n  reason: it is so\n  subjects:\n  - {subject}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return sound_project(tmp_path)


def test_it_leaves_out_what_was_accepted(project: Path) -> None:
    twice = add("data/food/nlu.en.yml", "    - bring noodles quickly, en\n")
    accepted = add("data_check.yml", ACCEPTED.format(check="duplicate", subject="bring noodles quickly, en"))
    assert [finding.check for finding in found_after(project, twice)] == ["duplicate"]
    assert found_after(project, accepted) == []


def test_it_reports_an_acceptance_that_is_no_longer_needed(project: Path) -> None:
    found = found_after(project, add("data_check.yml", ACCEPTED.format(check="duplicate", subject="gone")))
    assert [(finding.path, finding.line, finding.check) for finding in found] == [("data_check.yml", 7, "reviewed")]


def test_it_refuses_an_acceptance_without_a_reason(project: Path) -> None:
    add("data_check.yml", "reviewed:\n- {check: duplicate, subjects: [x]}\n")(project)
    with pytest.raises(SkillError, match=r"data_check\.yml:4: accepted findings need 'check', 'reason' and"):
        read_settings(project)


def test_it_refuses_a_limit_that_it_does_not_know(project: Path) -> None:
    add("data_check.yml", "minimum: 3\n")(project)
    with pytest.raises(SkillError, match=r"data_check\.yml:3: 'minimum' does not belong here"):
        read_settings(project)
