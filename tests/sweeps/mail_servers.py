"""SMTP servers on the loopback: one that behaves as it is told, and one that drips."""

import random
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """Takes mail, or answers what the test says: for a recipient, for the data, or by hanging up, before or after.

    `raw` is `received` byte for byte.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipient_answer = "250 OK"
        self.data_answer = "250 OK"
        self.hangs_up = False
        self.takes_and_hangs_up = False
        self.turns_away = False
        self.url = ""

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return ["554 go away"] if self.turns_away else responses

    async def handle_HELO(self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str) -> str:  # noqa: N802
        session.host_name = hostname
        return "554 go away" if self.turns_away else "250 mailbox"

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_up and server.transport is not None:
            server.transport.close()
        elif self.data_answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            parsed = BytesParser(policy=default).parsebytes(content)
            assert isinstance(parsed, EmailMessage)
            self.received.append(parsed)
            self.raw.append(content)
            if self.takes_and_hangs_up and server.transport is not None:
                server.transport.close()
        return self.data_answer


@contextmanager
def listening(**options: Any) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    mailbox.url = f"smtp://127.0.0.1:{controller.port}"
    try:
        yield mailbox
    finally:
        controller.stop()


def free_port() -> int:
    """Below those that the system gives to connections, so that nobody takes it meanwhile."""
    for _ in range(50):
        port = random.SystemRandom().randrange(15_000, 32_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
    raise AssertionError("no free port")


@contextmanager
def dripping() -> Iterator[str]:
    """A server that sends one byte of its greeting at a time and never comes to the end of it."""
    ended = threading.Event()

    def drip(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            while not ended.wait(0.05):
                try:
                    peer.sendall(b"2")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        yield f"smtp://127.0.0.1:{listener.getsockname()[1]}"
        ended.set()
        thread.join()
