"""Pages of whoever isn't signed in yet: a forgotten password, and the link by which a password is set."""

from uuid import uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import edge, outbox
from mikroserwis.access import Actor
from mikroserwis.accounts import abuse, links, operations, passwords, people, queries
from mikroserwis.accounts.identity import source
from mikroserwis.accounts.views import retry_after, too_many
from mikroserwis.accounts.wording import field_sentence as account_sentence
from mikroserwis.edge import public
from mikroserwis.errors import FieldError, Invalid, NotFound, TooMany
from mikroserwis.i18n import gettext as _
from mikroserwis.models import User

blueprint = Blueprint("recovery", __name__, url_prefix="/account")

LINK = "/links/<string(maxlength=80):token>"


@blueprint.get("/forgotten")
@public
def forgotten() -> str:
    """The form."""
    return _asked()


@blueprint.post("/forgotten")
@public
def ask() -> ResponseReturnValue:
    """One answer for every name, after the same work: whether there is an account shows only in its mailbox."""
    name = request.form.get("identifier", "").strip()
    if not name:
        return _asked(errors={"identifier": [_("Please fill this in.")]}), 422
    session, now = edge.session(), edge.now()
    try:
        abuse.check(session, "recovery", name, source(), settings=edge.parts().settings, now=now)
    except TooMany as error:
        return _asked(problems=[too_many(error)]), 429, retry_after(error)
    user = operations.find_user(session, name)
    payload = {"user": user.id if user else 0, "address": source().address}
    outbox.enqueue(session, "recovery", f"recovery:{uuid4().hex}", payload, now=now)
    return render_template("accounts/asked.html", hours=links.SPANS[links.RECOVER].seconds // 3600)


@blueprint.get(LINK)
@public
def choose(token: str) -> ResponseReturnValue:
    """The form; looking at it uses nothing up, as mail filters look too."""
    with edge.parts().database.reading() as session:
        try:
            found, user = links.load(session, token, _key(), edge.now())
        except NotFound:
            return _dead()
        return _form(token, user.email, found.purpose)


@blueprint.post(LINK)
@public
def set_password(token: str) -> ResponseReturnValue:
    """The link is used up with it. The slow hash is made outside of the transaction."""
    password = request.form.get("password", "")
    with edge.parts().database.reading() as reading:
        try:
            found, user = links.load(reading, token, _key(), edge.now())
        except NotFound:
            return _dead()
        email, purpose, about = user.email, found.purpose, about_person(reading, user)
    try:
        check_new(password, request.form.get("repeated", ""), about)
    except Invalid as error:
        return _form(token, email, purpose, error), 422
    password_hash, session = operations.hash_password(password), edge.session()
    try:
        link, user = links.load(session, token, _key(), edge.now())
        links.use(session, link, edge.now())
    except NotFound:
        return _dead()
    people.set_password(session, user, password_hash, actor=themselves(user), now=edge.now())
    flash(_("Your password is set. Sign in with it."), "success")
    return redirect(url_for("accounts.sign_in"), 303)


def check_new(password: str, repeated: str, about: list[str]) -> None:
    """Raises Invalid: easy to guess, or not the same twice."""
    errors = passwords.check(password, about)
    if password and password != repeated:
        errors.append(FieldError("repeated", "not_the_same"))
    if errors:
        raise Invalid(errors)


def about_person(session: Session, user: User) -> list[str]:
    """What others know of the person."""
    found = session.execute(queries.ACCOUNTS.where(User.id == user.id)).one()
    return [text for text in (user.name, user.email, user.phone, user.user_name, found[1]) if text]


def themselves(user: User) -> Actor:
    """Whoever has the link acts as its person."""
    return Actor(user_id=user.id, name=user.name, role=user.role, dealer_id=user.dealer_id, address=source().address)


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])


def _dead() -> tuple[str, int]:
    return render_template("accounts/dead_link.html", action=url_for("recovery.ask")), 410


def _form(token: str, email: str, purpose: str, error: Invalid | None = None) -> str:
    return render_template(
        "accounts/password.html",
        email=email,
        is_first=purpose == links.ACTIVATE,
        least=passwords.LEAST,
        strength_url=url_for("strength.of_link", token=token),
        errors=by_field(error),
    )


def by_field(error: Invalid | None) -> dict[str, list[str]]:
    """By field, in the reader's language."""
    found: dict[str, list[str]] = {}
    for one in error.errors if error else ():
        said = passwords.field_sentence(one.code, one.params) or account_sentence(one.code, one.params)
        found.setdefault(one.field, []).append(said)
    return found


def _asked(**given: object) -> str:
    values = {"identifier": request.form.get("identifier", ""), "action": url_for("recovery.ask")}
    return render_template("accounts/forgotten.html", **{"problems": [], "errors": {}, **values, **given})
