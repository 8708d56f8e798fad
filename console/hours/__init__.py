"""The page of the bot's hours and mode, and its JSON routes."""

from sanic import Blueprint

from console.hours.api import blueprint as api
from console.hours.views import blueprint as pages

blueprint = Blueprint.group(pages, api)

__all__ = ["blueprint"]
