"""One's own account: links by mail that set a password, and what everybody may change about themselves."""

from sanic import Blueprint

from console.account.links import blueprint as links
from console.account.second_factor import blueprint as second_factor
from console.account.views import blueprint as own

blueprint = Blueprint.group(links, own, second_factor)

__all__ = ["blueprint"]
