"""The dashboard's page."""

from datetime import datetime

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.pricing import today
from mikroserwis.supervision.dashboard import presenting, tickets, waiting
from mikroserwis.supervision.dashboard.presenting import Found
from mikroserwis.supervision.ledger import queries as ledger

blueprint = Blueprint("dashboard", __name__, url_prefix="/supervision")
SWEEP = "sweep"


@blueprint.get("")
def show() -> str:
    """How everything stands at this moment."""
    edge.require("supervision.see")
    return render_template("supervision/dashboard.html", **presenting.board(gather(edge.session(), edge.now())))


def gather(session: Session, now: datetime) -> Found:
    """All of it, in a fixed number of statements."""
    return Found(
        now=now,
        tickets=tickets.fetch(session, now, ledger.next_due(ledger.job(SWEEP), now)),
        waiting=waiting.fetch(session),
        loads=waiting.loads(session),
        away=waiting.absences(session, today(now)),
        jobs=ledger.jobs(session, now),
    )
