"""What may be done to a sub-ticket, and its retail point."""

from typing import Any

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.companies import POINT_LENGTHS
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import RetailPoint, Subticket
from mikroserwis.tickets import connectivity
from mikroserwis.tickets.facts import POINT_FIELDS
from mikroserwis.tickets.operations import closing, company, handover, pausing, taking
from mikroserwis.tickets.presenting.acts import NOUNS, anchor, head, ticket_url
from mikroserwis.tickets.presenting.conflicts import conflict, version_now
from mikroserwis.tickets.views.asking import Act, stay_on_subticket_form, subticket_form
from mikroserwis.tickets.views.base import back, blueprint, field_errors, form_version, page, typed
from mikroserwis.tickets.views.detail import refused_page

ACTS = {
    NOUNS[one.trigger]: one
    for one in (
        Act("take", taking.take_subticket, lazy("The sub-ticket is in progress. Check its retail point next.")),
        Act("suspend", pausing.suspend_subticket, lazy("The sub-ticket is suspended."), "note"),
        Act("resume", pausing.resume_subticket, lazy("The work on the sub-ticket goes on.")),
        Act("resign", handover.resign_subticket, lazy("You have resigned from the sub-ticket."), "note"),
        Act("withdraw", closing.withdraw_subticket, lazy("The sub-ticket is withdrawn."), "reason"),
        Act("reassign", handover.reassign_subticket, lazy("The sub-ticket has been passed on."), "reason"),
        Act("reopen", closing.reopen_subticket, lazy("The sub-ticket is open again."), "reason"),
    )
}
_ASKING = ",".join(noun for noun, one in ACTS.items() if one.asks)


@blueprint.get(f"/subtickets/<int:subticket_id>/<any({_ASKING}):noun>")
def subticket_act_form(subticket_id: int, noun: str) -> ResponseReturnValue:
    """The page that asks for the note or reason."""
    session, wanted = edge.session(), ACTS[noun]
    subticket = access.subticket(session, edge.actor(), subticket_id, f"subticket.{wanted.trigger}")
    return render_template("tickets/act.html", **subticket_form(session, subticket, wanted, noun))


@blueprint.post(f"/subtickets/<int:subticket_id>/<any({','.join(ACTS)}):noun>")
def subticket_act(subticket_id: int, noun: str) -> ResponseReturnValue:
    """Do it, or tell what stands in the way where the person is, with the text kept."""
    wanted = ACTS[noun]
    if wanted.asks:
        stay_on_subticket_form(subticket_id, wanted, noun)
    else:
        _stay_on_ticket_of(subticket_id)
    subticket = access.subticket(edge.session(), edge.actor(), subticket_id, f"subticket.{wanted.trigger}")
    number, part = subticket.ticket.number, anchor(subticket)
    wanted.run(edge.session(), subticket, actor=edge.actor(), now=edge.now(), **wanted.words())
    if wanted.trigger == "resign" and subticket.ticket.dealer_id != edge.actor().dealer_id:
        flash(str(wanted.done), "success")
        return redirect(url_for("tickets.index"), 303)
    return back(number, str(wanted.done), part)


@blueprint.post("/subtickets/<int:subticket_id>/closure")
def close_subticket(subticket_id: int) -> ResponseReturnValue:
    """Through the connectivity gate; with the last one the ticket closes by itself."""
    _stay_on_ticket_of(subticket_id)
    subticket = connectivity.close(subticket_id)
    ticket = subticket.ticket
    if ticket.state == "closed":
        return back(ticket.number, _("The last sub-ticket is closed, and with it the ticket. Well done."))
    return back(ticket.number, _("The sub-ticket is closed."), anchor(subticket))


def _stay_on_ticket_of(subticket_id: int) -> None:
    def again(answer: Answer, error: Exception) -> flask.Response:
        with edge.parts().database.reading() as session:
            number = access.subticket(session, edge.actor(), subticket_id, "subticket.see").ticket.number
        return refused_page(number, answer, error)

    edge.stay(again)


@blueprint.get("/points/<int:point_id>")
def point(point_id: int) -> ResponseReturnValue:
    """The retail point's form; read only for whoever may not edit it."""
    found, subticket = access.point(edge.session(), edge.actor(), point_id, "point.see")
    return render_template("tickets/point.html", **_point_form(found, subticket))


@blueprint.post("/points/<int:point_id>")
def save_point(point_id: int) -> ResponseReturnValue:
    """Save; a form that somebody overtook comes back with theirs beside yours."""
    edge.stay(lambda answer, error: _point_again(point_id, answer, error))
    _point, subticket = access.point(edge.session(), edge.actor(), point_id, "point.edit")
    values, version = typed(POINT_LENGTHS), form_version()
    company.save_point(edge.session(), subticket, values, version=version, actor=edge.actor(), now=edge.now())
    return back(subticket.ticket.number, _("The retail point is saved."), anchor(subticket))


def _point_form(found: RetailPoint, subticket: Subticket) -> dict[str, Any]:
    actor = edge.actor()
    editable = access.may("point.edit", access.subticket_relations(actor, subticket))
    return {
        "ticket": {**head(subticket.ticket), "url": ticket_url(subticket.ticket.number)},
        "point_id": found.id,
        "action": url_for("tickets.save_point", point_id=found.id),
        "values": {name: getattr(found, name) for name in POINT_LENGTHS},
        "errors": {},
        "problems": [],
        "version": found.version,
        "conflict": None,
        "read_only": not editable or not (actor.is_staff or subticket.state == "taken"),
        "saved": subticket.point_saved_at is not None,
        "required": POINT_FIELDS,
    }


def _point_again(point_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found, subticket = access.point(session, edge.actor(), point_id, "point.see")
        form, errors = _point_form(found, subticket), field_errors(error)
        form["values"] |= {name: request.form.get(name, "") for name in POINT_LENGTHS}
        panel = conflict(session, error, edge.actor(), verb="point", point_id=point_id)
        form |= {"errors": errors, "conflict": panel, "version": version_now(error, form_version())}
        form["problems"] = [] if errors or panel else [answer.title, *answer.sentences]
        return page("tickets/point.html", answer.status, **form)
