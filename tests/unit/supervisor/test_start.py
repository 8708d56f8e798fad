"""How a set of processes starts, or says why it does not."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from ramah.supervisor import Supervisor, SupervisorError, refuse_busy_ports
from tests.unit.supervisor.stand import free_port, impatient, is_running, spec, stand


async def test_it_announces_once_when_all_are_ready(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("one", folder=tmp_path), spec("two", folder=tmp_path)) as running:
        await running.until_ready()
        log = running.log("supervisor")
        assert "one: ready in " in log
        assert "two: ready in " in log
        assert await running.stop() == 0
        assert running.announcements == 1


async def test_it_waits_until_the_health_page_says_200(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("slow", "--refusals", "4", folder=tmp_path)) as running:
        await running.until_said("still starting: slow")
        assert not running.ready.is_set()
        await running.until_ready()
        assert await running.stop() == 0


async def test_every_line_reaches_the_terminal_with_its_name_and_the_file_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with stand(tmp_path, spec("a", "--lines", "2", folder=tmp_path)) as running:
        await running.until_ready()
        await running.stop()
    assert "a          | line 2\n" in capsys.readouterr().out
    assert "line 1\nline 2\n" in running.log("a")


async def test_the_log_file_goes_on_where_the_last_run_ended(tmp_path: Path) -> None:
    for _ in range(2):
        async with stand(tmp_path, spec("one", folder=tmp_path)) as running:
            await running.until_ready()
            await running.stop()
    assert len(running.pids("one")) == 2


async def test_a_process_that_ends_at_its_start_shows_its_last_lines_and_stops_the_others(tmp_path: Path) -> None:
    good, bad = spec("good", folder=tmp_path), spec("bad", "--lines", "30", "--exit", "3", folder=tmp_path)
    async with stand(tmp_path, good, bad) as running:
        assert await running.ended() == 1
        log = running.log("supervisor")
        told = log[log.index("bad ended before it was ready (exit code 3)") :]
        assert "    line 11\n" in told
        assert "    line 30\n" in told
        assert "    line 10\n" not in told
        assert "Mend the bad." in told
        assert not any(is_running(pid) for pid in running.pids("good"))
        assert running.announcements == 0


async def test_a_process_that_never_answers_is_given_up_after_its_patience(tmp_path: Path) -> None:
    async with stand(tmp_path, spec("mute", "--mute", folder=tmp_path, patience=1.0)) as running:
        assert await running.ended() == 1
        assert "mute was not ready after 1 s" in running.log("supervisor")
        assert not any(is_running(pid) for pid in running.pids("mute"))


async def test_a_program_that_does_not_exist_is_named(tmp_path: Path) -> None:
    lost = replace(spec("lost", folder=tmp_path), command=["/nowhere/to/be/found"])
    async with stand(tmp_path, lost) as running:
        assert await running.ended() == 1
        assert "Cannot run /nowhere/to/be/found: No such file or directory" in running.log("supervisor")


def test_a_busy_port_names_the_setting_to_change(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SupervisorError) as refused:
            asyncio.run(Supervisor([spec("console", folder=tmp_path, port=port)], tmp_path).run())
    assert f"Port {port} for console is busy" in str(refused.value)
    assert "set RAMAH_CONSOLE_PORT to another port" in str(refused.value)
    assert not (tmp_path / "console.log").exists()


def test_two_processes_cannot_want_one_port(tmp_path: Path) -> None:
    port = free_port()
    pair = [spec(name, folder=tmp_path, port=port) for name in ("worker", "console")]
    with pytest.raises(SupervisorError, match=f"worker and console both want port {port}"):
        refuse_busy_ports(pair)


async def test_a_long_line_and_wrong_bytes_pass_through(tmp_path: Path) -> None:
    program = "import sys; sys.stdout.buffer.write(b'x' * 200_000 + b'\\nbad \\xff byte\\n')"
    noisy = spec("noisy", folder=tmp_path)
    noisy = replace(noisy, command=[noisy.command[0], "-c", program])
    async with stand(tmp_path, noisy, pace=impatient(1.0)) as running:
        assert await running.ended() == 1
        assert running.log("noisy").count("x") == 200_000
        assert "bad \N{REPLACEMENT CHARACTER} byte" in running.log("noisy")
