"""A letter to a mail server, and whether it was accepted.

Source: RFC 5321 (SMTP), RFC 3834 (automatic mail), RFC 5322 (messages).
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from search.digest.letter import Letter
from search.errors import MailFailed
from search.messages import digests as says

_TIMEOUT_S = 60
_URL = re.compile(
    r"(?P<scheme>smtps?)://(?:(?P<user>[^/]+)@)?(?P<host>[^\s/:@]+)(?::(?P<port>[0-9]{1,5}))?/?"
)


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed over.

    Args:
        is_tls: encrypted from the first byte; otherwise as soon as the server offers it (STARTTLS).
        user: who logs in; "" for nobody.
    """

    host: str
    port: int
    is_tls: bool = False
    user: str = ""


def read_mail_server(written: str) -> MailServer:
    """A server as an operator writes it.

    Raises:
        MailFailed: it is none.

    Example:
        >>> read_mail_server("smtps://press@mail.example.org")
        MailServer(host='mail.example.org', port=465, is_tls=True, user='press')
    """
    found = _URL.fullmatch(written.strip())
    if found is None:
        raise MailFailed(says.SMTP_FORM(value=written))
    is_tls = found["scheme"] == "smtps"
    return MailServer(
        found["host"], int(found["port"] or (465 if is_tls else 25)), is_tls, found["user"] or ""
    )


def write_mail(letter: Letter, sender: str, recipients: Sequence[str]) -> EmailMessage:
    """The letter as a message. The same letter has the same Message-ID, so one that arrives twice can be told."""
    message = EmailMessage()
    message["Subject"] = letter.subject
    message["From"] = sender
    message["To"] = ", ".join(recipients)
    message["Date"] = formatdate(localtime=True)
    said = "\0".join([letter.subject, letter.text, *recipients]).encode("utf-8", "replace")
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{hashlib.blake2b(said, digest_size=16).hexdigest()}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Precedence"] = "bulk"
    message.set_content(letter.text.encode("utf-8", "replace").decode(), charset="utf-8", cte="base64")
    return message


def send_mail(message: EmailMessage, server: MailServer, password: str) -> list[str]:
    """Hand a message over; which recipients the server refused while it accepted the message for others.

    Raises:
        MailFailed: it was accepted for nobody.
    """
    try:
        connection = _connect(server)
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailed(says.MAIL_FAILED(why=str(error))) from error
    try:
        _encrypt(connection, server)
        if server.user:
            connection.login(server.user, password)
        return list(connection.send_message(message))
    except (OSError, smtplib.SMTPException) as error:
        raise MailFailed(says.MAIL_FAILED(why=str(error))) from error
    finally:
        with suppress(OSError, smtplib.SMTPException):  # it was accepted before, or wasn't
            connection.quit()


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.is_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=_TIMEOUT_S, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=_TIMEOUT_S)


def _encrypt(connection: smtplib.SMTP, server: MailServer) -> None:
    """Encrypt where the server offers it. Its certificate must be right where a login follows, and need not otherwise:
    without it all would be sent in plain text."""
    if server.is_tls:
        return
    connection.ehlo()
    if not connection.has_extn("starttls"):
        if server.user:
            raise MailFailed(says.MAIL_FAILED(why=says.SMTP_NO_TLS()))
        return
    context = ssl.create_default_context()
    if not server.user:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    connection.starttls(context=context)
    connection.ehlo()
