"""A Redis server of one's own, to be killed. It keeps nothing on disk, as a cache does."""

from __future__ import annotations

import shutil
import signal
import subprocess

from redis import Redis, RedisError

from tests.stack import free_ports, wait_for

PROGRAM = shutil.which("redis-server")


class PrivateRedis:
    """One server on a free port of loopback."""

    def __init__(self) -> None:
        (self._port,) = free_ports(1)
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it answers."""
        assert PROGRAM is not None, "no redis-server on this machine"
        words = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([PROGRAM, *words], stdout=subprocess.DEVNULL, start_new_session=True)
        wait_for(self._answers, "Redis answers")

    def kill(self) -> None:
        """End it at once; everything in it is gone."""
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url, socket_timeout=1.0) as redis:
                return bool(redis.ping())
        except RedisError:
            return False
