"""A dealer's own page: what is known of its company, its absences, and how it is told of deadlines."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.dealers import operations, queries
from mikroserwis.dealers.presenting.dealer_page import own_page
from mikroserwis.dealers.views.absences import added, ended, saved, shown
from mikroserwis.dealers.views.blueprint import ABSENCE
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Dealer

blueprint = Blueprint("my_company", __name__, url_prefix="/my-company")


@blueprint.get("")
def show() -> ResponseReturnValue:
    """The company of whoever asks."""
    session = edge.session()
    values = own_page(session, _own(session), edge.actor(), edge.now())
    return render_template("dealers/own.html", **values)


@blueprint.post("/digest")
def choose_digest() -> ResponseReturnValue:
    """One mail a day about deadlines, or single ones."""
    session, digest = edge.session(), request.form.get("digest") == "yes"
    operations.choose_digest(session, _own(session), digest=digest, actor=edge.actor(), now=edge.now())
    told = _("Deadlines are told in one mail a day from now on.") if digest else _("Each deadline is told at once now.")
    flash(told, "success")
    return redirect(url_for("my_company.show", _anchor="mails"), 303)


@blueprint.post("/absences")
def add_absence() -> ResponseReturnValue:
    """Enter an absence of the own company."""
    return added(_own)


@blueprint.get(ABSENCE)
def absence(absence_id: int) -> ResponseReturnValue:
    """Its form."""
    return shown(_own, absence_id)


@blueprint.post(ABSENCE)
def save_absence(absence_id: int) -> ResponseReturnValue:
    """Move its days, or change the reason."""
    return saved(_own, absence_id)


@blueprint.post(f"{ABSENCE}/end")
def end_absence(absence_id: int) -> ResponseReturnValue:
    """Back at work."""
    return ended(_own, absence_id)


def _own(session: Session) -> Dealer:
    return queries.own(session, edge.actor())
