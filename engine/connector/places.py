"""Where in our own code a failure lies: `module:function:line`, as the platform's incidents name it."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
NOT_THE_PLACE = frozenset({"places.py", "watch.py", "failures.py"})


def place_of(error: BaseException) -> str:
    """The deepest line of ours that the error went through; its causes are looked at first, for they lie nearer."""
    deeper = place_of(error.__cause__) if error.__cause__ else ""
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_ours(frame.filename)]
    return deeper or (_place(ours[-1].filename, ours[-1].name, ours[-1].lineno) if ours else "")


def place_here() -> str:
    """The line that noted a trouble which was not raised."""
    frame = sys._getframe(1)
    while frame.f_back and Path(frame.f_code.co_filename).name in NOT_THE_PLACE:
        frame = frame.f_back
    code = frame.f_code
    return _place(code.co_filename, code.co_name, frame.f_lineno) if _is_ours(code.co_filename) else ""


def _place(filename: str, function: str, line: int | None) -> str:
    module = Path(filename).resolve().relative_to(PROJECT).with_suffix("").as_posix().replace("/", ".")
    return f"{module}:{function}:{line}"


def _is_ours(filename: str) -> bool:
    if filename.startswith("<"):
        return False
    path = Path(filename).resolve()
    return path.is_relative_to(PROJECT) and ".venv" not in path.parts
