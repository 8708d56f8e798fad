"""Rasa and TensorFlow without their chatter."""

from __future__ import annotations

import logging
import os
from typing import Any

from engine.trace_id import running_trace

CHATTY = ("apscheduler", "matplotlib", "sanic.access", "rasa.core.processor", "rasa.engine", "rasa.shared.core.slots")

NOT_FOR_US = (
    "DeprecationWarning",  # inside of pinned libraries
    "pkg_resources is deprecated",
    "does not include an entity extractor trained",  # entities come from lookup tables, on purpose
    "components that uses the features created from the lookup table",
)


def silence() -> None:
    """Switch telemetry off and keep TensorFlow and deprecated libraries quiet; call it before importing Rasa."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    logging.captureWarnings(True)
    logging.getLogger("py.warnings").addFilter(_is_for_us)


def configure_logging() -> None:
    """Log from INFO on, one line each; LOG_LEVEL changes the level of Rasa's own lines."""
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    logging.setLogRecordFactory(_with_trace)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s%(trace)s")
    configure_logging_and_warnings(filter_repeated_logs=False)
    configure_structlog(logging.getLogger("rasa").level)
    logging.getLogger("engine").setLevel(logging.INFO)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


def _with_trace(*parts: Any, **named: Any) -> logging.LogRecord:
    """A line of the log that names the trace of the turn in which it is written."""
    record, trace_id = logging.LogRecord(*parts, **named), running_trace.get()
    record.trace = f" trace_id={trace_id}" if trace_id else ""
    return record


def _is_for_us(record: logging.LogRecord) -> bool:
    """Whether a warning says something about this project."""
    return not any(text in record.getMessage() for text in NOT_FOR_US)
