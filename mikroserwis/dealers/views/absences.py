"""Absences: of any dealer for staff, of their own for a dealer's people."""

from collections.abc import Callable

import flask
from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.dealers import absences, forms, queries
from mikroserwis.dealers.presenting.absence_box import absence_page, home
from mikroserwis.dealers.presenting.common import again
from mikroserwis.dealers.presenting.dealer_page import dealer_page, own_page
from mikroserwis.dealers.views.blueprint import ABSENCE, DEALER, blueprint, page, sent_version
from mikroserwis.dealers.wording import span
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Dealer
from mikroserwis.pricing import today
from mikroserwis.refused_forms import told

# Loads the dealer that is meant, and authorises.
Of = Callable[[Session], Dealer]


def of_any(dealer_id: int) -> Of:
    return lambda session: queries.load(session, edge.actor(), dealer_id, "dealers.edit")


@blueprint.post(f"{DEALER}/absences")
def add_absence(dealer_id: int) -> ResponseReturnValue:
    """Enter an absence of this dealer."""
    return added(of_any(dealer_id))


@blueprint.get(DEALER + ABSENCE)
def absence(dealer_id: int, absence_id: int) -> ResponseReturnValue:
    """Its form."""
    return shown(of_any(dealer_id), absence_id)


@blueprint.post(DEALER + ABSENCE)
def save_absence(dealer_id: int, absence_id: int) -> ResponseReturnValue:
    """Move its days, or change the reason."""
    return saved(of_any(dealer_id), absence_id)


@blueprint.post(f"{DEALER}{ABSENCE}/end")
def end_absence(dealer_id: int, absence_id: int) -> ResponseReturnValue:
    """The dealer is back."""
    return ended(of_any(dealer_id), absence_id)


def added(of: Of) -> ResponseReturnValue:
    """Enter an absence, or show the dealer's page again with what is wrong with it."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    dealer = of(session)
    edge.stay(lambda answer, _error: _box_again(of, answer))
    made = absences.add_absence(session, dealer, _typed(), actor=actor, now=now)
    return _back(dealer, _("The absence is entered: %(days)s.", days=span(made.first_day, made.last_day)))


def shown(of: Of, absence_id: int) -> ResponseReturnValue:
    """The form of an absence."""
    dealer = of(edge.session())
    found = queries.absence_of(edge.session(), dealer, absence_id)
    return render_template("dealers/absence.html", **absence_page(found, dealer, edge.actor(), today(edge.now())))


def saved(of: Of, absence_id: int) -> ResponseReturnValue:
    """Save, or show what is wrong or what somebody else saved meanwhile."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    dealer = of(session)
    found = queries.absence_of(session, dealer, absence_id)
    edge.stay(lambda answer, error: _form_again(of, absence_id, answer, error))
    absences.change_absence(session, dealer, found, _typed(), version=sent_version(), actor=actor, now=now)
    return _back(dealer, _("The absence is saved: %(days)s.", days=span(found.first_day, found.last_day)))


def ended(of: Of, absence_id: int) -> ResponseReturnValue:
    """It goes on no longer, or never begins."""
    session = edge.session()
    dealer = of(session)
    found = queries.absence_of(session, dealer, absence_id)
    absences.end_absence(session, dealer, found, actor=edge.actor(), now=edge.now())
    return _back(dealer, _("The absence is ended: new tickets are offered again."))


def _typed() -> dict[str, str]:
    return {name: request.form[name] for name in forms.ABSENCE_LENGTHS if name in request.form}


def _back(dealer: Dealer, text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(home(dealer, edge.actor()), 303)


def _box_again(of: Of, answer: Answer) -> flask.Response:
    actor, wrong = edge.actor(), told(answer)
    make, template = (dealer_page, "dealers/dealer.html") if actor.is_staff else (own_page, "dealers/own.html")
    with edge.parts().database.reading() as session:
        values = make(session, of(session), actor, edge.now())
    box = {**values["absences"], "typed": _typed(), "errors": wrong["errors"], "open": True}
    return page(template, answer.status, {**values, "absences": box, "problems": wrong["problems"]})


def _form_again(of: Of, absence_id: int, answer: Answer, error: Exception) -> flask.Response:
    actor = edge.actor()
    with edge.parts().database.reading() as session:
        dealer = of(session)
        found = queries.absence_of(session, dealer, absence_id)
        newest = queries.last_changes(session, dealer, 1)
    values = absence_page(found, dealer, actor, today(edge.now()))
    wrong = again(answer, error, newest, found.version, sent_version())
    return page("dealers/absence.html", answer.status, {**values, **wrong, "values": values["values"] | _typed()})
