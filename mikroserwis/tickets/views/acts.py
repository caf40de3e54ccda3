"""What may be done to a ticket: each act a noun in its address, each with one operation behind it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.i18n import lazy
from mikroserwis.tickets.operations import closing, export, handover, pausing, taking
from mikroserwis.tickets.presenting.acts import NOUNS
from mikroserwis.tickets.views.asking import Act, stay_on_ticket_form, ticket_form
from mikroserwis.tickets.views.base import back, blueprint
from mikroserwis.tickets.views.detail import stay_on_ticket

ACTS = {
    NOUNS[one.trigger]: one
    for one in (
        Act("take", taking.take, lazy("The ticket is yours. Below is what comes next.")),
        Act("export", export.export_scans, lazy("The scans are queued for the backoffice."), part="export"),
        Act("suspend", pausing.suspend, lazy("The ticket is suspended; its clock stands."), "note"),
        Act("resume", pausing.resume, lazy("The work goes on, and so does the clock.")),
        Act("resign", handover.resign, lazy("You have resigned. The ticket has been passed on."), "note"),
        Act("reassign", handover.reassign, lazy("The ticket has been passed on."), "reason"),
        Act("cancel", closing.cancel, lazy("The ticket is cancelled."), "reason"),
        Act("reopen", closing.reopen, lazy("The ticket is open again."), "reason"),
    )
}
_ASKING = ",".join(noun for noun, one in ACTS.items() if one.asks)


@blueprint.get(f"/tickets/<int:number>/<any({_ASKING}):noun>")
def act_form(number: int, noun: str) -> ResponseReturnValue:
    """The page that asks for the note or reason; the ticket's own page has the same form folded in."""
    session, wanted = edge.session(), ACTS[noun]
    ticket = access.ticket(session, edge.actor(), number, f"ticket.{wanted.trigger}")
    return render_template("tickets/act.html", **ticket_form(session, ticket, wanted, noun))


@blueprint.post(f"/tickets/<int:number>/<any({','.join(ACTS)}):noun>")
def act(number: int, noun: str) -> ResponseReturnValue:
    """Do it, or tell what stands in the way where the person is, with the text kept."""
    wanted = ACTS[noun]
    if wanted.asks:
        stay_on_ticket_form(number, wanted, noun)
    else:
        stay_on_ticket(number)
    session, actor, now = edge.session(), edge.actor(), edge.now()
    ticket = taking.ticket_to_act_on(session, actor, number, f"ticket.{wanted.trigger}", now)
    wanted.run(session, ticket, actor=actor, now=now, **wanted.words())
    if wanted.trigger == "resign":
        flash(str(wanted.done), "success")
        return redirect(url_for("tickets.index"), 303)
    return back(number, str(wanted.done), wanted.part)
