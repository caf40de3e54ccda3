"""What a customer's people have consented to, as they said it by phone or on paper."""

import flask
from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.consents import forms, operations, queries
from mikroserwis.customers.presenting import customer_page
from mikroserwis.customers.views.blueprint import CUSTOMER, blueprint, load, page, typed
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.refused_forms import told


@blueprint.post(f"{CUSTOMER}/consents")
def record_consent(customer_id: int) -> ResponseReturnValue:
    """Given or withdrawn by one of them."""
    session, form = edge.session(), request.form
    found = load(customer_id, "customers.edit")
    edge.stay(lambda answer, _error: _again(customer_id, answer))
    person = queries.person_of(session, found, form.get("person", ""))
    kind, given = forms.read_kind(form.get("kind", "")), forms.read_given(form.get("given", ""))
    note, actor, now = form.get("note", ""), edge.actor(), edge.now()
    done = operations.decide(session, person, kind, given=given, source="office", note=note, actor=actor, now=now)
    flash(_("The decision is recorded.") if done else _("It stands so already: nothing was recorded."), "success")
    return redirect(f"{customer_page.tab_url(found, 'consents')}#person-{person.code}", 303)


def _again(customer_id: int, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        found = access.customer(session, edge.actor(), customer_id, "customers.see")
        shown = customer_page.customer_page(session, found, edge.actor(), "consents")
    wrong = {**told(answer), "typed": typed(("person", "kind", "given", "note"))}
    return page("customers/customer.html", answer.status, {**shown, **wrong})
