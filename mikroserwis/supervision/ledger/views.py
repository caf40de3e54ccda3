"""The ledger's pages: jobs with their runs, one run, and running one now."""

from collections.abc import Sequence

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from mikroserwis import edge
from mikroserwis.addresses import own_path
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.supervision.ledger import presenting, queries, reports
from mikroserwis.supervision.ledger.wording import STATES
from mikroserwis.sweeps import ledger
from mikroserwis.sweeps.job_words import job_about, job_label
from mikroserwis.sweeps.schedule import DAILY

blueprint = Blueprint("ledger", __name__, url_prefix="/supervision/jobs")


@blueprint.get("")
def index() -> str:
    """Each job, and the runs that the address asks for."""
    edge.require("jobs.see")
    return _page(edge.session())


@blueprint.get("/runs/<int(max=2147483647):run_id>")
def show(run_id: int) -> str:
    """One run with all that it recorded; a sweep's with each ticket that it took away."""
    edge.require("jobs.see")
    session, now = edge.session(), edge.now()
    run = queries.run(session, run_id)
    found = reports.handovers(session, run, page=request.args.get("page", 1, type=int))
    return render_template(
        "supervision/run.html",
        run=presenting.run_line(run, now),
        about=job_about(run.job),
        recorded=presenting.recorded(queries.result(run)),
        moved=presenting.moved(run, found),
        skipped=presenting.skipped(queries.result(run)),
        list_url=url_for("ledger.index", job=run.job),
    )


@blueprint.post("/<job>/runs")
def run_now(job: str) -> ResponseReturnValue:
    """Ask for a run; whichever scheduler looks next begins it."""
    edge.require("jobs.run")
    daily = queries.job(job)
    edge.stay(_refused)
    ledger.ask(edge.session(), daily.name, actor=edge.actor(), now=edge.now())
    flash(_("“%(job)s” is asked for: it begins within seconds.", job=job_label(daily.name)), "success")
    return redirect(own_path(request.form.get("next", "")) or url_for("ledger.index"), 303)


def _refused(answer: Answer, _error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        return flask.make_response(_page(session, [answer.title, *answer.sentences]), answer.status)


def _page(session: Session, problems: Sequence[str] = ()) -> str:
    now, wanted = edge.now(), queries.read(request.args)
    page = queries.fetch(session, wanted, now)
    jobs = [presenting.job_line(one, now) for one in queries.jobs(session, now)]
    runs = [presenting.run_line(one, now) for one in page.items]
    return render_template(
        "supervision/jobs.html",
        jobs=jobs,
        runs=runs,
        page=presenting.pager(page, wanted),
        wanted=wanted,
        names=[("", _("all")), *((one.name, job_label(one.name)) for one in DAILY)],
        states=[("", _("all")), *STATES.items()],
        filtered=bool(wanted.job or wanted.state),
        under_way=any(one["present"] for one in jobs),
        problems=problems,
    )
