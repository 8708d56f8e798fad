"""Alerts: what administrators must hear of, told once per trouble, in the console and by mail."""

from ramah.messaging.alerts.connections import watch_connections
from ramah.messaging.alerts.incidents import tell_incidents
from ramah.messaging.alerts.register import close_alert, facts_of, open_alert, open_alerts, try_alert
from ramah.messaging.alerts.telling import tell_one
from ramah.messaging.alerts.wording import Worded, worded

__all__ = [
    "Worded",
    "close_alert",
    "facts_of",
    "open_alert",
    "open_alerts",
    "tell_incidents",
    "tell_one",
    "try_alert",
    "watch_connections",
    "worded",
]
