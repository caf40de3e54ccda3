"""An outbox with SMS in it, and gateways that misbehave."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from mikroserwis.models import Message, Sms, Ticket
from mikroserwis.tickets import notices
from tests.support.cast import SAM
from tests.sweeps.desk import Desk

PHONE = "48600100200"


@dataclass
class SmsDesk(Desk):
    def with_settings(self, **changes: Any) -> "SmsDesk":
        settings = self.parts.settings.model_copy(update=changes)
        return SmsDesk(replace(self.parts, settings=settings), self.later)

    def offer(self) -> None:
        """Ticket 115 is Alfa's: told to its people, over the channels of the event."""
        with self.parts.database.transaction() as session:
            query = select(Ticket).where(Ticket.number == SAM).options(joinedload(Ticket.customer))
            ticket = session.scalars(query).one()
            notices.offered(session, ticket, now=self.now())

    def sms(self) -> list[tuple[Message, Sms]]:
        with self.parts.database.reading() as session:
            query = select(Message, Sms).join(Sms, Sms.message_id == Message.id).order_by(Message.id)
            found = [(row.Message, row.Sms) for row in session.execute(query)]
            session.expunge_all()
            return found

    def last(self) -> Sms:
        return self.sms()[-1][1]


Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def gateway_that(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """Its address, and the bodies that it was sent."""
    bodies: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            answer(self)

        def log_message(self, *_line: Any) -> None:
            """Nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that has had enough is what these are for."""

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", bodies
        server.shutdown()


def saying(body: bytes | object, status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return answer
