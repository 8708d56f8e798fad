"""Messages of ours as mails."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ramah.channels.content import Attachment, Choice, MediaKind, Outgoing
from ramah.channels.email.account import Mailbox
from ramah.channels.email.compose import TEXT_LIMIT, compose, split_message
from ramah.channels.email.message_ids import own_id, reference_in

MAILBOX = Mailbox(address="cs@kilap.example", name="Kilap, Auto Care", imap_host="i", smtp_host="s")
BUDI = "budi@contoh.example"


def received(message: Outgoing, mailbox: Mailbox = MAILBOX, reference: str = "out-1") -> EmailMessage:
    """The mail as the recipient's program reads it."""
    return BytesParser(policy=default).parsebytes(compose(mailbox, BUDI, message, reference).as_bytes())


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    """One of the two forms of the text."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_an_answer_stands_in_its_thread() -> None:
    mail = received(Outgoing(text="Halo", subject="RE: Bls: Jadwal", reply_to="<q1@contoh.example>"))
    assert mail["In-Reply-To"] == mail["References"] == "<q1@contoh.example>"
    assert mail["Subject"] == "Re: Jadwal"
    assert mail["From"].addresses[0].display_name == "Kilap, Auto Care"
    assert mail["To"] == BUDI


def test_a_mail_that_answers_nothing_has_the_name_of_the_house_as_subject() -> None:
    mail = received(Outgoing(text="Halo", reply_to="form-123"))
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Kilap, Auto Care", None)
    assert received(Outgoing(text="Halo", subject="Formulir", reply_to="form-1"))["Subject"] == "Formulir"


def test_every_try_carries_the_same_id() -> None:
    first, second = received(Outgoing(text="a")), received(Outgoing(text="a"))
    assert first["Message-ID"] == second["Message-ID"] == "<ramah.out-1@kilap.example>"
    assert reference_in(first["Message-ID"], "kilap.example") == "out-1"
    assert reference_in(first["Message-ID"], "other.example") is None
    assert own_id("with spaces <>", "kilap.example").count(" ") == 0


def test_other_machines_are_told_not_to_answer() -> None:
    assert received(Outgoing(text="a"))["Auto-Submitted"] == "auto-generated"
    assert received(Outgoing(text="a", reply_to="<q@contoh.example>"))["Auto-Submitted"] == "auto-replied"


def test_both_forms_say_the_same_and_markup_is_escaped() -> None:
    mail = received(Outgoing(text="Tarif <b>Rp 5</b> & lain\nbaris 2\n\nhttps://x.example/?a=1&b=2, ya"))
    assert "Tarif <b>Rp 5</b> & lain\nbaris 2" in text_of(mail)
    shown = text_of(mail, "html")
    assert "&lt;b&gt;Rp 5&lt;/b&gt; &amp; lain<br>" in shown
    assert '<a href="https://x.example/?a=1&amp;b=2">' in shown


def test_choices_are_numbered_and_a_picture_is_a_link() -> None:
    choices = (Choice(title="Besok", payload="/1"), Choice(title="Lusa", payload="/2", description="pagi"))
    (part,) = split_message(Outgoing(text="Kapan?", choices=choices, image_url="https://x.example/a.jpg"))
    assert part.numbered == choices
    assert part.text == "Kapan?\n\n1. Besok\n2. Lusa – pagi\n\nhttps://x.example/a.jpg"


def test_an_attachment_arrives_with_its_name_and_bytes() -> None:
    content = bytes(range(256))
    file = Attachment(
        kind=MediaKind.DOCUMENT, media_id="m1", mime_type="application/pdf", filename="nota é\r\n.pdf", content=content
    )
    (attached,) = received(Outgoing(text="Nota", attachment=file)).iter_attachments()
    assert attached.get_content() == content
    assert attached.get_filename() == "nota é .pdf"
    assert attached.get_content_type() == "application/pdf"


def test_a_file_without_words_is_a_mail_too() -> None:
    file = Attachment(kind=MediaKind.DOCUMENT, media_id="m1", mime_type="text/html; x", content=b"<b>")
    (part,) = split_message(Outgoing(attachment=file))
    (attached,) = received(part).iter_attachments()
    assert attached.get_content_type() == "application/octet-stream"


def test_an_empty_message_has_no_parts_and_a_very_long_one_has_several() -> None:
    assert split_message(Outgoing()) == []
    parts = split_message(Outgoing(text="kata " * TEXT_LIMIT, subject="s", reply_to="<a@b>"))
    assert len(parts) > 1
    assert all(part.subject == "s" and part.reply_to == "<a@b>" for part in parts)


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.example", "a\nBcc: x", "a\x00b", "\ud800", "=?utf-8?q?a=0ABcc:_x?="])
def test_no_header_can_be_smuggled_in(evil: str) -> None:
    mailbox = MAILBOX.model_copy(update={"name": evil})
    mail = received(Outgoing(text="a", subject=evil), mailbox)
    assert mail["Bcc"] is None
    assert len(mail.get_all("Subject", [])) == 1


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=100), st.text(max_size=60))
def test_any_text_arrives(text: str, subject: str, name: str) -> None:
    for part in split_message(Outgoing(text=text, subject=subject, reply_to="<a@b.example>")):
        raw = compose(MAILBOX.model_copy(update={"name": name}), BUDI, part, "out-1").as_bytes()
        assert raw.isascii()
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        assert raw.count(b"\n") == raw.count(b"\r\n")
