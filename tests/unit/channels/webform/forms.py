"""A form as an organisation might set it up."""

from __future__ import annotations

from typing import Any

CONTACT: dict[str, Any] = {
    "title": {"id": "Hubungi kami", "ms": "Hubungi kami", "en": "Contact us"},
    "fields": [
        {"name": "name", "label": {"id": "Nama", "ms": "Nama", "en": "Name"}, "required": True},
        {"name": "email", "label": {"id": "Email", "ms": "E-mel", "en": "E-mail"}, "kind": "email", "required": True},
        {"name": "phone", "label": {"id": "Telepon", "ms": "Telefon", "en": "Phone"}, "kind": "phone"},
        {
            "name": "service",
            "label": {"id": "Layanan", "ms": "Perkhidmatan", "en": "Service"},
            "kind": "choice",
            "choices": ["Poles", {"value": "wash", "label": {"id": "Cuci", "ms": "Cuci", "en": "Wash"}}],
        },
        {"name": "message", "label": {"id": "Pesan", "ms": "Mesej", "en": "Message"}, "kind": "long", "required": True},
    ],
    "thanks": {"id": "Terima kasih.", "ms": "Terima kasih.", "en": "Thank you."},
    "answer_by": "none",
}
FILLED = {
    "name": "Budi Santoso",
    "email": "Budi@Contoh.Example",
    "phone": "0812-3456-7890",
    "service": "wash",
    "message": "Besok bisa?\r\nJam 10.",
}


def form_with(**changes: Any) -> dict[str, Any]:
    """The contact form, changed."""
    return {**CONTACT, **changes}
