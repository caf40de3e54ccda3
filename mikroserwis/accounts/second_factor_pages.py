"""Pages of one's own second factor: switched on with an app, recovery codes, switched off."""

from collections.abc import Callable
from datetime import timedelta

import flask
import segno
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.accounts import entering, second_factor
from mikroserwis.accounts.identity import SecondFactorFirst, enrolling
from mikroserwis.accounts.views import door, retry_after, too_many
from mikroserwis.errors import Invalid, TooMany
from mikroserwis.i18n import gettext as _
from mikroserwis.models import SecondFactor, User

blueprint = Blueprint("second_factor", __name__, url_prefix="/account/second-factor")

# The browser's own: what new recovery codes are made of, and when they were made.
NEW_CODES = "recovery_codes"
SHOWN_FOR = timedelta(minutes=10)


@blueprint.get("")
@enrolling
def show() -> str:
    """What there is, or the next step of setting it up."""
    return _page()


@blueprint.post("")
@enrolling
def begin() -> ResponseReturnValue:
    """Asks for the password: whoever finds a browser open would else keep its owner out."""
    return _proved("password", lambda user: second_factor.begin(edge.session(), user, edge.now()), "show")


@blueprint.post("/confirmation")
@enrolling
def confirm() -> ResponseReturnValue:
    """The app shows the right code: it counts from now on."""
    user, typed = _user(), request.form.get("code", "")[:100]
    try:
        nonce = second_factor.confirm(edge.session(), user, typed, _key(), actor=edge.actor(), now=edge.now())
    except Invalid:
        wrong = _("This is not the code that the app shows now. Are date and time of the phone right?")
        return _page(errors={"code": [wrong]}), 422
    _keep(nonce)
    return redirect(url_for("second_factor.codes"), 303)


@blueprint.post("/codes")
def renew() -> ResponseReturnValue:
    """Ten new codes; all before are void."""

    def act(user: User) -> None:
        _keep(second_factor.renew_codes(edge.session(), user, _key(), actor=edge.actor(), now=edge.now()))

    return _proved("codes_password", act, "codes")


@blueprint.get("/codes")
def codes() -> ResponseReturnValue:
    """Shown to the browser that made them, until they are put away."""
    made = _new_codes()
    if made is None:
        return redirect(url_for("second_factor.show"))
    return render_template(
        "accounts/recovery_codes.html",
        codes=made,
        text_url=url_for("second_factor.codes_text"),
        kept_url=url_for("second_factor.put_away"),
    )


@blueprint.get("/codes.txt")
def codes_text() -> ResponseReturnValue:
    """To be kept as a file."""
    made = _new_codes()
    if made is None:
        return redirect(url_for("second_factor.show"))
    head = _("Recovery codes of %(email)s in Mikroserwis. Each can be used once.", email=_user().email)
    response = flask.Response("\n".join([head, "", *made, ""]), mimetype="text/plain")
    response.headers["Content-Disposition"] = 'attachment; filename="mikroserwis-recovery-codes.txt"'
    return response


@blueprint.post("/codes/kept")
def put_away() -> ResponseReturnValue:
    """They are not shown again."""
    session.pop(NEW_CODES, None)
    flash(_("The recovery codes won't be shown again."), "success")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/end")
def end() -> ResponseReturnValue:
    """Back to the password alone; it is asked for once more."""

    def act(user: User) -> None:
        second_factor.switch_off(edge.session(), user, actor=edge.actor(), now=edge.now())
        flash(_("Signing in asks for the password alone again."), "success")

    return _proved("end_password", act, "show")


@blueprint.app_errorhandler(SecondFactorFirst)
def second_factor_first(_error: SecondFactorFirst) -> ResponseReturnValue:
    """Whoever must have one sets it up before anything else."""
    return redirect(url_for("second_factor.show"), 303)


def _proved(field: str, act: Callable[[User], None], then: str) -> ResponseReturnValue:
    """Do it for whoever gives the account's password; guesses count like those at the door."""
    password = request.form.get(field, "")
    with edge.parts().database.reading() as reading:
        user = reading.get_one(User, edge.actor().user_id)
    try:
        is_proved = bool(password) and entering.proves(door(), user, password)
    except TooMany as error:
        return _page(problems=[too_many(error)]), 429, retry_after(error)
    if not is_proved:
        return _page(errors={field: [_("This is not your password.")]}), 422
    act(_user())
    return redirect(url_for(f"second_factor.{then}"), 303)


def _keep(nonce: str) -> None:
    session[NEW_CODES] = [nonce, edge.now().timestamp()]


def _new_codes() -> list[str] | None:
    nonce, made_at = session.get(NEW_CODES) or ("", 0)
    if not nonce or edge.now().timestamp() - made_at > SHOWN_FOR.total_seconds():
        return None
    return second_factor.codes(_user().id, nonce, _key())


def _page(**given: object) -> str:
    user = _user()
    return render_template(
        "accounts/second_factor.html",
        **{
            "state": second_factor.state(edge.session(), user),
            "setup": _setup(second_factor.begun(edge.session(), user), user),
            "is_required": user.role in edge.parts().settings.needing_second_factor,
            "errors": {},
            "problems": [],
            **given,
        },
    )


def _setup(factor: SecondFactor | None, user: User) -> dict[str, str] | None:
    """The QR code as an address that holds the picture, and the key in groups of four as it is typed."""
    if factor is None:
        return None
    key = second_factor.app(factor, _key()).secret
    uri = second_factor.uri(factor, user, _key())
    picture = segno.make(uri, error="m")
    grouped = " ".join(key[start : start + 4] for start in range(0, len(key), 4))
    return {"qr": picture.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"), "uri": uri, "key": grouped}


def _user() -> User:
    return edge.session().get_one(User, edge.actor().user_id)


def _key() -> str:
    return str(current_app.secret_key)
