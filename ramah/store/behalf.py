"""On whose behalf a session works: what it may see and whom the audit log names."""

from __future__ import annotations

from dataclasses import dataclass

BEHALF = "ramah_behalf"
"""The key in ``Session.info``."""


@dataclass(frozen=True)
class Behalf:
    """A person of the staff. ``outlets`` are the codes of those they are limited to, None for all;
    ``address`` is where they act from."""

    staff_id: str
    address: str = ""
    outlets: tuple[str, ...] | None = None
