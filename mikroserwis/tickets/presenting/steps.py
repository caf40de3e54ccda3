"""Where the ticket stands: its main way with dates, and the whole picture drawn from the workflow's own table."""

from datetime import date, datetime
from functools import cache
from typing import Any

from markupsafe import Markup

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import language
from mikroserwis.rulebook import RULES
from mikroserwis.tickets.presenting.due import due
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.wording import STATES, TRIGGERS
from workflows import TICKET, TicketState, draw


def steps(scene: Scene) -> list[dict[str, Any]]:
    """The states of the main way: done, now, or still to come; a withdrawn ticket left some out."""
    ticket, reached = scene.ticket, _dates(scene)
    way = [state for state in TicketState if state not in TICKET.aside]
    present = TicketState(ticket.suspended_from or ticket.state)
    at = way.index(present)
    withdrawn = ticket.outcome == "withdrawn"
    found = []
    for place, state in enumerate(way):
        status = "now" if place == at else "todo" if place > at else "done"
        if withdrawn and status == "done" and reached.get(state) is None:
            status = "off"
        found.append(_step(scene, state, status, reached.get(state)))
    return found


def diagram(scene: Scene) -> Markup:
    """Every state and arrow, with the present state marked."""
    return _drawn(scene.ticket.state, language())


@cache
def _drawn(state: str, _language: str) -> Markup:
    """One picture for each state and language."""
    # Only our own table's words go in, and the drawing escapes them.
    return Markup(draw(TICKET, present=TicketState(state), label=_label, title=_("States of a ticket")))  # noqa: S704


def _label(code: str) -> str:
    return str(STATES.get(code) or TRIGGERS[code])


def _step(scene: Scene, state: TicketState, status: str, when: date | None) -> dict[str, Any]:
    ticket = scene.ticket
    here = status == "now"
    suspended = here and ticket.state == "suspended"
    label = _("Withdrawn") if here and ticket.outcome == "withdrawn" else str(STATES[state])
    return {
        "label": label,
        "state": "suspended" if suspended else "withdrawn" if label == _("Withdrawn") else str(state),
        "status": status,
        "date": when,
        "due": due(ticket.state, ticket.stage, ticket.due_at, ticket.warn_at, scene.now) if here else None,
    }


def _dates(scene: Scene) -> dict[TicketState, date | None]:
    """When each state was reached in the present tenure; the ticket's own dates for its two ends."""
    tenure = scene.assignment
    return {
        TicketState.NEW: scene.ticket.opened_on,
        TicketState.TAKEN: _day(tenure.taken_at if tenure else None),
        TicketState.CONTRACT: _day(tenure.contract_at if tenure else None),
        TicketState.CLOSED: scene.ticket.closed_on,
    }


def _day(moment: datetime | None) -> date | None:
    return moment.astimezone(RULES.tz).date() if moment else None
