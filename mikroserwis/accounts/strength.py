"""How good a new password is while it is being typed: said by what will judge it, and kept or logged nowhere."""

from collections.abc import Sequence

from flask import Blueprint, current_app, render_template, request

from mikroserwis import edge
from mikroserwis.accounts import links, passwords, queries
from mikroserwis.accounts.recovering import LINK, about_person
from mikroserwis.edge import public
from mikroserwis.i18n import lazy

blueprint = Blueprint("strength", __name__, url_prefix="/account")

LEVELS = (
    lazy("Very easy to guess"),
    lazy("Easy to guess"),
    lazy("Not hard enough to guess"),
    lazy("Hard to guess"),
    lazy("Very hard to guess"),
)


@blueprint.post("/strength")
def of_own() -> str:
    """For one's own account."""
    with edge.parts().database.reading() as session:
        about = about_person(session, queries.own(session, edge.actor()))
    return _said(about)


@blueprint.post(f"{LINK}/strength")
@public
def of_link(token: str) -> str:
    """For whoever has a link that still opens something. Raises NotFound."""
    with edge.parts().database.reading() as session:
        _link, user = links.load(session, token, str(current_app.config["SECRET_KEY"]), edge.now())
        about = about_person(session, user)
    return _said(about)


def _said(about: Sequence[str]) -> str:
    """A part of a page; empty as long as nothing is typed."""
    password = request.form.get("password", "")
    wrong, score = passwords.judge(password, about) if password else ([], 0)
    # Nothing that will be refused is called good.
    shown = min(score, passwords.GOOD - 1) if wrong else score
    return render_template(
        "accounts/_strength.html",
        score=shown if password else None,
        most=len(LEVELS) - 1,
        good=passwords.GOOD,
        level=LEVELS[shown],
        why=passwords.field_sentence(wrong[0].code, wrong[0].params) if wrong else "",
    )
