"""A program's tokens."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.clients import forms, operations, queries
from mikroserwis.clients.views import secrets
from mikroserwis.clients.views.blueprint import CLIENT, TOKEN, back, blueprint
from mikroserwis.clients.views.clients import load, shown_again
from mikroserwis.i18n import gettext as _
from mikroserwis.keys import secret_key


@blueprint.post(f"{CLIENT}/tokens")
def add_token(client_id: int) -> ResponseReturnValue:
    """A new one, shown on the page that follows; or the page again with what is wrong."""
    found, chosen = load(client_id), request.form.getlist("scopes")
    # Within the program's page the token's name has a name of its own.
    values = {"name": request.form.get("token_name", ""), "expires_on": request.form.get("expires_on", "")}
    edge.stay(lambda answer, _error: shown_again(client_id, answer, values=values, chosen=chosen, is_asking=True))
    key, actor = secret_key(edge.parts().settings), edge.actor()
    made = operations.issue(edge.session(), found, values, chosen, key=key, actor=actor, now=edge.now())
    return _shown(client_id, made)


@blueprint.post(f"{TOKEN}/rotation")
def rotate_token(client_id: int, token_id: int) -> ResponseReturnValue:
    """Another in its place, shown on the page that follows."""
    session, found = edge.session(), load(client_id)
    token = queries.token_of(session, found, token_id)
    edge.stay(lambda answer, _error: shown_again(client_id, answer))
    grace, key = forms.grace(request.form.get("grace", "")), secret_key(edge.parts().settings)
    made = operations.rotate(session, found, token, grace=grace, key=key, actor=edge.actor(), now=edge.now())
    return _shown(client_id, made)


@blueprint.post(f"{TOKEN}/revocation")
def revoke_token(client_id: int, token_id: int) -> ResponseReturnValue:
    """From the next request on it counts no more."""
    session, found = edge.session(), load(client_id)
    token = queries.token_of(session, found, token_id)
    operations.revoke(session, found, token, actor=edge.actor(), now=edge.now())
    return back(_("The token “%(name)s” is revoked.", name=token.name), client_id, part="tokens")


def _shown(client_id: int, made: operations.Issued) -> ResponseReturnValue:
    secrets.keep("token", made.token.id, made.nonce)
    return redirect(url_for("clients.secret", client_id=client_id), 303)
