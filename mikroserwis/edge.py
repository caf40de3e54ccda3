"""The edge of a request: who asks, when, and the one transaction that commits if the view returns well."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Any, TypeVar, cast

import flask
from apiflask import APIFlask
from flask import current_app, g, has_request_context, request
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.routing import IntegerConverter, Map

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis import access, db
from mikroserwis.access import Actor
from mikroserwis.db import Database
from mikroserwis.errors import Answer, Conflict, Problem, Unauthorised
from mikroserwis.fragments import fill
from mikroserwis.models import Submission
from mikroserwis.storage import Store
from mikroserwis.typed import TypedRequest, is_secret

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Of an address's argument.
LONGEST_KEPT = 100
# The field of the cookie that signs in.
SECRET = "secret"  # noqa: S105 - a name
View = TypeVar("View", bound=Callable[..., Any])
Stay = Callable[[Answer, Exception], flask.Response]


@dataclass(frozen=True)
class Parts:
    """What the app is made of; wired in `app.py`."""

    settings: Settings
    database: Database
    store: Store
    backoffice: BackofficeClient


def parts() -> Parts:
    """The parts of the app that answers."""
    wired: Parts = current_app.extensions["mikroserwis"]
    return wired


def logged_path() -> str:
    """The request's, for the log, which must not open anything."""
    token = str((request.view_args or {}).get("token") or "")
    return request.path.replace(token, "…") if token else request.path


def now() -> datetime:
    """The one clock of a request."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def actor() -> Actor:
    """Who asks. Raises Unauthorised."""
    who: Actor | None = g.get("actor")
    if who is None:
        raise Unauthorised
    return who


def require(permission: str) -> None:
    """Raises Forbidden unless whoever asks may do this to none in particular; Unauthorised."""
    access.require(permission, access.role_relations(actor()))


def session() -> Session:
    """This request's transaction; it begins with its first statement, so ask the network before."""
    if "session" not in g:
        g.session = parts().database.session(write=request.method not in SAFE)
    opened: Session = g.session
    return opened


def pause() -> None:
    """The network is asked now; see `db.pause`."""
    db.pause(g.get("session"))


def public(view: View) -> View:
    """A view that needs nobody signed in. All others do."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def stay(page: Stay) -> None:
    """From here on an error shows this page, with what was typed, instead of the common one.

    It is made when the request's transaction has been rolled back, and reads in one of its own.
    """
    g.stay = page


def show_once() -> None:
    """This answer holds a secret: it isn't kept for whoever sends the same again, who is told so."""
    g.secret_shown = True


def stayed() -> Stay | None:
    """The page that the view asked for, once."""
    page: Stay | None = g.pop("stay", None)
    return page


def is_api() -> bool:
    return request.path.startswith("/api/")


class Number(IntegerConverter):
    """A whole number of an address. Larger ones are in no database; the path is unknown then, as with letters."""

    def __init__(self, of: Map, *args: Any, **limits: Any) -> None:
        super().__init__(of, *args, **{"max": 2**53 - 1, **limits})


