"""A mail server for tests: as much of SMTP as a client needs, and an answer to each command that a test may change."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailHost:
    """What it was sent; `answers` is what it says to a command instead of taking it."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)


@contextmanager
def serve_mail() -> Iterator[MailHost]:
    """A server on a free port of this machine."""
    host = MailHost()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.say("220 test")
            while line := self.rfile.readline().decode().strip():
                host.commands.append(line)
                verb = line.split()[0].upper()
                planned = next((said for begun, said in host.answers.items() if line.startswith(begun)), "")
                if planned == "hang up":
                    return
                if planned and not (verb == "DATA" and planned.startswith("2")):
                    self.say(planned)
                elif verb == "DATA":
                    self.take()
                else:
                    self.say("221 bye" if verb == "QUIT" else "250 ok")

        def take(self) -> None:
            self.say("354 go on")
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                lines.append(line)
            refusal = host.answers.get(".", "")
            if not refusal:
                mail = message_from_bytes(b"".join(lines), policy=policy.default)
                assert isinstance(mail, EmailMessage)
                host.mails.append(mail)
            self.say(refusal or "250 taken")

        def say(self, line: str) -> None:
            self.wfile.write(f"{line}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        host.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield host
        server.shutdown()
        thread.join()
