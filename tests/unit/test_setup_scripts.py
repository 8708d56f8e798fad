"""Set-up and the runner of the stages: what they do when something is wrong."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from scripts import ensure_browser, environments, run_stories, run_tests, static_assets
from scripts.environments import DEVELOPMENT, RUNTIME, Environment
from scripts.progress import ROOT, SetupError, run, run_filtered
from scripts.stages import LANES, STAGES, Command, Stage
from scripts.stamps import digest, read_stamp, remove_stamp, write_stamp
from scripts.static_assets import Asset


def _stage(name: str, *code: str, patience: float = 20.0) -> Stage:
    commands: list[Command] = [(sys.executable, "-c", line) for line in code]
    return Stage(name, f"test-{name}", lambda: commands, patience=patience)


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run_tests, "RESULTS", tmp_path)
    monkeypatch.setattr(run_tests, "ROOT", tmp_path)
    return tmp_path


def _run_all(
    monkeypatch: pytest.MonkeyPatch, *stages: Stage, lanes: Sequence[Sequence[Sequence[str]]] | None = None
) -> int:
    monkeypatch.setattr(run_tests, "STAGES", stages)
    monkeypatch.setattr(run_tests, "LANES", lanes or [[[stage.name for stage in stages]]])
    monkeypatch.setattr(sys, "argv", ["run_tests"])
    return run_tests.main()


def test_all_stages_get_a_line_and_the_last_line_of_their_output(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = _run_all(monkeypatch, _stage("one", "print('3 passed')"), _stage("two", "print('4 passed')"))
    lines = capsys.readouterr().out.splitlines()
    assert status == 0
    assert lines[0].split() == ["one", "..."]
    assert lines[1].split()[:2] == ["one", "ok"]
    assert lines[1].endswith("3 passed")
    assert lines[3].endswith("4 passed")
    assert lines[-1].startswith("All 2 stages passed")


def test_lanes_of_a_step_run_at_the_same_time(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = results / "here", results / "there"
    waiting = (
        "import pathlib, time\npathlib.Path({!r}).touch()\nwhile not pathlib.Path({!r}).exists(): time.sleep(0.01)"
    )
    stages = (_stage("a", waiting.format(str(here), str(there))), _stage("b", waiting.format(str(there), str(here))))
    assert _run_all(monkeypatch, *stages, lanes=[[["a"], ["b"]]]) == 0
    assert "All 2 stages passed" in capsys.readouterr().out


def test_a_failure_in_one_lane_begins_nothing_more_in_the_other(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done = results / "failed"
    failing = _stage("bad", f"import pathlib; pathlib.Path({str(done)!r}).touch(); raise SystemExit(3)")
    slow = _stage(
        "slow", f"import pathlib, time\nwhile not pathlib.Path({str(done)!r}).exists(): time.sleep(0.01)\ntime.sleep(1)"
    )
    assert _run_all(monkeypatch, failing, slow, _stage("later", "pass"), lanes=[[["bad"], ["slow", "later"]]]) == 1
    assert "later" not in capsys.readouterr().out


def test_every_stage_has_its_place_in_the_order() -> None:
    assert sorted(name for step in LANES for lane in step for name in lane) == sorted(stage.name for stage in STAGES)


def test_the_first_stage_that_fails_stops_the_rest_and_is_explained(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = _stage("bad", "print('the reason'); raise SystemExit(3)", "print('never')")
    status = _run_all(monkeypatch, _stage("good", "pass"), failing, _stage("later", "print('unreached')"))
    printed = capsys.readouterr().out
    assert status == 1
    assert "the reason" in printed
    assert "`make test-bad` runs it alone" in printed
    assert "never" not in printed.replace("print('never')", "")
    assert "later" not in printed


def test_a_stage_that_hangs_is_ended_with_its_children(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    note = results / "child"
    child = f"import time; time.sleep(60); open({str(note)!r}, 'w')"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    started = time.monotonic()
    status = _run_all(monkeypatch, _stage("stuck", code, patience=0.8))
    assert status == 1
    assert time.monotonic() - started < 45
    assert "ended after 1 s" in capsys.readouterr().out
    alive = subprocess.run(["pgrep", "-f", str(note)], capture_output=True, text=True, check=False).stdout
    assert alive == "" and not note.exists()


def test_a_stage_without_tests_says_so(
    results: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = Stage("empty", "test-empty", list, tests=("tests/there-is-no-such-folder", "test_*.py"))
    assert _run_all(monkeypatch, empty) == 0
    assert "no tests yet" in capsys.readouterr().out


def test_an_unknown_stage_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["run_tests", "nonsense"])
    with pytest.raises(SystemExit):
        run_tests.main()
    assert "no stage is called nonsense" in capsys.readouterr().err


def test_every_folder_of_tests_has_a_stage() -> None:
    folders = {
        f"tests/{folder.name}"
        for folder in (ROOT / "tests").iterdir()
        if folder.is_dir() and folder.name not in {"fakes", "soak", "__pycache__"} and any(folder.rglob("test_*.*"))
    }
    assert folders <= {stage.tests[0] for stage in STAGES if stage.tests}


def test_every_stage_has_a_target_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [stage.target for stage in STAGES if stage.target not in makefile] == []


@pytest.mark.parametrize(("was", "asked", "becomes"), [
    ("", False, RUNTIME), ("", True, DEVELOPMENT), (RUNTIME, False, RUNTIME), (RUNTIME, True, DEVELOPMENT),
    (DEVELOPMENT, False, DEVELOPMENT),
])  # fmt: skip
def test_a_development_environment_is_never_made_less(tmp_path: Path, was: str, asked: bool, becomes: str) -> None:
    if was:
        write_stamp(tmp_path, f"{was} 0123")
    assert Environment("one", tmp_path, {}).wanted(asked) == becomes


def test_an_environment_of_the_same_lock_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("one==1")
    environment = Environment("one", tmp_path, {RUNTIME: lock})
    write_stamp(tmp_path, environment.stamp(RUNTIME))
    monkeypatch.setattr(environments, "sync", lambda *_: pytest.fail("was installed again"))
    environments._install(environment, development=False)
    assert "up to date" in capsys.readouterr().out


def test_an_interrupted_installation_is_not_taken_for_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("one==2")
    write_stamp(tmp_path, "runtime of-an-older-lock")

    def interrupted(*_: object) -> None:
        raise SetupError("cut", "again")

    monkeypatch.setattr(environments, "sync", interrupted)
    with pytest.raises(SetupError):
        environments._install(Environment("one", tmp_path, {RUNTIME: lock}), development=False)
    assert read_stamp(tmp_path) == ""


def test_a_stamp_can_be_removed_twice(tmp_path: Path) -> None:
    write_stamp(tmp_path, "x")
    remove_stamp(tmp_path)
    remove_stamp(tmp_path)
    assert read_stamp(tmp_path) == ""


def test_a_digest_depends_on_the_order_and_the_borders_of_files(tmp_path: Path) -> None:
    contents = {"a": "ab", "b": "c", "c": "a", "d": "bc"}
    for name, text in contents.items():
        (tmp_path / name).write_text(text)
    digests = {digest(*(tmp_path / name for name in pair)) for pair in ("ab", "ba", "cd")}
    assert len(digests) == 3


def test_an_asset_that_is_not_the_listed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_assets, "WORKSHOP", tmp_path)
    monkeypatch.setattr(static_assets, "VENDOR", tmp_path / "vendor")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "vendor").mkdir()
    (tmp_path / "node_modules" / "a.js").write_text("changed on the way")
    with pytest.raises(SetupError, match="not the file"):
        static_assets._copy(Asset("a.js", "a.js", hashlib.sha256(b"as published").hexdigest()))
    assert list((tmp_path / "vendor").iterdir()) == []


def test_a_failed_command_says_what_to_do_next() -> None:
    with pytest.raises(SetupError, match="exit code 7") as caught:
        run([sys.executable, "-c", "raise SystemExit(7)"], "turn it off and on")
    assert caught.value.next_step == "turn it off and on"
    with pytest.raises(SetupError, match="was not found"):
        run(["there-is-no-such-program"], "install it")
    with pytest.raises(SetupError, match="did not end"):
        run([sys.executable, "-c", "import time; time.sleep(30)"], "wait", patience=0.3)


def test_noise_is_left_out_of_an_installation(capsys: pytest.CaptureFixture[str]) -> None:
    run_filtered([sys.executable, "-c", r"print(' + pkg==1\nInstalled 1')"], "again", without=r" [-+~] ")
    assert capsys.readouterr().out == "    Installed 1\n"
    with pytest.raises(SetupError, match="exit code 2"):
        run_filtered([sys.executable, "-c", "raise SystemExit(2)"], "again", without="x")


def test_a_missing_browser_is_a_failure_with_advice(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert ensure_browser.main() == 1
    assert "Install Chromium" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (None, 1),
        ('{"conversation_accuracy": {"correct": 2, "total": 2}}', 0),
        ('{"conversation_accuracy": {"correct": 1, "total": 2}}', 1),
        ('{"conversation_accuracy": {"correct": 0, "total": 0}}', 1),
    ],
)
def test_stories_pass_only_when_the_report_counts_them_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, report: str | None, status: int
) -> None:
    monkeypatch.setattr(run_stories, "REPORT", tmp_path / "report.json")
    if report:
        (tmp_path / "report.json").write_text(report)
    assert run_stories._judge(2) == status
