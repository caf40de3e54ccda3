"""The service behind its web server in a process of its own, with bare routes beside it; and who asks it."""

import gzip
import http.client
import multiprocessing
import os
import re
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select, update
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from config import Settings
from mikroserwis.accounts import operations
from mikroserwis.accounts.identity import SECRET
from mikroserwis.accounts.operations import Source
from mikroserwis.app import create_app, make_parts
from mikroserwis.db import Database
from mikroserwis.models import Customer, Ticket, User
from mikroserwis.serve import Server, listen, settle

# The least that shows 25 rows, or one ticket.
BARE = "<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"


@dataclass(frozen=True)
class Served:
    """Where it listens, its process, and a header of whoever is signed in, by name."""

    host: str
    port: int
    pid: int
    signed_in: Mapping[str, Mapping[str, str]]

    def caller(self, name: str = "") -> "Caller":
        """A connection that stays open, as that person."""
        return Caller(self, self.signed_in[name] if name else {})


class Caller:
    """As browsers do: one connection, compressed answers."""

    def __init__(self, served: Served, headers: Mapping[str, str]) -> None:
        self._connection = http.client.HTTPConnection(served.host, served.port, timeout=60)
        self._headers = {"Accept-Encoding": "gzip", "Host": "127.0.0.1", **headers}

    def get(self, path: str) -> Callable[[], bytes]:
        """An act that fetches the page, for turns."""
        return lambda: self.ask("GET", path)

    def ask(self, method: str, path: str, form: Mapping[str, str] | None = None) -> bytes:
        """The answer's body; whatever isn't 200, or 303 for a form, is a fault of the benchmark."""
        headers = dict(self._headers)
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, urlencode(form) if form is not None else None, headers)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == (200 if form is None else 303), (method, path, answer.status, body[:300])
        return body

    def token(self) -> str:
        """What this person's forms must bear."""
        page = gzip.decompress(self.ask("GET", "/tickets")).decode()
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found is not None
        return found[1]


@contextmanager
def serving(settings: Settings) -> Iterator[Served]:
    """The app as `mikroserwis serve` runs it, and under /bare the routes it is measured against."""
    parts = make_parts(settings)
    app = create_app(settings, parts)
    headers = {name: _headers(app, parts.database, name) for name in ("dealer", "operator")}
    parts.database.engine.dispose()
    listener = listen("127.0.0.1", 0)
    # Begun with nothing, so that its memory is its own.
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings, listener), daemon=True)
    process.start()
    host, port = listener.getsockname()[:2]
    listener.close()
    assert process.pid is not None
    try:
        yield Served(host, port, process.pid, headers)
    finally:
        os.kill(process.pid, signal.SIGTERM)
        process.join(20)


def _serve(settings: Settings, listener: socket.socket) -> None:
    parts = make_parts(settings)
    app = create_app(settings, parts)
    both: Any = DispatcherMiddleware(app.wsgi_app, {"/bare": bare_app(parts.database).wsgi_app})
    server = Server(both, listener, limit=settings.upload_limit, behind_proxy=False)
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    settle()
    server.run()


def _headers(app: flask.Flask, database: Database, name: str) -> dict[str, str]:
    """A browser's cookie for the person."""
    now, settings = datetime.now(UTC), app.extensions["mikroserwis"].settings
    with database.transaction() as writing:
        user = writing.scalars(select(User).where(User.name == name)).one()
        secret = operations.open_session(writing, user, Source("", ""), settings, now, remember=False)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    # What its forms must bear is part of it, so that it stays the same.
    return {"Cookie": f"mikroserwis={signer.dumps({SECRET: secret, 'csrf_token': '0' * 40})}"}


def bare_app(database: Database) -> flask.Flask:
    """25 rows, or one ticket, out of the same tables; and a guarded update with its commit."""
    bare = flask.Flask("bare")
    columns = (Ticket.number, Ticket.type, Ticket.tax_id, Customer.name, Customer.city, Ticket.state, Ticket.opened_on)

    @bare.get("/list")
    def rows() -> str:
        query = select(*columns).join(Customer, Customer.id == Ticket.customer_id).where(Ticket.state == "contract")
        with database.reading() as session:
            found = session.execute(query.order_by(Ticket.company_key, Ticket.id).limit(25)).all()
        return flask.render_template_string(BARE, rows=found)

    @bare.get("/<int:number>")
    def one(number: int) -> str:
        query = select(*columns).join(Customer, Customer.id == Ticket.customer_id).where(Ticket.number == number)
        with database.reading() as session:
            return flask.render_template_string(BARE, rows=session.execute(query).all())

    @bare.post("/<int:number>")
    def take(number: int) -> str:
        with database.transaction() as session:
            still_new = (Ticket.number == number, Ticket.state == "new")
            taken = session.execute(update(Ticket).where(*still_new).values(state="taken", version=Ticket.version + 1))
            return str(taken.rowcount)  # type: ignore[attr-defined]

    return bare


def resident(pid: int) -> float:
    """A process's memory in MB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024
