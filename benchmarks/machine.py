"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.process import ENGINE_PYTHON

VERSIONS = (
    "import platform; from importlib.metadata import version; "
    "print(f'Python {platform.python_version()}, Rasa {version(\"rasa\")}')"
)


def describe_machine() -> list[str]:
    """Lines about date, processor, memory, load and versions."""
    one, five, fifteen = os.getloadavg()
    engine = subprocess.run([str(ENGINE_PYTHON), "-c", VERSIONS], capture_output=True, text=True, check=True)
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return [
        f"date      {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"machine   {os.cpu_count()} cores, {processor()}, {memory:.0f} GiB, {platform.system()} {platform.release()}",
        f"load      {one:.1f} {five:.1f} {fifteen:.1f} (1, 5, 15 minutes, before the measurement)",
        f"engine    {engine.stdout.strip()}",
        f"platform  Python {platform.python_version()}",
    ]


def processor() -> str:
    """The processor's name where the system tells it."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        return platform.processor()
    return found[1].strip() if found else platform.processor()
