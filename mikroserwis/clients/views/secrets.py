"""A secret that was just made, shown to the browser that made it until it is put away.

The cookie holds a nonce, of which only the service's own key makes the secret.
"""

from datetime import timedelta

from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.clients import endpoints, queries, tokens
from mikroserwis.clients.views.blueprint import CLIENT, back, blueprint
from mikroserwis.clients.views.clients import load
from mikroserwis.errors import NotFound
from mikroserwis.i18n import gettext as _
from mikroserwis.keys import secret_key
from mikroserwis.models import ApiClient

KEPT = "client_secret"
SHOWN_FOR = timedelta(minutes=10)


def keep(kind: str, id_: int, nonce: str = "") -> None:
    """Of a token, or of a webhook, whose nonce is in the database."""
    session[KEPT] = [kind, id_, nonce, edge.now().timestamp()]


@blueprint.get(f"{CLIENT}/secret")
def secret(client_id: int) -> ResponseReturnValue:
    """With how it is used."""
    found = load(client_id)
    shown = _shown(found)
    if shown is None:
        return redirect(url_for("clients.show", client_id=client_id))
    return render_template(
        "clients/secret.html",
        **shown,
        client={"name": found.name, "url": url_for("clients.show", client_id=client_id)},
        list_url=url_for("clients.index"),
        kept_url=url_for("clients.put_away", client_id=client_id),
        api_url=f"{edge.parts().settings.base_url}/api/v1/me",
    )


@blueprint.post(f"{CLIENT}/secret/kept")
def put_away(client_id: int) -> ResponseReturnValue:
    """It isn't shown again."""
    load(client_id)
    session.pop(KEPT, None)
    return back(_("The secret won't be shown again."), client_id)


def _shown(found: ApiClient) -> dict[str, str] | None:
    kind, id_, nonce, made_at = session.get(KEPT) or ("", 0, "", 0)
    key = secret_key(edge.parts().settings)
    if edge.now().timestamp() - made_at > SHOWN_FOR.total_seconds():
        return None
    try:
        if kind == "token":
            token, text = queries.token_of(edge.session(), found, id_), tokens.token(key, nonce)
            # A cookie of another day names another one.
            return {"kind": kind, "secret": text, "name": token.name} if _fits(token.token_hash, text) else None
        endpoint = queries.endpoint_of(edge.session(), found, id_)
        return {
            "kind": kind,
            "secret": endpoints.signing_secrets(endpoint, key, edge.now())[0],
            "name": endpoint.url,
        }
    except NotFound:
        return None


def _fits(kept: str, secret: str) -> bool:
    return tokens.token_hash(secret) == kept
