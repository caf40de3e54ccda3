"""Programs and their tokens, for those who keep them."""

from mikroserwis import edge
from mikroserwis.clients import forms, operations, queries, tokens
from mikroserwis.clients.api.blueprint import CLIENT, TOKEN, blueprint
from mikroserwis.clients.api.shapes import (
    ClientChange,
    ClientOut,
    Clients,
    NewToken,
    Rotation,
    TokenOut,
    Tokens,
    TokenShown,
    client_out,
    token_out,
)
from mikroserwis.clients.operations import Issued
from mikroserwis.keys import secret_key
from mikroserwis.models import ApiClient


@blueprint.get("/clients")
@blueprint.output(Clients)
@blueprint.doc(summary="API clients (administrators)")
def clients() -> Clients:
    """Those in use first."""
    edge.require("clients.manage")
    lines = queries.all_clients(edge.session(), edge.now())
    return Clients(items=[client_out(one.client, one.used_at) for one in lines])


@blueprint.post("/clients")
@blueprint.input(ClientChange)
@blueprint.output(ClientOut, 201)
@blueprint.doc(summary="Add an API client (administrators)")
def add_client(json_data: ClientChange) -> ClientOut:
    """It has no token yet."""
    edge.require("clients.manage")
    session, chosen = edge.session(), json_data.chosen() or []
    return client_out(operations.add(session, json_data.values(), chosen, actor=edge.actor(), now=edge.now()), None)


@blueprint.get(CLIENT)
@blueprint.output(ClientOut)
@blueprint.doc(summary="An API client (administrators)")
def client(client_id: int) -> ClientOut:
    """What it may at most."""
    return _out(_load(client_id))


@blueprint.put(CLIENT)
@blueprint.input(ClientChange)
@blueprint.output(ClientOut)
@blueprint.doc(summary="Change an API client; 409 names what somebody else changed meanwhile (administrators)")
def change_client(client_id: int, json_data: ClientChange) -> ClientOut:
    """What is taken from its scopes its tokens and webhooks lose at once."""
    found, values, version = _load(client_id), json_data.values(), json_data.version
    chosen, actor = json_data.chosen(), edge.actor()
    operations.change(edge.session(), found, values, chosen, version=version, actor=actor, now=edge.now())
    return _out(found)


@blueprint.post(f"{CLIENT}/activation")
@blueprint.output(ClientOut)
@blueprint.doc(summary="Switch an API client on (administrators)")
def activate_client(client_id: int) -> ClientOut:
    """Done already: nothing happens."""
    return _switched(client_id, active=True)


@blueprint.post(f"{CLIENT}/deactivation")
@blueprint.output(ClientOut)
@blueprint.doc(summary="Switch an API client off: none of its tokens counts (administrators)")
def deactivate_client(client_id: int) -> ClientOut:
    """Done already: nothing happens."""
    return _switched(client_id, active=False)


@blueprint.get(f"{CLIENT}/tokens")
@blueprint.output(Tokens)
@blueprint.doc(summary="A client's tokens, without their secrets (administrators)")
def client_tokens(client_id: int) -> Tokens:
    """Those that are over too."""
    found = queries.tokens_of(edge.session(), _load(client_id))
    return Tokens(items=[token_out(one, edge.now()) for one in found])


@blueprint.post(f"{CLIENT}/tokens")
@blueprint.input(NewToken)
@blueprint.output(TokenShown, 201)
@blueprint.doc(summary="Make a token; its secret is shown in this answer and never again (administrators)")
def add_token(client_id: int, json_data: NewToken) -> TokenShown:
    """Only its hash is kept."""
    found = _load(client_id)
    chosen = found.scopes.split() if json_data.scopes is None else json_data.scopes
    values = {"name": json_data.name, "expires_on": json_data.expires_on}
    actor, key = edge.actor(), secret_key(edge.parts().settings)
    return _shown(operations.issue(edge.session(), found, values, chosen, key=key, actor=actor, now=edge.now()), key)


@blueprint.post(f"{TOKEN}/rotation")
@blueprint.input(Rotation)
@blueprint.output(TokenShown, 201)
@blueprint.doc(
    summary="Replace a token by another, which is shown once; this one lives on for a while (administrators)"
)
def rotate_token(client_id: int, token_id: int, json_data: Rotation) -> TokenShown:
    """Same name, scopes and end."""
    found, session, key = _load(client_id), edge.session(), secret_key(edge.parts().settings)
    token, grace = queries.token_of(session, found, token_id), forms.grace(str(json_data.grace_hours))
    made = operations.rotate(session, found, token, grace=grace, key=key, actor=edge.actor(), now=edge.now())
    return _shown(made, key)


@blueprint.delete(TOKEN)
@blueprint.output(TokenOut)
@blueprint.doc(summary="Revoke a token, from the next request on (administrators)")
def revoke_token(client_id: int, token_id: int) -> TokenOut:
    """Done already: nothing happens."""
    found, session = _load(client_id), edge.session()
    token = queries.token_of(session, found, token_id)
    operations.revoke(session, found, token, actor=edge.actor(), now=edge.now())
    return token_out(token, edge.now())


def _load(client_id: int) -> ApiClient:
    return queries.load(edge.session(), edge.actor(), client_id)


def _switched(client_id: int, *, active: bool) -> ClientOut:
    found = _load(client_id)
    operations.switch(edge.session(), found, active=active, actor=edge.actor(), now=edge.now())
    return _out(found)


def _out(found: ApiClient) -> ClientOut:
    used = (one.used_at for one in queries.tokens_of(edge.session(), found) if one.used_at)
    return client_out(found, max(used, default=None))


def _shown(made: Issued, key: str) -> TokenShown:
    edge.show_once()
    kept = token_out(made.token, edge.now()).model_dump()
    return TokenShown(**kept, secret=tokens.token(key, made.nonce))
