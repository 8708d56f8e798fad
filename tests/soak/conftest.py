"""The soak runs share what the resilience tests share."""

from __future__ import annotations

import os

import pytest

pytest.register_assert_rewrite("tests.resilience.verdicts", "tests.resilience.kill_runs")

# Bursts have tests of their own; elsewhere each message is answered by itself.
os.environ["RAMAH_BURST_WINDOW"] = "0"
