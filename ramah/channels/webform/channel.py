"""The web form as a channel: what was filled in becomes a message; answers leave by another account."""

from __future__ import annotations

from collections.abc import Mapping

from ramah.channels.content import (
    Batch,
    Incoming,
    IncomingKind,
    LinkState,
    LinkStatus,
    Outgoing,
    Sender,
    Sent,
)
from ramah.channels.errors import ChannelError, PayloadError, SendOutcome, SignatureError
from ramah.channels.port import Abilities, AccountAccess, ChannelDefaults
from ramah.channels.webform.definition import FieldKind, FormDefinition, FormField, FormUnusable, definition_of, worded
from ramah.channels.webform.submission import Submission, read_submission

TEXT_LIMIT = 20_000


class WebFormChannel(ChannelDefaults):
    """Forms. The options of an account are a ``FormDefinition``; there are no secrets."""

    kind = "webform"
    abilities = Abilities(buttons=0, list_rows=0, text_limit=TEXT_LIMIT, proves_delivery=False)

    def verify(self, account: AccountAccess, headers: Mapping[str, str], body: bytes) -> None:
        """Always refuses: forms come by our own page."""
        raise SignatureError("a web form has no webhook")

    def parse(self, account: AccountAccess, body: bytes) -> list[Batch]:
        """Read a stored submission. Raises PayloadError."""
        submission = read_submission(body)
        try:
            form = definition_of(account.options)
        except FormUnusable as error:
            raise PayloadError(str(error)) from error
        return [Batch(account_external_id=account.external_id, incoming=(message_of(form, submission),))]

    def split(self, message: Outgoing, language: str) -> list[Outgoing]:
        """One message stays one."""
        return [message] if message != Outgoing() else []

    def send(self, account: AccountAccess, recipient: str, message: Outgoing, reference: str) -> Sent:
        """Always refuses: a page that was closed long ago cannot be written to."""
        problem = "whoever filled in this form left no address that can be answered; set answer_by and its account"
        raise ChannelError(problem, SendOutcome.GIVE_UP, code="no_address")

    def check(self, account: AccountAccess) -> LinkState:
        """Whether the form can be shown."""
        try:
            definition_of(account.options)
        except FormUnusable as error:
            return LinkState(status=LinkStatus.FAILED, detail=str(error)[:300])
        return LinkState(status=LinkStatus.CONNECTED)


def message_of(form: FormDefinition, submission: Submission) -> Incoming:
    """The submission as a message: a line per field, in the person's language. The sender is nobody yet: the address
    was only typed, and whoever answers puts it there."""
    filled = [(field, submission.values[field.name]) for field in form.fields if submission.values.get(field.name)]
    return Incoming(
        external_id=f"form-{submission.key}",
        sender=Sender(platform_id=f"form-{submission.key}", name=name_in(form, submission)),
        kind=IncomingKind.TEXT,
        text="\n".join(_line(field, value, submission.language) for field, value in filled),
        raw={
            "subject": worded(form.title, submission.language),
            "form": dict(submission.values),
            "language": submission.language,
        },
    )


def address_in(form: FormDefinition, submission: Submission) -> str | None:
    """Where the person wants to be answered: an e-mail address, or a phone number in digits."""
    wanted = form.address_kind
    found = (submission.values.get(field.name) for field in form.fields if field.kind is wanted)
    address = next((value for value in found if value), None)
    return address.removeprefix("+") if address and wanted is FieldKind.PHONE else address


def name_in(form: FormDefinition, submission: Submission) -> str | None:
    """The person's name, where the form has a field ``name``."""
    return submission.values.get("name") if any(field.name == "name" for field in form.fields) else None


def _line(field: FormField, value: str, language: str) -> str:
    chosen = next((choice for choice in field.choices if choice.value == value), None)
    shown = worded(chosen.label, language) if chosen else value
    label = worded(field.label, language).rstrip(":：")
    return f"{label}:\n{shown}" if "\n" in shown else f"{label}: {shown}"
