"""Faults on order: the next calls that match fail in a chosen way."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import Literal

Kind = Literal[
    "unauthorized",
    "forbidden",
    "duplicate",
    "timestamp_mismatch",
    "locked",
    "rate_limited",
    "rate_limited_old",
    "maintenance",
    "bad_gateway",
    "server_error",
    "deadlock",
    "garbage",
    "blind",
    "hang",
    "drop",
    "trickle",
    "error_after_commit",
    "hang_after_commit",
    "drop_after_commit",
    "gateway_timeout_after_commit",
]
AFTER_COMMIT: frozenset[Kind] = frozenset(
    {"error_after_commit", "hang_after_commit", "drop_after_commit", "gateway_timeout_after_commit"}
)


@dataclass
class Fault:
    """One order: ``times`` calls whose path begins with ``path`` (decoded) and whose method fits, after ``after``."""

    kind: Kind
    times: int
    path: str
    method: str | None
    after: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Count a call; whether it is one of those that fail."""
        if self.times <= 0 or not path.startswith(self.path) or self.method not in {None, method}:
            return False
        self.after -= 1
        if self.after >= 0:
            return False
        self.times -= 1
        return True


class FaultPlan:
    """The orders that are not used up."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a fault."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget all orders."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Kind | None:
        """The fault for this call, if one was ordered; uses it up."""
        with self._lock:
            for fault in self._faults:
                if fault.strikes(method, path):
                    return fault.kind
        return None
