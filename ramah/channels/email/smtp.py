"""One mail to one SMTP server, step by step, so that a failure says whether the mail may be on its way."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ramah.channels.email.account import Mailbox, SmtpSecurity, Wire
from ramah.channels.email.cutting import cut_after
from ramah.channels.email.refusals import Stage, refusal
from ramah.channels.errors import ChannelError, Scope, SendOutcome

_LINE_BEGINS_WITH_DOT = re.compile(rb"(?m)^\.")
GO_ON = 354
_LOST = (OSError, smtplib.SMTPException)


def transmit(mailbox: Mailbox, wire: Wire, recipient: str, mail: bytes) -> None:
    """Hand a mail over; returns when the server has taken it. ``mail`` has CRLF line ends. Raises ChannelError."""
    with connected(mailbox, wire) as smtp:
        _refuse_too_large(smtp, len(mail))
        sender = f"{mailbox.address.partition('@')[0]}@{mailbox.domain}"
        _expect(Stage.SENDER, smtp.mail(sender, [f"size={len(mail)}"] if smtp.has_extn("size") else []), 250)
        _expect(Stage.RECIPIENT, smtp.rcpt(recipient), 250, 251, 252)
        _expect(Stage.CONTENT, smtp.docmd("DATA"), GO_ON)
        _hand_over(smtp, mail)


@contextmanager
def connected(mailbox: Mailbox, wire: Wire) -> Iterator[smtplib.SMTP]:
    """A session with its encryption and login done. Raises ChannelError; what breaks in here was not sent."""
    try:
        smtp = _open(mailbox, wire)
        try:
            with cut_after(wire.patience.whole, smtp.sock):
                yield smtp
        finally:
            _leave(smtp)
    except _LOST as error:
        raise _not_sent(error) from error


def _open(mailbox: Mailbox, wire: Wire) -> smtplib.SMTP:
    implicit = mailbox.smtp_security is SmtpSecurity.SSL
    connect = wire.patience.connect
    place = (mailbox.smtp_host, mailbox.smtp_port)
    try:
        smtp = (
            smtplib.SMTP_SSL(*place, timeout=connect, context=wire.tls)
            if implicit
            else smtplib.SMTP(*place, timeout=connect)
        )
    except smtplib.SMTPConnectError as error:
        raise refusal(Stage.GREETING, error.smtp_code, _words(error.smtp_error)) from error
    try:
        if smtp.sock is not None:
            smtp.sock.settimeout(wire.patience.read)
        smtp.ehlo_or_helo_if_needed()
        if mailbox.smtp_security is SmtpSecurity.STARTTLS:
            smtp.starttls(context=wire.tls)
            smtp.ehlo()
        if mailbox.username:
            _log_in(smtp, mailbox)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, mailbox: Mailbox) -> None:
    try:
        smtp.login(mailbox.username, mailbox.password.get_secret_value())
    except smtplib.SMTPAuthenticationError as error:
        raise refusal(Stage.LOGIN, error.smtp_code, _words(error.smtp_error)) from None
    except UnicodeError:
        # Without the cause: it quotes the password.
        problem = "SMTP cannot be given this user name or password"
        raise ChannelError(problem, SendOutcome.CONFIGURATION) from None


def _hand_over(smtp: smtplib.SMTP, mail: bytes) -> None:
    """The content and its answer. From the first byte on, silence proves nothing."""
    ended = mail if mail.endswith(b"\r\n") else mail + b"\r\n"
    try:
        smtp.send(_LINE_BEGINS_WITH_DOT.sub(b"..", ended) + b".\r\n")
        answer = smtp.getreply()
    except _LOST as error:
        problem = "the connection broke after the mail was handed over; it may have been taken"
        raise ChannelError(problem, SendOutcome.UNCERTAIN, code="lost") from error
    if not 200 <= answer[0] < 600:
        raise ChannelError("the server answered the mail with nonsense", SendOutcome.UNCERTAIN, code=str(answer[0]))
    _expect(Stage.CONTENT, answer, 250)


def _refuse_too_large(smtp: smtplib.SMTP, size: int) -> None:
    limit = smtp.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < size:
        problem = f"the mail has {size} bytes, and this server takes at most {limit}"
        raise ChannelError(problem, SendOutcome.GIVE_UP, code="552")


def _expect(stage: Stage, answer: tuple[int, bytes], *wanted: int) -> None:
    code, said = answer
    if code in wanted:
        return
    if not 400 <= code < 600:
        raise ChannelError(f"SMTP answered the {stage} with nonsense ({code})", SendOutcome.RETRY, scope=Scope.ACCOUNT)
    raise refusal(stage, code, _words(said))


def _not_sent(error: Exception) -> ChannelError:
    if isinstance(error, ssl.SSLCertVerificationError):
        problem = f"the certificate of the SMTP server is not valid: {error.verify_message}"
        return ChannelError(problem, SendOutcome.CONFIGURATION)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ChannelError(f"SMTP lacks what the account asks for: {error}", SendOutcome.CONFIGURATION)
    said = " ".join(str(error).split())[:200] or type(error).__name__
    return ChannelError(f"SMTP does not answer: {said}", SendOutcome.RETRY, scope=Scope.ACCOUNT)


def _leave(smtp: smtplib.SMTP) -> None:
    # A courtesy: the mail has been answered, or the connection is broken anyway.
    with suppress(*_LOST):
        smtp.quit()
    smtp.close()


def _words(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())
