"""The queue of payment slips for staff, and the public page of a bill."""

from sanic import Blueprint

from console.payments.public import blueprint as public
from console.payments.queue import blueprint as queue

blueprint = Blueprint.group(queue, public)

__all__ = ["blueprint"]
