"""Looks whether the ports are free before anything is started."""

from __future__ import annotations

import errno
import socket
from collections.abc import Sequence

from ramah.supervisor.errors import SupervisorError
from ramah.supervisor.spec import ProcessSpec


def refuse_busy_ports(specs: Sequence[ProcessSpec]) -> None:
    """Raise SupervisorError that names every port which cannot be had, and the setting that moves it."""
    problems = [problem for spec in specs if (problem := _problem(spec))]
    owners: dict[tuple[str, int], ProcessSpec] = {}
    for spec in specs:
        other = owners.setdefault(spec.address, spec)
        if other is not spec:
            problems.append(f"{other.name} and {spec.name} both want port {spec.address[1]}. {_way_out(spec)}")
    if problems:
        raise SupervisorError("\n  ".join(["Nothing was started.", *problems]))


def _problem(spec: ProcessSpec) -> str | None:
    host, port = spec.address
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Connections of an earlier run that are still fading away do not count as busy.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = "is busy" if error.errno == errno.EADDRINUSE else f"cannot be had ({error.strerror})"
            return f"Port {port} for {spec.name} {why}. {_way_out(spec)}"
    return None


def _way_out(spec: ProcessSpec) -> str:
    if not spec.port_setting:
        return "Stop what uses it."
    return f"Stop what uses it, or set {spec.port_setting} to another port."
