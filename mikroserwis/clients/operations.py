"""What is done to programs and their tokens. Nothing is deleted: what a program did stays under its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis import history
from mikroserwis.access import Actor
from mikroserwis.clients import forms, tokens
from mikroserwis.errors import Blocker, Conflict, FieldError, Invalid, Refused
from mikroserwis.models import ApiClient, ClientToken

TEXTS = ("name", "purpose", "contact", "scopes")


@dataclass(frozen=True)
class Issued:
    """A new token with the nonce that `tokens.token` makes its secret of; neither is kept."""

    token: ClientToken
    nonce: str


def add(
    session: Session, values: Mapping[str, Any], scopes: Sequence[str], *, actor: Actor, now: datetime
) -> ApiClient:
    """A program that is in use at once, without a token yet. Raises Invalid."""
    clean = {"purpose": "", "contact": "", **forms.client(values, scopes, new=True)}
    _name_is_free(session, clean["name"])
    client = ApiClient(active=True, created_at=now, **clean)
    session.add(client)
    session.flush()
    changes = {name: ("", value) for name, value in texts(client).items() if value}
    history.record(session, "client_add", actor=actor, now=now, client=client, changes=changes)
    return client


def change(
    session: Session,
    client: ApiClient,
    values: Mapping[str, Any],
    scopes: Sequence[str] | None,
    *,
    version: int | None,
    actor: Actor,
    now: datetime,
) -> dict[str, tuple[str, str]]:
    """Changed fields as {name: (old, new)}; what is taken from its scopes its tokens and webhooks lose at once.

    Raises Invalid; Conflict if it was changed since `version` was read.
    """
    clean, kept = forms.client(values, scopes, new=False), texts(client)
    differing = {name: (kept[name], value) for name, value in clean.items() if kept[name] != value}
    if differing and version not in {None, client.version}:
        raise Conflict("changed_meanwhile", fields=differing, version=client.version)
    if "name" in differing:
        _name_is_free(session, clean["name"])
    for name, (_old, new) in differing.items():
        setattr(client, name, new)
    if differing:
        history.record(session, "client_change", actor=actor, now=now, client=client, changes=differing)
        session.flush()
    return differing


def switch(session: Session, client: ApiClient, *, active: bool, actor: Actor, now: datetime) -> None:
    """Out of use none of its tokens counts and nothing is sent to it. Done already: nothing happens."""
    if client.active == active:
        return
    client.active = active
    verb = "client_activate" if active else "client_deactivate"
    history.record(session, verb, actor=actor, now=now, client=client)
    session.flush()


def issue(
    session: Session,
    client: ApiClient,
    values: Mapping[str, Any],
    scopes: Sequence[str],
    *,
    key: str,
    actor: Actor,
    now: datetime,
) -> Issued:
    """A new token. Raises Invalid, Refused."""
    given = forms.token(values, scopes, client.held, now)
    _is_in_use(client, "token")
    made = _made(session, client, given.name, given.scopes, given.expires_at, key=key, now=now)
    history.record(session, "client_token_add", actor=actor, now=now, client=client, **_told(made.token))
    return made


def rotate(
    session: Session, client: ApiClient, token: ClientToken, *, grace: timedelta, key: str, actor: Actor, now: datetime
) -> Issued:
    """Another token with the same name, scopes and end; this one lives on for `grace` at most. Raises Refused."""
    _is_in_use(client, "rotate")
    if not is_live(token, now):
        raise Refused("rotate", [Blocker("token_is_live")])
    made = _made(session, client, token.name, token.scopes, token.expires_at, key=key, now=now)
    end = now + grace
    token.expires_at = end if token.expires_at is None else min(token.expires_at, end)
    told = {**_told(made.token), "former": token.hint}
    history.record(session, "client_token_rotate", actor=actor, now=now, client=client, **told)
    session.flush()
    return made


def revoke(session: Session, client: ApiClient, token: ClientToken, *, actor: Actor, now: datetime) -> None:
    """From the next request on. Done already: nothing happens."""
    if token.revoked_at is not None:
        return
    token.revoked_at = now
    history.record(session, "client_token_revoke", actor=actor, now=now, client=client, **_told(token))
    session.flush()


def is_live(token: ClientToken, now: datetime) -> bool:
    return token.revoked_at is None and (token.expires_at is None or token.expires_at > now)


def texts(client: ApiClient) -> dict[str, str]:
    """The fields as forms, history and the API write them."""
    return {name: getattr(client, name) for name in TEXTS}


def _made(
    session: Session, client: ApiClient, name: str, scopes: str, expires_at: datetime | None, *, key: str, now: datetime
) -> Issued:
    nonce = tokens.new_nonce()
    secret = tokens.token(key, nonce)
    token = ClientToken(
        client_id=client.id,
        name=name,
        token_hash=tokens.token_hash(secret),
        hint=secret[-tokens.HINT :],
        scopes=scopes,
        created_at=now,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    return Issued(token, nonce)


def _told(token: ClientToken) -> dict[str, Any]:
    return {"name": token.name, "hint": token.hint, "scopes": token.scopes}


def _is_in_use(client: ApiClient, trigger: str) -> None:
    if not client.active:
        raise Refused(trigger, [Blocker("client_is_active")])


def _name_is_free(session: Session, name: str) -> None:
    with session.no_autoflush:
        if session.scalars(select(ApiClient.id).where(ApiClient.name == name)).first() is not None:
            raise Invalid([FieldError("name", "client_name_taken")])
