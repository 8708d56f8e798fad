"""What customers call the parts of a booking, in each language; like the names of months these are no phrases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

NAMES: Mapping[str, tuple[str, str, str]] = {
    "service": ("layanan", "servis", "service"),
    "booking_kind": ("sekali atau langganan", "sekali atau langganan", "one-time or subscription"),
    "plan": ("paket langganan", "pelan langganan", "plan"),
    "first_name": ("nama", "nama", "name"),
    "last_name": ("nama belakang", "nama akhir", "last name"),
    "phone": ("nomor HP", "nombor telefon", "phone number"),
    "car_model": ("mobil", "kereta", "car"),
    "car_year": ("tahun mobil", "tahun kereta", "car year"),
    "car_plate": ("plat nomor", "nombor plat", "plate number"),
    "place": ("tempat", "tempat", "place"),
    "outlet": ("outlet", "cawangan", "outlet"),
    "street": ("alamat", "alamat", "address"),
    "city": ("kota", "bandar", "city"),
    "postcode": ("kode pos", "poskod", "postcode"),
    "appointment_date": ("tanggal", "tarikh", "date"),
    "appointment_time": ("jam", "masa", "time"),
    "confirmation": ("konfirmasi", "pengesahan", "confirmation"),
}
VALUES: Mapping[str, tuple[str, str, str]] = {
    "one_time": ("sekali saja", "sekali sahaja", "one time"),
    "subscription": ("langganan", "langganan", "subscription"),
    "home": ("di rumah", "di rumah", "at home"),
    "outlet": ("di outlet", "di cawangan", "at the outlet"),
    "yes": ("ya, benar", "ya, betul", "yes, correct"),
    "cancel": ("batal", "batal", "cancel"),
    "none": ("satu nama saja", "satu nama sahaja", "one name only"),
}
LANGUAGES = ("id", "ms", "en")
GROUP_STEPS: Mapping[str, str] = {
    "kind": "booking_kind", "name": "first_name", "car": "car_model", "year": "car_year", "plate": "car_plate",
    "address": "street", "date": "appointment_date", "time": "appointment_time",
}  # fmt: skip
"""The step whose name stands for a group of facts."""


def field_name(step: str, language: str) -> str:
    """The name of a step, or of what somebody wants to change."""
    step = GROUP_STEPS.get(step, step)
    return _in(NAMES[step], language) if step in NAMES else step.replace("_", " ")


def field_list(steps: Iterable[str], language: str) -> str:
    """The names of steps, separated by commas. The confirmation is nothing that one tells."""
    return ", ".join(field_name(step, language) for step in steps if step != "confirmation")


def value_name(value: str, language: str) -> str | None:
    """The wording of a value that stands on a button, or None for one that comes from data."""
    return _in(VALUES[value], language) if value in VALUES else None


def _in(wordings: tuple[str, str, str], language: str) -> str:
    return wordings[LANGUAGES.index(language) if language in LANGUAGES else 0]
