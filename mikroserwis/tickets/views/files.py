"""Files on their way in and out, their pictures, the staff's refusal of one; and papers to print."""

import flask
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from mikroserwis import access, edge
from mikroserwis.errors import Answer, FieldError, Invalid, Problem
from mikroserwis.i18n import gettext as _
from mikroserwis.models import File, Ticket
from mikroserwis.rulebook import RULES
from mikroserwis.scans import UnusableFile
from mikroserwis.storage import EmptyFile, TooLarge
from mikroserwis.tickets import documents, uploads
from mikroserwis.tickets.operations import papers
from mikroserwis.tickets.operations.papers import Upload
from mikroserwis.tickets.presenting.acts import head, ticket_url
from mikroserwis.tickets.views.base import back, blueprint, field_errors, page, refusal_of_file
from mikroserwis.tickets.views.detail import stay_on_ticket
from mikroserwis.tickets.wording import kind_label

PREVIEW_WIDTH = 320
MOST_AT_ONCE = 20


@blueprint.post("/tickets/<int:number>/files")
def upload(number: int) -> ResponseReturnValue:
    """One or several at once, each with its own result: what can be used is kept, what can't says why.

    All are judged before the transaction begins, for that takes seconds.
    """
    stay_on_ticket(number)
    kind = request.form.get("kind", papers.BY_CODE)
    given = [one for one in request.files.getlist("file") if one.filename][:MOST_AT_ONCE]
    with edge.parts().database.reading() as reading:
        access.ticket(reading, edge.actor(), number, "files.add")
    if not given:
        raise Invalid([FieldError("file", "required")])
    judged = [_judged(one, number, kind) for one in given]
    ticket = access.ticket(edge.session(), edge.actor(), number, "files.add")
    before = ticket.state
    results = [_filed(ticket, one, kind) for one in judged]
    failures = [one for one in results if isinstance(one, Exception)]
    if len(failures) == len(results):
        raise failures[0] if len(failures) == 1 else _together(given, failures)
    for one, result in zip(given, results, strict=True):
        _say(one, result)
    if before == "taken" and ticket.state == "contract":
        flash(_("Everything is here: the ticket is a contract now."), "success")
    return redirect(ticket_url(number, "files"), 303)


_Refusal = Problem | UnusableFile | TooLarge | EmptyFile


def _judged(given: FileStorage, number: int, kind: str) -> Upload | _Refusal:
    try:
        return uploads.receive(given, number, kind=kind)
    except (Invalid, UnusableFile, TooLarge, EmptyFile) as refusal:
        return refusal


def _filed(ticket: Ticket, judged: Upload | _Refusal, kind: str) -> tuple[File, bool] | _Refusal:
    if not isinstance(judged, Upload):
        return judged
    try:
        return papers.attach(edge.session(), ticket, judged, kind=kind, actor=edge.actor(), now=edge.now())
    except Invalid as refusal:
        return refusal


def _together(given: list[FileStorage], failures: list[_Refusal]) -> Invalid:
    """Several files, none of which can be used."""
    return Invalid(
        [
            FieldError("file", "file_refused", {"name": one.filename, "why": refusal_of_file(failure)})
            for one, failure in zip(given, failures, strict=True)
        ]
    )


def _say(given: FileStorage, result: tuple[File, bool] | _Refusal) -> None:
    if not isinstance(result, tuple):
        flash(_("%(name)s: %(why)s", name=given.filename, why=refusal_of_file(result)), "error")
        return
    file, known = result
    if known:
        flash(_("%(name)s is here already; nothing was changed.", name=file.name), "message")
    else:
        flash(_("%(name)s is filed as: %(kind)s.", name=file.name, kind=kind_label(file.kind)), "success")


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
