"""Whatever a request changes is told in the history, in the same transaction: watched in every test that asks the app.

A change of a table that isn't named in `UNTOLD` needs at least one new row of history beside it, and whatever the
program writes there, by a request or not, has a name by which it can be looked for.
"""

from typing import Any

import flask
from sqlalchemy import Result, event, inspect
from sqlalchemy.orm import ORMExecuteState, Session

from mikroserwis import history
from mikroserwis.models import Event
from mikroserwis.supervision.audit.wording import VERBS

# Technical rows, what tells of itself (an attempt, a message, a seal), and what only its reader sees.
UNTOLD = {
    *("history", "history_seals", "counters", "submissions", "counted_requests", "api_client_minutes"),
    # Each is its own record: who came in, what was sent to whom.
    # When a token was last used; only the command line and a client's page make one.
    *("api_tokens", "api_client_tokens"),
    *("sign_ins", "half_sign_ins", "user_sessions", "account_links", "outbox", "outbox_attempts", "messages", "sms"),
    # What was told to whom, what one person has read, or is only preparing.
    *("news", "notifications", "material_openings", "list_exports", "import_drafts"),
    # An act on many tickets is told on each of them.
    *("bulk_acts", "bulk_lines"),
    # A key that was only shown; with the first code it counts, and is told.
    "second_factors",
}
# What the platform last said of a shop that stays open.
REMEMBERED = {("subtickets", "last_check")}
_CHANGED, _TOLD = "changed tables", "history was written"


class NotNamed(Exception):
    """An act that `supervision.audit.wording.VERBS` doesn't know was written into the history."""


class NotTold(Exception):
    """A request changed these tables and wrote no history."""


def watch() -> None:
    """From now on, in this process."""
    event.listen(Session, "before_flush", _flushed)
    record = history.record

    def named(session: Session, verb: str, **about: Any) -> Any:
        if verb not in VERBS:
            raise NotNamed(verb)
        return record(session, verb, **about)

    history.record = named
    event.listen(Session, "do_orm_execute", _executed)
    event.listen(Session, "before_commit", _committed)
    event.listen(Session, "after_rollback", _forgotten)


def _flushed(session: Session, *_: Any) -> None:
    if flask.has_request_context():
        for one in (*session.new, *(one for one in session.dirty if _differs(one)), *session.deleted):
            _note(session, str(inspect(one).mapper.local_table))


def _differs(one: Any) -> bool:
    """In more than what is only remembered; a new version alone is none."""
    state = inspect(one)
    table = str(state.mapper.local_table)
    changed = {attribute.key for attribute in state.attrs if attribute.history.has_changes()}
    return any((table, name) not in REMEMBERED for name in changed)


def _executed(state: ORMExecuteState) -> Result[Any] | None:
    if not flask.has_request_context() or not (state.is_insert or state.is_update or state.is_delete):
        return None
    done, mapper = state.invoke_statement(), state.bind_mapper
    if mapper is not None and getattr(done, "rowcount", True):
        _note(state.session, str(mapper.local_table))
    return done


def _note(session: Session, table: str) -> None:
    if table == Event.__tablename__:
        session.info[_TOLD] = True
    session.info.setdefault(_CHANGED, set()).add(table)


def _committed(session: Session) -> None:
    if session.in_nested_transaction():
        return
    if session.new or session.dirty or session.deleted:
        session.flush()
    changed, told = session.info.pop(_CHANGED, set()), session.info.pop(_TOLD, False)
    if changed - UNTOLD and not told:
        raise NotTold(sorted(changed - UNTOLD), flask.request.method, flask.request.path)


def _forgotten(session: Session) -> None:
    session.info.pop(_CHANGED, None)
    session.info.pop(_TOLD, None)
