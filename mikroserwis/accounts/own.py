"""The page of one's own account: where it is signed in, and the last attempts."""

import flask
from flask import Blueprint, flash, redirect, render_template, session, url_for

from mikroserwis import edge
from mikroserwis.accounts import operations
from mikroserwis.accounts.devices import device_words
from mikroserwis.accounts.identity import SECRET
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy

blueprint = Blueprint("account", __name__, url_prefix="/account")

RESULTS = {"ok": lazy("signed in"), "wrong": lazy("wrong name or password")}


@blueprint.get("")
def show() -> str:
    """Sessions that can be ended, and attempts that weren't mine."""
    user_id = _user_id()
    present = operations.token_hash(session.get(SECRET, ""))
    found = operations.open_sessions(edge.session(), user_id, edge.now())
    return render_template(
        "accounts/own.html",
        sessions=[
            {
                "device": device_words(one.device),
                "address": one.address,
                "since": one.created_at,
                "until": one.expires_at,
                "here": one.token_hash == present,
                "end_url": url_for("account.end", token_hash=one.token_hash),
            }
            for one in found
        ],
        attempts=[
            {
                "at": one.at,
                "device": device_words(one.device),
                "address": one.address,
                "result": str(RESULTS.get(one.result, one.result)),
                "ok": one.result == "ok",
            }
            for one in operations.attempts_of(edge.session(), user_id)
        ],
        end_all_url=url_for("account.end_all"),
    )


@blueprint.post("/sessions/<string(length=64):token_hash>/end")
def end(token_hash: str) -> flask.typing.ResponseReturnValue:
    """End one session; the hash can't be turned back into its secret."""
    operations.close_one_session(edge.session(), _user_id(), token_hash)
    flash(_("The session has been ended."), "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/sessions/end")
def end_all() -> flask.typing.ResponseReturnValue:
    """Sign out everywhere, here too."""
    operations.close_all_sessions(edge.session(), _user_id())
    session.clear()
    flash(_("You have been signed out everywhere."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _user_id() -> int:
    user_id = edge.actor().user_id
    assert user_id is not None  # noqa: S101 - only people have browser sessions
    return user_id
