"""Pages of everybody's accounts, for staff: the list, one of them, and what is done to it."""

from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import edge, history
from mikroserwis.accounts import forms, operations, people, pictures, presenting, queries, second_factor
from mikroserwis.errors import Answer, NotFound
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Customer, Dealer
from mikroserwis.refused_forms import told

blueprint = Blueprint("people", __name__, url_prefix="/people")

PERSON = f"/<int(max={2**31 - 1}):user_id>"


@blueprint.get("")
def index() -> ResponseReturnValue:
    """The list, as the address asks for it."""
    edge.require("accounts.see")
    wanted = queries.read(request.args)
    page = queries.fetch(edge.session(), wanted)
    return render_template("accounts/list.html", **presenting.list_page(page, wanted, edge.actor()))


@blueprint.get("/new")
def new() -> ResponseReturnValue:
    """An empty form: `dealer` or `customer` in the address names the company, else it is one of the office."""
    of = company(edge.session())
    return render_template(
        "accounts/person_form.html", **presenting.new_page(of, edge.parts().settings.default_language)
    )


@blueprint.post("/new")
def create() -> ResponseReturnValue:
    """A new account with its mail, or the form again with what is wrong."""
    of = company(edge.session())
    edge.stay(_new_again)
    made = people.add(edge.session(), _typed(), of, actor=edge.actor(), now=edge.now())
    flash(_("The account is made. A link to activate it is sent to %(email)s.", email=made.email), "success")
    return redirect(url_for("people.show", user_id=made.id), 303)


@blueprint.get(PERSON)
def show(user_id: int) -> ResponseReturnValue:
    """All that is known of it."""
    actor = edge.actor()
    found = queries.load(edge.session(), actor, user_id)
    return render_template("accounts/person.html", **presenting.person_page(edge.session(), found, actor, edge.now()))


@blueprint.get(f"/<int(max={2**31 - 1}):owner_id>/picture")
def picture(owner_id: int) -> ResponseReturnValue:
    """One's own for everybody, anybody's for staff."""
    if owner_id != edge.actor().user_id:
        edge.require("accounts.see")
    return pictures.serve(pictures.of(edge.session(), owner_id), owner_id)


@blueprint.get(f"{PERSON}/edit")
def edit(user_id: int) -> ResponseReturnValue:
    """Its form."""
    found = queries.load(edge.session(), edge.actor(), user_id, "change")
    return render_template("accounts/person_form.html", **presenting.form_page(found))


@blueprint.post(f"{PERSON}/edit")
def save(user_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor = edge.session(), edge.actor()
    found = queries.load(session, actor, user_id, "change")
    edge.stay(lambda answer, error: _form_again(user_id, answer, error))
    version = request.form.get("version", 0, type=int)
    people.change(session, found.user, _typed(), version=version, actor=actor, now=edge.now())
    return _back(user_id, _("The account is saved."))


@blueprint.post(f"{PERSON}/link")
def link(user_id: int) -> ResponseReturnValue:
    """A new way to set the password, by mail."""
    found = _held(user_id)
    people.send_link(edge.session(), found.user, actor=edge.actor(), now=edge.now())
    return _back(user_id, _("A link to set the password is sent to %(email)s.", email=found.user.email))


@blueprint.post(f"{PERSON}/<any(activation, deactivation):noun>")
def switch(user_id: int, noun: str) -> ResponseReturnValue:
    """Out of use at once, and back."""
    found, active = _held(user_id), noun == "activation"
    people.switch(edge.session(), found.user, active=active, actor=edge.actor(), now=edge.now())
    if active:
        return _back(user_id, _("%(name)s can sign in again.", name=found.user.name))
    return _back(user_id, _("%(name)s is blocked: every session has ended.", name=found.user.name))


@blueprint.post(f"{PERSON}/sessions/end")
def end_sessions(user_id: int) -> ResponseReturnValue:
    """Signed out everywhere; signing in again is possible."""
    found = _held(user_id)
    operations.close_all_sessions(edge.session(), found.user.id)
    history.record(edge.session(), "user_sessions", actor=edge.actor(), now=edge.now(), user=found.user)
    return _back(user_id, _("%(name)s is signed out everywhere.", name=found.user.name))


@blueprint.post(f"{PERSON}/second-factor/removal")
def reset_factor(user_id: int) -> ResponseReturnValue:
    """For who has lost the phone: the password alone counts until another is set up."""
    found = _held(user_id)
    second_factor.reset(edge.session(), found.user, actor=edge.actor(), now=edge.now())
    return _back(user_id, _("The second step of %(name)s is taken off.", name=found.user.name))


@blueprint.post(f"{PERSON}/removal")
def remove(user_id: int) -> ResponseReturnValue:
    """Nobody signs in with it any more; its history stays."""
    found = _held(user_id)
    people.remove(edge.session(), found.user, actor=edge.actor(), now=edge.now())
    return _back(user_id, _("The account is removed. What it did stays in the history."))


def company(session: Session) -> Dealer | Customer | None:
    """Whose account is asked for, where the actor may make one. Raises Forbidden, NotFound."""
    asked = {name: request.args.get(name, 0, type=int) for name in ("dealer", "customer") if name in request.args}
    edge.require("accounts.clients" if asked else "accounts.office")
    if not asked:
        return None
    name, id_ = next(iter(asked.items()))
    known = 0 < id_ < 2**31
    found = (session.get(Dealer, id_) if name == "dealer" else session.get(Customer, id_)) if known else None
    if found is None:
        raise NotFound(record=name, id=id_)
    return found


def _held(user_id: int) -> queries.Account:
    """To be acted on; what is refused is told on its page."""
    found = queries.load(edge.session(), edge.actor(), user_id, "change")
    edge.stay(lambda answer, _error: _shown_again(user_id, answer))
    return found


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in forms.LENGTHS if name in request.form}


def _back(user_id: int, text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("people.show", user_id=user_id), 303)


def _page(template: str, status: int, values: dict[str, Any]) -> flask.Response:
    return flask.make_response(render_template(template, **values), status)


def _new_again(answer: Answer, _error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        shown = presenting.new_page(company(session), edge.parts().settings.default_language)
    return _page("accounts/person_form.html", answer.status, {**shown, **told(answer), "values": _typed()})


def _form_again(user_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), user_id, "change")
        shown, newest = presenting.form_page(found), queries.last_changes(session, found.user, 1)
    sent = request.form.get("version", 0, type=int)
    wrong = presenting.again(answer, error, newest, found.user.version, sent)
    values = shown["values"] | _typed()
    return _page("accounts/person_form.html", answer.status, {**shown, **wrong, "values": values})


def _shown_again(user_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = queries.load(session, edge.actor(), user_id)
        shown = presenting.person_page(session, found, edge.actor(), edge.now())
    return _page("accounts/person.html", answer.status, {**shown, "problems": [answer.title, *answer.sentences]})
