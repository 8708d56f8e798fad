"""The queue panel, its settings, presence, and the same as JSON."""

from sanic import Blueprint

from console.queue.api import blueprint as api
from console.queue.hours import blueprint as hours
from console.queue.panel import blueprint as panel
from console.queue.setup import blueprint as setup

blueprint = Blueprint.group(panel, setup, hours, api)

__all__ = ["blueprint"]
