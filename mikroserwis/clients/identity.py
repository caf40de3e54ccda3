"""A program's token: looked up by its hash, so that how long it takes tells nothing of it; never logged."""

from datetime import timedelta

from flask import Response, current_app, g, request
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.access import Actor
from mikroserwis.clients import scopes
from mikroserwis.clients.allowance import Allowance, Standing
from mikroserwis.clients.tokens import PREFIX, token_hash
from mikroserwis.errors import TooMany
from mikroserwis.models import ApiClient, ClientToken

# As often as its last use is written at most.
SEEN_EVERY = timedelta(minutes=1)
# A program may what an operator may, within its scopes.
ROLE = "operator"


def of_request() -> Actor | None:
    """The program whose token came with the request; None for any other token, or one that is over."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    secret = given.strip()
    if not edge.is_api() or scheme.lower() != "bearer" or not secret.startswith(PREFIX):
        return None
    with edge.parts().database.reading() as reading:
        found = _live(reading, secret)
    if found is None:
        return None
    token, client = found
    _touch(token)
    return Actor(
        user_id=None,
        name=client.name,
        role=ROLE,
        source="api",
        address=request.remote_addr or "",
        client_id=client.id,
        scopes=token.held & client.held,
    )


def admit() -> None:
    """Counted and within its scopes. Raises TooMany, Forbidden."""
    actor: Actor | None = g.get("actor")
    if actor is None or request.endpoint is None or not edge.is_api() or _is_public():
        return
    if actor.client_id is not None:
        _count(actor.client_id, edge.parts().settings.client_requests_per_minute)
    scopes.check(actor, request.endpoint)


def _count(client_id: int, limit: int) -> None:
    kept: Allowance = current_app.extensions["client_allowance"]
    try:
        g.standing = kept.take(edge.parts().database, client_id, limit, edge.now())
    except TooMany as error:
        g.standing = Standing(limit, 0, int(error.params["seconds"]))
        raise


def tell(response: Response) -> Response:
    """How many requests are left, for programs that pace themselves."""
    standing: Standing | None = g.get("standing")
    if standing is not None:
        response.headers["RateLimit-Limit"] = str(standing.limit)
        response.headers["RateLimit-Remaining"] = str(standing.remaining)
        response.headers["RateLimit-Reset"] = str(standing.reset)
    return response


def _is_public() -> bool:
    return bool(getattr(current_app.view_functions[request.endpoint or ""], "is_public", False))


def _live(session: Session, secret: str) -> tuple[ClientToken, ApiClient] | None:
    query = (
        select(ClientToken, ApiClient)
        .join(ApiClient, ApiClient.id == ClientToken.client_id)
        .where(
            ClientToken.token_hash == token_hash(secret),
            ClientToken.revoked_at.is_(None),
            or_(ClientToken.expires_at.is_(None), ClientToken.expires_at > edge.now()),
            ApiClient.active,
        )
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def _touch(token: ClientToken) -> None:
    """When and from where it was used last. Of many requests at once one writes."""
    before = edge.now() - SEEN_EVERY
    if token.used_at is not None and token.used_at > before:
        return
    unseen = or_(ClientToken.used_at.is_(None), ClientToken.used_at <= before)
    seen = {"used_at": edge.now(), "used_from": (request.remote_addr or "")[:45]}
    with edge.parts().database.transaction() as writing:
        writing.connection().execute(update(ClientToken).where(ClientToken.id == token.id, unseen).values(**seen))
