"""Files on their way in and out, their pictures, the staff's refusal of one; and papers to print."""

from collections.abc import Sequence

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.errors import Answer, FieldError, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext
from mikroserwis.models import File, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import documents, uploads
from mikroserwis.tickets.operations import papers
from mikroserwis.tickets.operations.papers import BY_CODE
from mikroserwis.tickets.presenting.acts import head, ticket_url
from mikroserwis.tickets.presenting.uploads import Result, keep, pack
from mikroserwis.tickets.sorting import Batch, Refusal
from mikroserwis.tickets.uploads import Asked, Received, refusal_of_file
from mikroserwis.tickets.views.base import back, blueprint, field_errors, page
from mikroserwis.tickets.views.detail import stay_on_ticket
from mikroserwis.tickets.wording import kind_label

PREVIEW_WIDTH = 320


@blueprint.post("/tickets/<int:number>/files")
def upload(number: int) -> ResponseReturnValue:
    """One or several at once, each with its own result: what can be used is kept, what can't says why.

    All are judged before the transaction begins, for that takes seconds.
    """
    stay_on_ticket(number)
    received = uploads.receive(_asked(), number)
    ticket = access.ticket(edge.session(), edge.actor(), number, "files.add")
    before = ticket.state
    results: dict[int, Result] = {}
    refusals = []
    for batch in received.batches:
        found = _filed(ticket, batch)
        if isinstance(found, Exception):
            refusals.append(found)
        results |= {place: _result(received, place, found) for place in batch.places}
    told = [results[place] for place in sorted(results)]
    if len(refusals) == len(received.batches):
        keep(told)
        raise refusals[0] if len(refusals) == 1 else _together(told)
    if before == "taken" and ticket.state == "contract":
        flash(_("Everything is here: the ticket is a contract now."), "success")
    if refusals:
        return redirect(url_for("tickets.show", number=number, sent=pack(number, told), _anchor="files"), 303)
    for words in dict.fromkeys(one.words for one in told):
        flash(words, "success")
    return redirect(ticket_url(number, "files"), 303)


def _asked() -> list[Asked]:
    """Files sent now, those that wait for other pages, and those that the person says the kind of."""
    form = request.form
    sent = [Asked(form.get("kind", BY_CODE), one) for one in request.files.getlist("file") if one.filename]
    waiting = [Asked(BY_CODE, token) for token in form.getlist("held")]
    chosen = zip(form.getlist("unfiled"), form.getlist("unfiled_kind"), strict=False)
    return [*sent, *waiting, *(Asked(kind, token) for token, kind in chosen)]


def _filed(ticket: Ticket, batch: Batch) -> list[tuple[File, bool]] | Refusal:
    if batch.refusal is not None:
        return batch.refusal
    try:
        return papers.attach_all(
            edge.session(), ticket, batch.uploads, kind=batch.kind, actor=edge.actor(), now=edge.now()
        )
    except Invalid as refusal:
        return refusal


def _result(received: Received, place: int, found: list[tuple[File, bool]] | Refusal) -> Result:
    asked, token = received.asked[place], received.token(place) or ""
    name = received.name(place)
    if isinstance(found, list):
        return Result(name, "filed", " ".join(_said(file, known) for file, known in found))
    codes = {one.code for one in found.errors} if isinstance(found, Invalid) else set()
    words = refusal_of_file(found)
    if token and codes == {"no_code_found"}:
        return Result(name, "unfiled", words, token, request.form.get("wanted", asked.kind))
    if token and (codes == {"pages_missing"} or isinstance(asked.given, str)):
        return Result(name, "held", words, token, asked.kind)
    return Result(name, "refused", words)


def _said(file: File, known: bool) -> str:
    name = file.source_name or file.name
    if known:
        return _("%(name)s is here already; nothing was changed.", name=file.name)
    if file.source_pages:
        return ngettext(
            "%(name)s, page %(pages)s: filed as: %(kind)s.",
            "%(name)s, pages %(pages)s: filed as: %(kind)s.",
            file.pages,
            name=name,
            pages=file.source_pages,
            kind=kind_label(file.kind),
        )
    return _("%(name)s is filed as: %(kind)s.", name=name, kind=kind_label(file.kind))


def _together(told: Sequence[Result]) -> Invalid:
    """Several files, none of which can be used."""
    return Invalid([FieldError("file", "file_refused", {"name": one.name, "why": one.words}) for one in told])


@blueprint.get("/files/<int:file_id>")
def file(file_id: int) -> ResponseReturnValue:
    """The file itself; scans open in the browser unless a download is asked for."""
    found, _ticket = access.file(edge.session(), edge.actor(), file_id, "files.see")
    return uploads.serve(found, inline=not request.args.get("download"))


@blueprint.get("/files/<int:file_id>/pages/<int:page>")
def thumbnail(file_id: int, page: int) -> ResponseReturnValue:
    """A small picture of one page."""
    found, _ticket = access.file(edge.session(), edge.actor(), file_id, "files.see")
    return uploads.thumbnail(found, page, PREVIEW_WIDTH)


@blueprint.get("/files/<int:file_id>/rejection")
def reject_form(file_id: int) -> ResponseReturnValue:
    """The page that asks why."""
    found, ticket = access.file(edge.session(), edge.actor(), file_id, "files.reject")
    return render_template("tickets/act.html", **_rejection(found, ticket))


@blueprint.post("/files/<int:file_id>/rejection")
def reject(file_id: int) -> ResponseReturnValue:
    """Staff refuse a paper: the dealer reads the reason on it and sends a new scan."""
    edge.stay(lambda answer, error: _reject_again(file_id, answer, error))
    found, ticket = access.file(edge.session(), edge.actor(), file_id, "files.reject")
    reason = request.form.get("reason", "")
    papers.reject(edge.session(), ticket, found, reason, actor=edge.actor(), now=edge.now())
    return back(ticket.number, _("The file is rejected; the dealer is told why."), "files")


def _rejection(found: File, ticket: Ticket) -> dict[str, object]:
    url = url_for("tickets.reject", file_id=found.id)
    return {
        "ticket": head(ticket),
        "about": found.name,
        "subject": "file",
        "act": {"trigger": "reject", "label": _("Reject the file"), "note": "reason", "url": url},
        "text": request.form.get("reason", ""),
        "back_url": ticket_url(ticket.number, "files"),
    }


def _reject_again(file_id: int, answer: Answer, error: Exception) -> flask.Response:
    with edge.parts().database.reading() as session:
        found, ticket = access.file(session, edge.actor(), file_id, "files.see")
        errors = field_errors(error)
        problems = [] if errors else [answer.title, *answer.sentences]
        return page("tickets/act.html", answer.status, **_rejection(found, ticket), errors=errors, problems=problems)


@blueprint.get("/tickets/<int:number>/documents/<name>")
def document(number: int, name: str) -> ResponseReturnValue:
    """A paper made on demand from the newest data."""
    stay_on_ticket(number)
    ticket = access.ticket(edge.session(), edge.actor(), number, "documents.make")
    return documents.make(ticket, name, edge.now().astimezone(RULES.tz).date()).answer()
