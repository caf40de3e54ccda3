"""List and ticket page over HTTP, beside a bare Flask route that runs the same kind of query on the same server."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask
import requests
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from waitress.server import create_server
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from benchmarks.data import plant
from benchmarks.measure import in_turn, table
from config import Settings
from mikroserwis.accounts import operations
from mikroserwis.accounts.identity import SECRET
from mikroserwis.accounts.operations import Source
from mikroserwis.app import create_app, make_parts
from mikroserwis.db import Database
from mikroserwis.models import Customer, Ticket, User

TICKETS = 100_000
LIST_LIMIT, PAGE_LIMIT = 3, 4
BARE = "<table>{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"


def run() -> None:
    """Medians of 60 turns each; the limits are those that the project set itself."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder), base_url="http://127.0.0.1")
        database = plant(settings.database, TICKETS)
        with serving(settings, database) as (address, app):
            _compare(address, app, database)


def _compare(address: str, app: flask.Flask, database: Database) -> None:
    people = {name: signed_in(app, database, name) for name in ("dealer", "operator")}
    with database.reading() as session:
        own = session.scalars(select(Ticket.number).where(Ticket.dealer_id == 7, Ticket.state == "contract")).first()
    pages = {
        "bare list": (people["operator"], "/bare/list"),
        "bare ticket": (people["operator"], f"/bare/{own}"),
        "list, dealer": (people["dealer"], "/tickets?state=open&sort=company"),
        "list, staff, 100 000 tickets": (people["operator"], "/tickets?state=contract&sort=company"),
        "search, staff": (people["operator"], "/tickets?q=sieciechow+777"),
        "last page, staff": (people["operator"], "/tickets?page=-1"),
        "ticket page": (people["dealer"], f"/tickets/{own}"),
    }
    times = in_turn({name: getting(session, address + path) for name, (session, path) in pages.items()}, rounds=60)
    rows = []
    for name, seconds in times.items():
        bare, limit = ("bare ticket", PAGE_LIMIT) if "ticket page" in name else ("bare list", LIST_LIMIT)
        ratio = "" if name.startswith("bare") else f"{seconds / times[bare]:.1f} × the bare route (asked for: {limit})"
        rows.append((name, f"{seconds * 1000:.1f} ms", ratio))
    table(f"pages over HTTP, {TICKETS:,} tickets, medians", rows)


def getting(session: requests.Session, url: str) -> Callable[[], object]:
    def get() -> object:
        answer = session.get(url, timeout=30)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer

    return get


def signed_in(app: flask.Flask, database: Database, name: str) -> requests.Session:
    """A browser's cookie for the person."""
    now, settings = datetime.now(UTC), app.extensions["mikroserwis"].settings
    with database.transaction() as writing:
        user = writing.scalars(select(User).where(User.name == name)).one()
        secret = operations.open_session(writing, user, Source("", ""), settings, now, remember=False)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    session = requests.Session()
    session.cookies.set("mikroserwis", signer.dumps({SECRET: secret}))
    return session


@contextmanager
def serving(settings: Settings, database: Database) -> Iterator[tuple[str, flask.Flask]]:
    """The app, and under /bare the routes it is measured against, behind one waitress."""
    app = create_app(settings, make_parts(settings))
    both: Any = DispatcherMiddleware(app.wsgi_app, {"/bare": bare_app(database).wsgi_app})
    server = create_server(both, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}", app
    finally:
        server.close()
        thread.join(5)


def bare_app(database: Database) -> flask.Flask:
    """The least that shows 25 rows, or one ticket, out of the same tables."""
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

    return bare
