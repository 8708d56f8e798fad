"""Moments that an operator chooses, in the organisation's zone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.inbox.moments import moment_of
from ramah.lib.errors import BadInput


def test_a_wall_clock_is_the_organisations() -> None:
    assert moment_of("2026-11-22T09:00", "Asia/Jakarta") == datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    assert moment_of("2026-11-22T09:00", "Asia/Kuala_Lumpur") == datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def test_a_moment_that_names_its_offset_is_taken_at_its_word() -> None:
    assert moment_of("2026-11-22T09:00:00Z", "Asia/Jakarta") == datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30T09:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="a day and a time"):
        moment_of(text, "Asia/Jakarta")
