"""The page of one's own account: its data and password, where it is signed in, and the last attempts."""

from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.accounts import entering, forms, operations, passwords, people, pictures, queries
from mikroserwis.accounts.devices import device_words
from mikroserwis.accounts.identity import SECRET, source
from mikroserwis.accounts.people import texts
from mikroserwis.accounts.presenting import again, attempt, picture_url
from mikroserwis.accounts.recovering import about_person, by_field, check_new
from mikroserwis.accounts.views import door, too_many
from mikroserwis.accounts.wording import FIELDS, PASSWORDS, READING, ROLES
from mikroserwis.consents.presenting import own_card
from mikroserwis.errors import Answer, FieldError, Invalid, TooMany
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import speak
from mikroserwis.refused_forms import told

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("")
def show() -> str:
    """One's data and password, sessions that can be ended, and attempts that weren't mine."""
    return render_template("accounts/own.html", **_shown(edge.session()))


@blueprint.post("/data")
def save() -> ResponseReturnValue:
    """What a person keeps itself; its e-mail address is the back office's to change."""
    session, sent = edge.session(), {name: request.form[name] for name in forms.OWN if name in request.form}
    user = queries.own(session, edge.actor())
    edge.stay(lambda answer, error: _data_again(answer, error, sent))
    version = request.form.get("version", 0, type=int)
    people.change(session, user, sent, version=version, actor=edge.actor(), now=edge.now())
    flask.session["language"] = user.language  # also once signed out
    speak(user.reading)
    flash(_("Your data is saved."), "success")
    return redirect(url_for("account.show", _anchor="data"), 303)


@blueprint.post("/password")
def change_password() -> ResponseReturnValue:
    """A new one for who knows the present one; signed in stays this browser alone, under a new secret."""
    present, password = request.form.get("present", ""), request.form.get("password", "")
    try:
        password_hash = _checked(present, password)
    except TooMany as error:
        return _password_again({}, [too_many(error)], 429)
    except Invalid as error:
        return _password_again(by_field(error), [], 422)
    session, now = edge.session(), edge.now()
    user = queries.own(session, edge.actor())
    people.set_password(session, user, password_hash, actor=edge.actor(), now=now)
    settings, remember = edge.parts().settings, bool(flask.session.permanent)
    secret = operations.open_session(session, user, source(), settings, now, remember=remember)
    language = flask.session.get("language")
    flask.session.clear()
    flask.session.update({SECRET: secret} | ({"language": language} if language else {}))
    flask.session.permanent = remember
    flash(_("Your password is changed. Everywhere else you are signed out."), "success")
    return redirect(url_for("account.show", _anchor="password"), 303)


@blueprint.post("/picture")
def set_picture() -> ResponseReturnValue:
    """Shown beside one's name."""
    edge.stay(_picture_again)
    sha256 = pictures.receive(request.files.get("picture"))
    session, actor = edge.session(), edge.actor()
    pictures.keep(session, queries.own(session, actor), sha256, actor=actor, now=edge.now())
    flash(_("Your picture is saved."), "success")
    return redirect(url_for("account.show", _anchor="data"), 303)


@blueprint.post("/picture/removal")
def remove_picture() -> ResponseReturnValue:
    """One's initials again."""
    session, actor = edge.session(), edge.actor()
    pictures.keep(session, queries.own(session, actor), None, actor=actor, now=edge.now())
    flash(_("Your picture is removed."), "success")
    return redirect(url_for("account.show", _anchor="data"), 303)


def _checked(present: str, password: str) -> str:
    """The new one's hash. Guesses at the present one count like those at the door. Raises Invalid, TooMany."""
    with edge.parts().database.reading() as reading:
        user = queries.own(reading, edge.actor())
        about = about_person(reading, user)
    if not entering.proves(door(), user, present):
        raise Invalid([FieldError("present", "not_the_password")])
    check_new(password, request.form.get("repeated", ""), about)
    return operations.hash_password(password)


@blueprint.post("/sessions/<string(length=64):token_hash>/end")
def end(token_hash: str) -> ResponseReturnValue:
    """End one session; the hash can't be turned back into its secret."""
    operations.close_one_session(edge.session(), _user_id(), token_hash)
    flash(_("The session has been ended."), "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/sessions/end")
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    operations.close_all_sessions(edge.session(), _user_id())
    flask.session.clear()
    flash(_("You have been signed out everywhere."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def _shown(session: Session) -> dict[str, Any]:
    actor, now = edge.actor(), edge.now()
    user, present = queries.own(session, actor), operations.token_hash(flask.session.get(SECRET, ""))
    return {
        "person": {**texts(user), "role": str(ROLES[user.role]), "company": actor.dealer_name},
        "values": texts(user),
        "version": user.version,
        "picture_url": picture_url(actor),
        "labels": {**FIELDS, **PASSWORDS},
        **READING,
        "least": passwords.LEAST,
        "errors": {},
        "problems": [],
        "conflict": None,
        "sessions": [
            {
                "device": device_words(one.device),
                "address": one.address,
                "since": one.created_at,
                "until": one.expires_at,
                "here": one.token_hash == present,
                "end_url": url_for("account.end", token_hash=one.token_hash),
            }
            for one in operations.open_sessions(session, user.id, now)
        ],
        "attempts": [attempt(one) for one in operations.attempts_of(session, user.id)],
        "end_all_url": url_for("account.end_all"),
        **own_card(session, user),
    }


def _data_again(answer: Answer, error: Exception, sent: dict[str, str]) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = _shown(session)
        newest = queries.last_changes(session, queries.own(session, edge.actor()), 1)
    wrong = again(answer, error, newest, shown["version"], request.form.get("version", 0, type=int))
    page = render_template("accounts/own.html", **{**shown, **wrong, "values": shown["values"] | sent})
    return flask.make_response(page, answer.status)


def _picture_again(answer: Answer, _error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = _shown(session)
    return flask.make_response(render_template("accounts/own.html", **{**shown, **told(answer)}), answer.status)


def _password_again(errors: dict[str, list[str]], problems: list[str], status: int) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = _shown(session)
    page = render_template("accounts/own.html", **{**shown, "errors": errors, "problems": problems})
    return flask.make_response(page, status)


def _user_id() -> int:
    user_id = edge.actor().user_id
    assert user_id is not None  # noqa: S101 - only people have browser sessions
    return user_id
