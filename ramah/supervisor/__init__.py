"""Starts the processes of one machine, keeps them alive and leaves none behind."""

from ramah.supervisor.errors import StartFailure, SupervisorError
from ramah.supervisor.lock import only_one
from ramah.supervisor.ports import refuse_busy_ports
from ramah.supervisor.spec import Pace, ProcessSpec
from ramah.supervisor.supervisor import Supervisor

__all__ = [
    "Pace",
    "ProcessSpec",
    "StartFailure",
    "Supervisor",
    "SupervisorError",
    "only_one",
    "refuse_busy_ports",
]
