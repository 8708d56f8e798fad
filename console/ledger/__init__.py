"""The ledger's page and the banner of open alerts."""

from sanic import Blueprint

from console.ledger.alerts import blueprint as alerts
from console.ledger.views import blueprint as pages

blueprint = Blueprint.group(pages, alerts)

__all__ = ["blueprint"]