class TransactionalFlask(APIFlask):
    """Returning from a view commits, raising or answering with an error rolls back; a repeated form acts once."""

    request_class = TypedRequest

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._addresses = lru_cache(maxsize=8192)(self._address)

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """As Flask's. A page names hundreds of addresses: those within the service are built once.

        Long ones carry what somebody typed, and would fill the memory.
        """
        if endpoint.startswith(".") or values.get("_external") or values.get("_scheme"):
            return super().url_for(endpoint, **values)
        if any(isinstance(one, str) and len(one) > LONGEST_KEPT for one in values.values()):
            return super().url_for(endpoint, **values)
        try:
            root = request.script_root if has_request_context() else ""
            return self._addresses(root, endpoint, tuple(values.items()))
        except TypeError:  # a list among the values
            return super().url_for(endpoint, **values)

    def _address(self, _root: str, endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
        return super().url_for(endpoint, **dict(values))

    def make_response(self, rv: Any) -> flask.Response:
        """As Flask's, with what each form on a page needs filled in."""
        if isinstance(rv, str):
            rv = fill(rv)
        elif isinstance(rv, tuple) and isinstance(rv[0], str):
            rv = (fill(rv[0]), *rv[1:])
        return super().make_response(rv)

    def dispatch_request(self) -> Any:
        key = None if request.method in SAFE else _submission_key()
        if key is not None:
            answered = _answered(key)
            if answered is not None:
                return answered
        try:
            response = self.make_response(super().dispatch_request())
            if response.status_code < 400:
                _commit(key, response)
            return response
        except (Problem, IntegrityError):
            # The same form sent twice at once: the first has acted by now, so its answer is this one's too.
            close()
            answered = _answered(key) if key is not None else None
            if answered is None:
                raise
            return answered
        finally:
            close()


def _commit(key: str | None, response: flask.Response) -> None:
    if "session" not in g:
        return
    # A file is made anew when it is asked for again: it may be large, and is nobody's to keep. So is a form's page that
    # leads nowhere else: only a program's answer is kept whole.
    if key is not None and not response.direct_passthrough and (is_api() or response.location):
        g.session.add(_submission(key, response))
    g.session.commit()


def close() -> None:
    """End the request's transaction; what has not been committed is rolled back."""
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()


def _submission_key() -> str | None:
    """From the form's hidden `once`, or the API's Idempotency-Key; other people's keys are other keys.

    A form that was changed and sent again is another one; a program that changes what it sends under a key is told.
    """
    raw = request.headers.get("Idempotency-Key") if is_api() else request.form.get("once")
    who: Actor | None = g.get("actor")
    if not raw or who is None:
        return None
    whose = who.user_id if who.client_id is None else f"client {who.client_id}"
    key = f"{whose}\n{raw[:200]}" if is_api() else f"{whose}\n{raw[:200]}\n{_fingerprint()}"
    return hashlib.sha256(key.encode(errors="replace")).hexdigest()


def _fingerprint() -> str:
    """Of what is asked: method, address, every field but those that change by themselves, every file's bytes.

    Where a password may be among them, what signs in is too: it is kept nowhere here, so without it nobody can try
    passwords on this.
    """
    if "fingerprint" not in g:
        asked = hmac.new(_signed_in_by(), digestmod="sha256")
        asked.update(f"{request.method} {request.full_path}\n".encode(errors="replace"))
        if request.mimetype == "application/json":
            asked.update(request.get_data(cache=True))
        for name, value in sorted(request.form.items(multi=True)):
            if name not in CHANGING:
                asked.update(f"{name}={value}\n".encode(errors="replace"))
        for name, file in sorted(request.files.items(multi=True), key=lambda one: one[0]):
            asked.update(f"{name}={file.filename}\n".encode(errors="replace"))
            asked.update(hashlib.file_digest(cast(Any, file.stream), "sha256").digest())
            file.stream.seek(0)
        g.fingerprint = asked.hexdigest()
    found: str = g.fingerprint
    return found


def _signed_in_by() -> bytes:
    if is_api():
        return request.headers.get("Authorization", "").encode(errors="replace")
    return str(flask.session.get(SECRET, "")).encode() if any(map(is_secret, request.form)) else b""


# Of a form, these are the page's own and no values.
CHANGING = frozenset({"csrf_token", "once"})


def _submission(key: str, response: flask.Response) -> Submission:
    small = not response.is_streamed and (response.content_length or 0) < 1_000_000
    return Submission(
        key=key,
        fingerprint=_fingerprint(),
        at=now(),
        status=response.status_code,
        location=response.headers.get("Location", "")[:500],
        content_type=response.content_type or "",
        body=response.get_data(as_text=True) if small and is_api() and "secret_shown" not in g else "",
    )


def _answered(key: str) -> flask.Response | None:
    """The answer that this submission got when it acted. Raises Conflict if the key was used for something else."""
    with parts().database.reading() as reading:
        found = reading.get(Submission, key)
        if found is None:
            return None
        if found.fingerprint != _fingerprint():
            raise Conflict("key_used_for_something_else")
        if is_api() and found.status == HTTPStatus.CREATED and not found.body:
            raise Conflict("shown_once")
        response = flask.Response(found.body, status=found.status, content_type=found.content_type)
    if found.location:
        response.headers["Location"] = found.location
    return response
