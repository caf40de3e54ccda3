"""Lines and pages of the ledger."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for

from mikroserwis import access, edge, lists
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import JobRun
from mikroserwis.supervision.ledger import queries
from mikroserwis.supervision.ledger.queries import UNDER_WAY, Job, Page, Wanted
from mikroserwis.supervision.ledger.reports import Moved, Part
from mikroserwis.supervision.ledger.wording import STATES, duration, schedule, what_it_did
from mikroserwis.sweeps.job_words import job_about, job_label
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.offer import choice_words

_MISSED = {
    "take": lazy("not taken in time"),
    "contract": lazy("no contract in time"),
    "completion": lazy("not finished in time"),
}


def job_line(job: Job, now: datetime) -> dict[str, Any]:
    """A job with its schedule, its last run, and the one under way."""
    name = job.daily.name
    relations = access.role_relations(edge.actor())
    waits = job.present is not None and job.present.started_at is None
    return {
        "name": name,
        "label": job_label(name),
        "about": job_about(name),
        "schedule": schedule(job.daily),
        "next": job.next_due,
        "last": run_line(job.last, now) if job.last else None,
        "present": run_line(job.present, now) if job.present else None,
        "runs_url": url_for("ledger.index", job=name),
        "run_url": url_for("ledger.run_now", job=name) if access.may("jobs.run", relations) and not waits else None,
    }


def run_line(run: JobRun, now: datetime) -> dict[str, Any]:
    """One run as the list shows it."""
    found = queries.state(run, now)
    recorded = queries.result(run)
    return {
        "id": run.id,
        "url": url_for("ledger.show", run_id=run.id),
        "job": job_label(run.job),
        "state": found,
        "state_words": str(STATES[found]),
        "due": date.fromisoformat(run.due) if run.asked_at is None else None,
        "asked_by": run.asked_by,
        "asked_at": run.asked_at,
        "started_at": run.started_at,
        "ended_at": run.ended_at,
        "process": run.process,
        "attempts": run.attempts,
        "took": duration(run),
        "did": what_it_did(recorded) if recorded or found == "done" else "",
        "error": run.error or "",
        "again_at": run.lease_until if found == "retrying" else None,
        "under_way": found in UNDER_WAY,
    }


def pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    """As macros/lists.html shows it."""

    def address(**changed: Any) -> str:
        return url_for("ledger.index", **wanted.arguments(**changed))

    rows, total = len(page.items), page.total
    here = lists.bounded(
        page.page, page.pages, rows=rows, total=total, is_bounded=page.bounded, size=wanted.size, address=address
    )
    return {**here, "sizes": lists.sizes(queries.SIZES, wanted.size, address)}


def recorded(result: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Everything that a run recorded, by its code, as it is."""
    return [
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in result.items()
    ]


def moved(run: JobRun, part: Part) -> dict[str, Any]:
    """The tickets that a sweep's run took away, from whom, to whom and why."""

    def address(page: int) -> str:
        return url_for("ledger.show", run_id=run.id, page=page)

    return {
        "total": part.total,
        "lines": [_moved(one) for one in part.items],
        "page": part.page,
        "pages": part.pages,
        "prev": address(part.page - 1) if part.page > 1 else None,
        "next": address(part.page + 1) if part.page < part.pages else None,
    }


def _moved(one: Moved) -> dict[str, Any]:
    missed = _MISSED.get(one.stage or "")
    return {
        "number": one.number,
        "url": url_for("tickets.show", number=one.number),
        "former": one.former,
        "next": one.next,
        "missed": str(missed) if missed else "",
        "due": last_day(one.due_at) if one.due_at else None,
        "why": choice_words(one.choice) if one.choice.get("area") else "",
        "undone_at": one.undone_at,
    }


def skipped(result: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first tickets that a sweep could not deal with, and why."""
    return [
        {
            "number": one["ticket"],
            "url": url_for("tickets.show", number=one["ticket"]),
            "why": _("somebody was working on it all the time") if one["reason"] == "locked" else one["reason"],
        }
        for one in result.get("reasons", ())
    ]
