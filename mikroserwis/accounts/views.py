"""Pages to sign in and out, and the choice of a language."""

import flask
from flask import Blueprint, redirect, render_template, request, session, url_for

from mikroserwis import edge
from mikroserwis.accounts import entering, known_devices, operations, people, queries
from mikroserwis.accounts.entering import Door, Entered
from mikroserwis.accounts.identity import SECRET, SignInFirst, enrolling, source
from mikroserwis.addresses import own_path
from mikroserwis.edge import public
from mikroserwis.errors import NotFound, TooMany
from mikroserwis.i18n import LANGUAGES, ngettext, speak
from mikroserwis.i18n import gettext as _

blueprint = Blueprint("accounts", __name__)

HALF = "half"


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
    missing = {name: [_("Please fill this in.")] for name in ("identifier", "password") if not request.form.get(name)}
    if missing:
        return _form(errors=missing), 422
    remember = bool(request.form.get("keep"))
    try:
        entered = entering.by_password(door(), identifier, request.form.get("password", ""), remember=remember)
    except TooMany as error:
        return _form(problems=[too_many(error)]), 429, retry_after(error)
    if entered is None:
        return _form(problems=[_("Name or password is wrong.")]), 401
    if entered.is_half:
        _keep({HALF: entered.secret})
        return redirect(url_for("accounts.code", next=request.form.get("next") or None), 303)
    return _signed_in(entered)


@blueprint.get("/sign-in/code")
@public
def code() -> flask.typing.ResponseReturnValue:
    """The second step, for the browser that took the first; nothing is signed in before it."""
    if flask.g.actor is not None:
        return redirect(safe_next(request.args.get("next")))
    if entering.half(edge.session(), session.get(HALF, ""), edge.now()) is None:
        return redirect(url_for("accounts.sign_in", next=request.args.get("next")))
    return _code_form()


@blueprint.post("/sign-in/code")
@public
def enter_code() -> flask.typing.ResponseReturnValue:
    """A code of the app, or a recovery code."""
    typed = request.form.get("code", "").strip()[:100]
    if not typed:
        return _code_form(errors={"code": [_("Please fill this in.")]}), 422
    try:
        entered = entering.by_code(door(), session.get(HALF, ""), typed)
    except TooMany as error:
        return _code_form(problems=[too_many(error)]), 429, retry_after(error)
    except NotFound:
        _keep({})
        return _form(problems=[_("That took too long. Sign in once more.")]), 401
    if entered is None:
        return _code_form(problems=[_("This code is wrong, or it has been used. Wait for the next one.")]), 401
    return _signed_in(entered)


@blueprint.post("/sign-out")
@enrolling
def leave() -> flask.typing.ResponseReturnValue:
    """End this session."""
    operations.close_session(edge.session(), session.get(SECRET, ""))
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)


@blueprint.post("/language")
@public
def choose_language() -> flask.typing.ResponseReturnValue:
    """Kept with the account, or with the browser before anybody has signed in."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        speak(chosen)
        if flask.g.actor is not None:
            opened, actor = edge.session(), edge.actor()
            user, wanted = queries.own(opened, actor), {"language": chosen}
            people.change(opened, user, wanted, version=None, actor=actor, now=edge.now())
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


def door() -> Door:
    parts, key = edge.parts(), str(flask.current_app.secret_key)
    return Door(parts.database, parts.settings, key, source(), known_devices.read(), edge.now())


def too_many(error: TooMany) -> str:
    minutes = max(int(error.params["seconds"] // 60), 1)
    return ngettext(
        "Too many attempts. Try again in a minute.", "Too many attempts. Try again in %(n)s minutes.", minutes
    )


def retry_after(error: TooMany) -> dict[str, str]:
    return {"Retry-After": str(int(error.params["seconds"]))}


def _signed_in(entered: Entered) -> flask.Response:
    """Under a new secret: nothing that this browser had before goes on."""
    _keep({SECRET: entered.secret})
    session.permanent = entered.remember
    response = flask.make_response(redirect(safe_next(request.form.get("next")), 303))
    known_devices.remember(response, entered.user_id)
    return response


def _keep(anew: dict[str, str]) -> None:
    """Of the browser's session only the language stays."""
    language = session.get("language")
    session.clear()
    session.update(anew | ({"language": language} if language else {}))


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


def _code_form(**given: object) -> str:
    values = {
        "next": request.values.get("next", ""),
        "action": url_for("accounts.enter_code"),
        "back_url": url_for("accounts.sign_in", next=request.values.get("next") or None),
        "problems": [],
        "errors": {},
    }
    return render_template("accounts/code.html", **{**values, **given})
