"""A PostgreSQL server of one's own, to be killed: its own folder, port and processes."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg2

from tests.stack import free_ports

PATIENCE = 60.0
UNPRIVILEGED = ("postgres", "nobody")


def programs() -> Path | None:
    """The folder of PostgreSQL's server programs; None when there is no server on this machine."""
    found = [Path(path).resolve().parent for name in ("initdb", "pg_ctl") if (path := shutil.which(name))]
    found += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in found if (folder / "initdb").exists() and (folder / "postgres").exists()), None)


class PrivatePostgres:
    """One server on a free port of loopback, durable as in production (``fsync`` is on).

    PostgreSQL refuses to run as root, so that it then runs as somebody without rights."""

    def __init__(self) -> None:
        found = programs()
        assert found is not None, "no PostgreSQL server on this machine"
        self._programs = found
        # Not below pytest's folder, which other users may not enter.
        self._folder = Path(tempfile.mkdtemp(prefix="ramah-postgres-"))
        (self._port,) = free_ports(1)
        self._identity: dict[str, Any] = _somebody_without_rights() if os.geteuid() == 0 else {}
        if self._identity:
            os.chown(self._folder, self._identity["user"], self._identity["group"])
        self._process: subprocess.Popen[bytes] | None = None
        self._run("initdb", "-D", "data", "-U", "ramah", "-A", "trust", "-E", "UTF8", "--locale=C")

    @property
    def url(self) -> str:
        """Where the database is; it is there whether or not the server runs."""
        return f"postgresql://ramah@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Return when it takes connections; after a kill it first recovers."""
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            assert time.monotonic() < deadline, "PostgreSQL does not start:\n" + self.log()[-2000:]
            if self._process is None or self._process.poll() is not None:
                # Right after a kill its old children may still hold the shared memory for a moment.
                self._process = self._spawn()
            time.sleep(0.05)

    def kill(self) -> None:
        """End it as a power cut would; what it had promised is in its log on disk."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """End it and remove everything."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(PATIENCE)
        shutil.rmtree(self._folder, ignore_errors=True)

    def log(self) -> str:
        """What it printed."""
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace")

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            return False
        try:
            psycopg2.connect(self.url, connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _spawn(self) -> subprocess.Popen[bytes]:
        options = {"port": self._port, "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self._folder)}
        options |= {"fsync": "on", "max_connections": 200, "timezone": "UTC"}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._programs / "postgres"), "-D", "data", *words],
                cwd=self._folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self._identity,
            )

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._programs / program), *words]
        done = subprocess.run(command, cwd=self._folder, capture_output=True, check=False, **self._identity)
        assert done.returncode == 0, done.stderr.decode(errors="replace")


def _somebody_without_rights() -> dict[str, Any]:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    somebody = next(known[name] for name in UNPRIVILEGED if name in known)
    return {"user": somebody.pw_uid, "group": somebody.pw_gid}
