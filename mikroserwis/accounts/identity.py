"""Who a request comes from: the browser's session, or the API's bearer token. Never one for the other."""

from flask import current_app, g, request, session

from mikroserwis import edge
from mikroserwis.access import Actor
from mikroserwis.accounts import operations, second_factor
from mikroserwis.accounts.operations import SEEN_EVERY, Source
from mikroserwis.edge import SECRET, View
from mikroserwis.errors import Forbidden, Unauthorised

__all__ = ["SECRET", "SecondFactorFirst", "SignInFirst", "enrolling", "of_request", "require_sign_in", "source"]


class SignInFirst(Unauthorised):
    """A page that needs somebody signed in; the way back is kept."""


class SecondFactorFirst(Forbidden):
    """The role asks for a second factor, and this person hasn't set up any yet."""


def enrolling(view: View) -> View:
    """A view that is open to whoever has yet to set up a second factor."""
    view.is_for_enrolling = True  # type: ignore[attr-defined]
    return view


def source() -> Source:
    return Source(request.remote_addr or "", request.user_agent.string)


def of_request() -> Actor | None:
    """The actor, or None: reads only, so a page costs no write."""
    if request.endpoint == "static":
        return None
    return _of_token() if edge.is_api() else _of_session()


def _of_session() -> Actor | None:
    secret = session.get(SECRET)
    if not secret:
        return None
    if request.method in edge.SAFE:
        # The page that follows reads in the same transaction.
        return operations.actor_of_session(edge.session(), secret, edge.now(), source().address)
    with edge.parts().database.reading() as reading:
        return operations.actor_of_session(reading, secret, edge.now(), source().address)


def _of_token() -> Actor | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return None
    with edge.parts().database.reading() as reading:
        found = operations.actor_of_token(reading, secret.strip(), source().address)
        if found is None:
            return None
        actor, token = found
        token_id, used_at = token.id, token.used_at
    if used_at is None or used_at < edge.now() - SEEN_EVERY:
        with edge.parts().database.transaction() as writing:
            operations.touch_token(writing, token_id, edge.now())
    return actor


def require_sign_in() -> None:
    """Every view needs somebody, but those marked public; of some roles with a second factor.

    Tokens are asked for none: they are issued by who got in, for programs that can't answer.
    Raises Unauthorised, SecondFactorFirst.
    """
    if request.endpoint is None:
        return  # no such page, or not with this method: what routing found out is answered next
    view = current_app.view_functions[request.endpoint]
    if request.endpoint == "static" or getattr(view, "is_public", False):
        return
    if g.actor is None:
        raise Unauthorised if edge.is_api() else SignInFirst
    if g.actor.source == "web" and not getattr(view, "is_for_enrolling", False):
        _require_second_factor(g.actor)


def _require_second_factor(actor: Actor) -> None:
    if actor.role not in edge.parts().settings.needing_second_factor:
        return
    with edge.parts().database.reading() as reading:
        if not second_factor.is_on(reading, actor.user_id or 0):
            raise SecondFactorFirst
