"""Posted forms and JSON bodies of the queue as typed forms, errors in one plain sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ramah.desk.queue.setting_up import DivisionForm, SettingsForm
from ramah.lib.errors import BadInput

Form = TypeVar("Form", bound=BaseModel)


def division_form(posted: Mapping[str, Any]) -> DivisionForm:
    """A division from an HTML form, in which a box that is not ticked is not sent."""
    minutes = _first(posted, "avg_handling_time_minutes").strip()
    return checked(
        DivisionForm,
        {
            "name": _first(posted, "name"),
            "description": _first(posted, "description"),
            "keyword_triggers": [word for word in _first(posted, "keywords").split(",") if word.strip()],
            "is_active": bool(_first(posted, "is_active")),
            "avg_handling_time_minutes": minutes or None,
            "show_wait_time": bool(_first(posted, "show_wait_time")),
            "auto_detect_keywords": bool(_first(posted, "auto_detect_keywords")),
        },
    )


def settings_form(posted: Mapping[str, Any]) -> SettingsForm:
    """Mode, keyword, capacity and times from an HTML form."""
    names = ("mode", "check_queue_keyword", "capacity", "idle_after", "reassign_after")
    return checked(SettingsForm, {name: _first(posted, name) for name in names if _first(posted, name).strip()})


def checked(form: type[Form], values: Any) -> Form:
    """The typed form. Raises BadInput naming the first field that does not fit."""
    try:
        return form.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadInput(f"{where}: {first['msg']}" if where else first["msg"]) from error


def _first(posted: Mapping[str, Any], name: str) -> str:
    value = posted.get(name)
    found = value[0] if isinstance(value, list) and value else value
    return str(found).replace("\x00", "") if found else ""
