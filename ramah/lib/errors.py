"""The one exception tree. Each boundary maps what it gets to one of these.

RamahError
 ├─ SettingsError            a setting is missing or wrong; the process must not start
 ├─ NotFound                 the thing asked for does not exist in this organisation
 ├─ Refused                  a rule of the house forbids it (stale epoch, wrong state)
 ├─ BadInput                 what came from outside cannot be read
 ├─ ChannelError             a messaging provider (ramah.channels.errors)
 ├─ IntegrationError         another system of ours or the customer's (ramah.integrations)
 ├─ OutOfService             a guard did not let the call through (ramah.lib.guard)
 └─ EngineError              the Rasa engine (ramah.messaging.engine_client)
"""


class RamahError(Exception):
    """Base of every failure that Ramah knows.

    ``subsystem`` names the part that failed and ``operation`` what it was doing, where it knows; ``permanent`` says
    that a repetition cannot help, ``retry_after`` is a wait in seconds that the other side asked for, ``message_key``
    is the response (``utter_*``) that a customer may be told. ``place`` is the module, function and line of our code
    nearest to the fault where another process of ours told it; else the traceback does.
    """

    subsystem = "ramah"
    operation = ""
    place = ""
    permanent = True
    message_key = "utter_technical_trouble"

    def __init__(
        self,
        message: str,
        *,
        permanent: bool | None = None,
        retry_after: float | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        if permanent is not None:
            self.permanent = permanent
        self.retry_after = retry_after
        self.code = code


class SettingsError(RamahError):
    """A setting is missing or wrong; says which and what to do."""

    subsystem = "settings"


class NotFound(RamahError):
    """The thing asked for does not exist, or not in this organisation."""


class Refused(RamahError):
    """A rule of the house forbids the change; nothing was written."""


class BadInput(RamahError):
    """What came from outside cannot be read; the sender is told why."""
