"""Acts on many tickets: chosen in the list, previewed, done, told row by row, undone."""

from collections.abc import Mapping
from datetime import date

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from mikroserwis import access, edge
from mikroserwis.errors import Answer, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.tickets.bulk import act_page, operations, plan, preview_page, sheet
from mikroserwis.tickets.bulk.preview_page import Source
from mikroserwis.tickets.bulk.wishes import ACTS, EXTEND, REASSIGN, Chosen, Wish, read_back
from mikroserwis.tickets.presenting.bulk_bar import MOST
from mikroserwis.tickets.views.base import blueprint, field_errors, page
from mikroserwis.tickets.wanted import LONGEST_QUERY

_NOBODY = 2**31 - 1
ACT = "/tickets/bulk/<string(length=32):batch>"


@blueprint.get("/tickets/bulk")
def bulk() -> ResponseReturnValue:
    """What would become of the chosen tickets."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    access.require("tickets.bulk", access.role_relations(actor))
    source, wish = _source(request.args), _wish(request.args)
    ids, unknown = source.ids(session, actor, now)
    shown = preview_page.context(
        session, source, wish, ids, now, show=request.args.get("show", ""), page=_page_number()
    )
    return render_template("tickets/bulk.html", **shown, unknown=unknown, errors={}, problems=[], reason="")


@blueprint.post("/tickets/bulk")
def start_bulk() -> ResponseReturnValue:
    """Do it: what has changed since it was shown is left as it is."""
    edge.require("tickets.bulk")
    source, wish, reason = _source(request.form), _wish(request.form), request.form.get("reason", "")
    chosen = read_back(request.form.get("seen", ""))
    edge.stay(lambda answer, error: _again(source, wish, chosen, reason=reason, answer=answer, error=error))
    act = operations.start(
        edge.session(), wish, chosen, reason=reason, query=source.query, actor=edge.actor(), now=edge.now()
    )
    return redirect(url_for("tickets.bulk_act", batch=act.batch), 303)


@blueprint.get("/tickets/bulk/acts")
def bulk_acts() -> ResponseReturnValue:
    """The newest acts on many tickets, whoever of the staff did them."""
    session = edge.session()
    acts = act_page.recent(session, operations.recent(session, edge.actor()))
    return render_template("tickets/bulk_acts.html", acts=acts, list_url=url_for("tickets.index"))


@blueprint.get(ACT)
def bulk_act(batch: str) -> ResponseReturnValue:
    """Its progress, and a result for each ticket."""
    return _act(batch, 200)


@blueprint.get(f"{ACT}/result.xlsx")
def bulk_sheet(batch: str) -> ResponseReturnValue:
    """The results as a file."""
    session = edge.session()
    return sheet.answer(session, operations.load(session, edge.actor(), batch))


@blueprint.post(f"{ACT}/undo")
def undo_bulk(batch: str) -> ResponseReturnValue:
    """All of it, or the one ticket whose button was pressed."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    act, reason = operations.load(session, actor, batch), request.form.get("reason", "")
    edge.stay(lambda answer, error: _act(batch, answer.status, reason, answer, error))
    operations.undo(session, act, reason=reason, number=_whole(request.form.get("number")), actor=actor, now=now)
    flash(
        _("What could be undone has been undone: see each ticket.") if act.state == "done" else _("It is being undone.")
    )
    return redirect(url_for("tickets.bulk_act", batch=batch), 303)


def _act(
    batch: str, status: int, reason: str = "", answer: Answer | None = None, error: Exception | None = None
) -> flask.Response:
    with edge.parts().database.reading() as session:
        act = operations.load(session, edge.actor(), batch)
        shown = act_page.context(session, act, edge.now(), show=request.args.get("show", ""), page=_page_number())
        errors = field_errors(error) if error else {}
        problems = answer.sentences if answer and not errors else []
        return page("tickets/bulk_act.html", status, **shown, reason=reason, errors=errors, problems=problems)


def _again(
    source: Source, wish: Wish, chosen: list[Chosen], *, reason: str, answer: Answer, error: Exception
) -> flask.Response:
    """The preview as it is now, with what was typed and what is wrong with it."""
    with edge.parts().database.reading() as session:
        known = plan.ids_of(session, [one.number for one in chosen[:MOST]], edge.actor())
        shown = preview_page.context(session, source, wish, list(known.values()), edge.now())
        errors = field_errors(error)
        problems = [] if isinstance(error, Invalid) else [answer.title, *answer.sentences]
        return page(
            "tickets/bulk.html", answer.status, **shown, unknown=[], errors=errors, problems=problems, reason=reason
        )


def _source(given: MultiDict[str, str]) -> Source:
    numbers = [_whole(one) for one in given.getlist("number")]
    return Source(
        query=given.get("query", "")[:LONGEST_QUERY],
        all=given.get("all") == "yes",
        numbers=tuple(one for one in numbers if one is not None),
    )


def _wish(given: Mapping[str, str]) -> Wish:
    """What can't be read is as if it weren't there."""
    act = given.get("act", REASSIGN)
    if act not in ACTS:
        return Wish(REASSIGN)
    return Wish(
        act,
        _dealer(given.get("to")) if act == REASSIGN else None,
        _day(given.get("until", "")) if act == EXTEND else None,
    )


def _whole(text: str | None) -> int | None:
    plain = (text or "").strip()
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) < 16 else None


def _dealer(text: str | None) -> int | None:
    """Nothing: by the rules. What is no id, or too large for the database, is that of no dealer."""
    if not (text or "").strip():
        return None
    found = _whole(text)
    return _NOBODY if found is None else min(found, _NOBODY)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page_number() -> int:
    return min(_whole(request.args.get("page")) or 1, 10_000)
