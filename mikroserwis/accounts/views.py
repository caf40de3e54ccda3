"""Pages to sign in and out, and the choice of a language."""

import flask
from flask import Blueprint, redirect, render_template, request, session, url_for
from sqlalchemy import update

from mikroserwis import edge
from mikroserwis.accounts import operations
from mikroserwis.accounts.identity import SECRET, SignInFirst, source
from mikroserwis.addresses import own_path
from mikroserwis.edge import public
from mikroserwis.errors import TooMany
from mikroserwis.i18n import LANGUAGES, ngettext, speak
from mikroserwis.i18n import gettext as _
from mikroserwis.models import User

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/sign-in")
@public
def sign_in() -> flask.typing.ResponseReturnValue:
    """The form; whoever is signed in goes on."""
    if flask.g.actor is not None:
        return redirect(safe_next(request.args.get("next")))
    return _form()


@blueprint.post("/sign-in")
@public
def enter() -> flask.typing.ResponseReturnValue:
    """Check and open a session under a new secret. What is answered doesn't tell whether the account exists."""
    identifier = request.form.get("identifier", "").strip()
    password = request.form.get("password", "")
    missing = {name: [_("Please fill this in.")] for name in ("identifier", "password") if not request.form.get(name)}
    if missing:
        return _form(errors=missing), 422
    try:
        secret = _check(identifier, password)
    except TooMany as error:
        minutes = max(int(error.params["seconds"] // 60), 1)
        text = ngettext(
            "Too many attempts. Try again in a minute.", "Too many attempts. Try again in %(n)s minutes.", minutes
        )
        return _form(problems=[text]), 429
    if secret is None:
        return _form(problems=[_("Name or password is wrong.")]), 401
    language = session.get("language")
    session.clear()
    session[SECRET] = secret
    session.permanent = bool(request.form.get("keep"))
    if language:
        session["language"] = language
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.post("/sign-out")
def leave() -> flask.typing.ResponseReturnValue:
    """End this session."""
    operations.close_session(edge.session(), session.get(SECRET, ""))
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.post("/language")
@public
def choose_language() -> flask.typing.ResponseReturnValue:
    """Kept with the account, or with the browser before anybody has signed in."""
    code = request.form.get("language", "")
    if code in LANGUAGES:
        session["language"] = code
        speak(code)
        if flask.g.actor is not None:
            edge.session().execute(update(User).where(User.id == flask.g.actor.user_id).values(language=code))
    return redirect(safe_next(request.form.get("next")), 303)


@blueprint.app_errorhandler(SignInFirst)
def sign_in_first(_error: SignInFirst) -> flask.typing.ResponseReturnValue:
    """To the form, and after it back to the page that was asked for; a form that was sent keeps what was typed."""
    if request.method in edge.SAFE:
        wanted = request.full_path.rstrip("?")
        return redirect(url_for("accounts.sign_in", next=wanted if wanted != "/" else None))
    return _form(problems=[_("You have been signed out. Sign in, then send the form again.")]), 401


def safe_next(target: str | None) -> str:
    """A path of ours, or the start page: never another site."""
    return own_path(target or "") or url_for("pages.home")


def _check(identifier: str, password: str) -> str | None:
    """A new session's secret, or None.

    The attempt counts as failed before the slow hash begins: many sent at once would else all be within the limit.
    """
    database, settings, now = edge.parts().database, edge.parts().settings, edge.now()
    key = operations.name_key(identifier, flask.current_app.config["SECRET_KEY"])
    with database.transaction() as writing:
        operations.check_rate(writing, key, source(), settings, now)
        user = operations.find_user(writing, identifier)
        attempt = operations.record_attempt(writing, key, user.id if user else None, source(), result="wrong", now=now)
    fits = operations.password_fits(user.password_hash if user and user.active else "", password[:1000])
    if not fits or user is None:
        return None
    with database.transaction() as writing:
        writing.merge(attempt).result = "ok"
        remember = bool(request.form.get("keep"))
        return operations.open_session(writing, user, source(), settings, now, remember=remember)


def _form(**given: object) -> str:
    values = {
        "identifier": request.form.get("identifier", ""),
        "keep": bool(request.form.get("keep")),
        "next": request.values.get("next", ""),
        "action": url_for("accounts.enter"),
        "problems": [],
        "errors": {},
    }
    return render_template("accounts/sign_in.html", **{**values, **given})
