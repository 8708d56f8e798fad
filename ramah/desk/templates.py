"""Templates: what may still be written when the reply window is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ramah.channels.content import Outgoing, Template, TemplateParameter
from ramah.desk.holding import held_by
from ramah.lib.errors import BadInput
from ramah.messaging.models import Author, ChannelAccount, Conversation, Outbound
from ramah.messaging.outbox import Writer, write_outbound
from ramah.messaging.registry import channel_for
from ramah.messaging.window import Window, refusal, templates_of
from ramah.store import Database, utc_now

LONGEST_VALUE = 500
ANYTHING = Outgoing(text="-")


@dataclass(frozen=True)
class ClosedWindow:
    """Free text would not pass any more; these templates would."""

    templates: tuple[Template, ...]


def closed_window(session: Session, conversation: Conversation) -> ClosedWindow | None:
    """What may be written instead of free text, or None while free text passes."""
    account = session.get_one(ChannelAccount, conversation.channel_account_id)
    window = Window.of(channel_for(account.kind), account, conversation.last_inbound_at)
    refused = refusal(window, account, Author.STAFF, ANYTHING, utc_now())
    return ClosedWindow(refused.templates) if refused is not None else None


def write_template(
    database: Database,
    organisation_id: str,
    conversation_id: str,
    staff_id: str,
    name: str,
    values: Mapping[int, str],
    send_key: str,
) -> list[Outbound]:
    """Send one of the account's templates with these values for its parameters, once per ``send_key``.

    Raises BadInput for an unknown template or an empty value, Refused unless this person has the conversation.
    """
    with database.tenant(organisation_id) as session:
        conversation = held_by(session, conversation_id, staff_id)
        account = session.get_one(ChannelAccount, conversation.channel_account_id)
        chosen = next((template for template in templates_of(account) if template.name == name), None)
        if chosen is None:
            raise BadInput("this template is not offered any more")
        message = Outgoing(template=filled(chosen, values))
        writer = Writer(Author.STAFF, conversation.epoch, staff_id)
        return write_outbound(session, conversation, writer, message, send_key)


def filled(template: Template, values: Mapping[int, str]) -> Template:
    """The template with its values, and the wording that the customer will read. Raises BadInput for an empty one."""
    parameters = tuple(
        _with_value(parameter, values.get(index, parameter.text)) for index, parameter in enumerate(template.parameters)
    )
    preview = template.preview
    for index, parameter in enumerate(parameters, start=1):
        preview = preview.replace(f"{{{{{parameter.name or index}}}}}", parameter.text)
    return template.model_copy(update={"parameters": parameters, "preview": preview})


def _with_value(parameter: TemplateParameter, value: str) -> TemplateParameter:
    # Meta refuses line breaks, tabs and long runs of blanks inside a parameter.
    cleaned = " ".join(value.replace("\x00", "").split())[:LONGEST_VALUE]
    if not cleaned and parameter.attachment is None:
        raise BadInput("fill in every field of the template")
    return parameter.model_copy(update={"text": cleaned})
