"""Web forms: a submission is kept, then becomes a conversation on the account that answers it.

What a form names as address was typed by anybody. So a mail address is answered like a mail from there, which only
its owner reads; but a phone number that another channel has *proved* must not be spoken for by whoever types it.
Such a message is shown in the thread, opens no reply window, is not read by the bot, and waits for a person.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from ramah.channels.content import Incoming, Sender
from ramah.channels.webform.channel import address_in, message_of
from ramah.channels.webform.definition import FormDefinition, definition_of
from ramah.channels.webform.submission import Submission
from ramah.messaging.conversations import locked
from ramah.messaging.envelopes import Kept, keep, postpone, settle
from ramah.messaging.inbox import Accepted, accept_in
from ramah.messaging.models import ChannelAccount, Envelope, EnvelopeStatus, Inbound
from ramah.messaging.queueing import ask_for_person
from ramah.observe import record_incident
from ramah.store import Database

ASKED_BY_FORM = "web_form"
MAIL = "email"
PROVE_NOTHING = frozenset({"webform", "webchat", MAIL})
MOST_ATTEMPTS = 6


def submit(database: Database, account: ChannelAccount, submission: Submission) -> Accepted | None:
    """Store a submission, once; returns where it went.

    None when it is kept but could not be put into a thread just now: the worker reads the envelope again, and then it
    stands in a conversation of the form itself. Raises FormUnusable, or what the database raised before it was kept.
    """
    form = definition_of(account.options or {})
    kept = keep(database, account, {}, submission.as_body())
    try:
        return _read(database, account, form, submission, kept)
    except Exception as error:  # noqa: BLE001 - the submission is safe; the visitor need not send it again
        record_incident(database, account.organisation_id, error, "webform:submit")
        postpone(database, account.organisation_id, kept.id, repr(error), MOST_ATTEMPTS)
        return None


def _read(
    database: Database, account: ChannelAccount, form: FormDefinition, submission: Submission, kept: Kept
) -> Accepted:
    with database.tenant(account.organisation_id) as session:
        envelope = session.get_one(Envelope, kept.id, with_for_update=True)
        known = session.scalar(select(Inbound).where(Inbound.envelope_id == kept.id).limit(1))
        if known is not None:
            return Accepted(known.id, known.conversation_id, known.position, repeated=True)
        answering = _answering(session, account, form, submission)
        accepted = accept_in(session, answering, _addressed(form, submission, answering), kept.id)
        if not accepted.repeated:
            _settle_in(session, answering, accepted, submission)
        if envelope.status != EnvelopeStatus.DONE:
            settle(session, account.organisation_id, envelope.id, messages=1, receipts=0, notices=0)
        return accepted


def _settle_in(session: Session, answering: ChannelAccount, accepted: Accepted, submission: Submission) -> None:
    """The person's language, and somebody who looks where the bot cannot answer."""
    conversation = locked(session, accepted.conversation_id)
    conversation.language = conversation.language or submission.language
    if answering.kind != MAIL:
        ask_for_person(session, conversation, ASKED_BY_FORM, may_choose=False)


def _answering(
    session: Session, account: ChannelAccount, form: FormDefinition, submission: Submission
) -> ChannelAccount:
    """The account that the form names, where it can reach the address; else the form itself."""
    if form.answer_account_id is None or address_in(form, submission) is None:
        return account
    named = session.get(ChannelAccount, form.answer_account_id)
    if named is None or not named.active:
        return account
    fits = named.kind == MAIL if form.answer_by == "email" else named.kind not in PROVE_NOTHING
    return named if fits else account


def _addressed(form: FormDefinition, submission: Submission, answering: ChannelAccount) -> Incoming:
    message = message_of(form, submission)
    address = address_in(form, submission)
    if answering.kind == "webform" or address is None:
        return message.model_copy(update={"automatic": True})
    sender = Sender(platform_id=address, name=message.sender.name)
    return message.model_copy(update={"sender": sender, "automatic": answering.kind != MAIL})
