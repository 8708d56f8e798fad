"""What happens to a process that dies."""

from __future__ import annotations

import itertools
import os
import signal
from dataclasses import replace
from pathlib import Path

from ramah.supervisor import Pace
from tests.unit.supervisor.stand import QUICK, is_running, spec, stand, until


async def test_a_killed_process_is_started_again_and_the_log_says_so(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("one", folder=tmp_path), spec("two", folder=tmp_path)) as running:
        await running.until_ready()
        os.kill(running.pids("one")[0], signal.SIGKILL)
        await running.until_said("one: ready in ", times=2)
        assert "one: died (killed by SIGKILL); restart in 0.05 s" in running.log("supervisor")
        first, second = running.pids("one")
        assert not is_running(first)
        assert is_running(second)
        assert len(running.pids("two")) == 1
        assert await running.stop() == 0
        assert running.announcements == 1


async def test_every_further_restart_waits_longer(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("one", folder=tmp_path)) as running:
        await running.until_ready()
        for times, wait in enumerate(("0.05", "0.1", "0.2", "0.2"), start=1):
            os.kill(running.pids("one")[-1], signal.SIGKILL)
            await running.until_said("restart in", times=times)
            assert running.log("supervisor").split("restart in ")[-1].startswith(f"{wait} s")
            await running.until_said("one: ready in ", times=times + 1)
        await running.stop()


async def test_one_that_had_settled_begins_with_the_first_wait_again(tmp_path: Path) -> None:
    settled_at_once = replace(QUICK, settled_after=0.0)
    async with stand(tmp_path, spec("one", folder=tmp_path), pace=settled_at_once) as running:
        await running.until_ready()
        for times in (1, 2):
            os.kill(running.pids("one")[-1], signal.SIGKILL)
            await running.until_said("one: ready in ", times=times + 1)
        await running.stop()
        assert running.log("supervisor").count("restart in 0.05 s") == 2


def test_waits_double_from_one_to_thirty_seconds() -> None:
    assert list(itertools.islice(Pace().waits(), 7)) == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]


async def test_what_a_dead_process_had_started_does_not_outlive_it(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("one", "--grandchild", folder=tmp_path)) as running:
        await running.until_ready()
        grandchild = int(running.log("one").split("grandchild ")[1].split()[0])
        os.kill(running.pids("one")[0], signal.SIGKILL)
        await until(lambda: not is_running(grandchild))
        await running.until_said("one: ready in ", times=2)
        await running.stop()
