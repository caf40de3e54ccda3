"""Tickets coming in by hand and by file."""

from io import BytesIO
from typing import BinaryIO, cast

import flask
from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from exports.sheets import intake_template
from mikroserwis import access, edge
from mikroserwis.errors import Answer, FieldError, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext
from mikroserwis.rulebook import RULES
from mikroserwis.scans import XLSX
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.operations.imports import Report, RowError, import_file
from mikroserwis.tickets.operations.intake import create as take_in
from mikroserwis.tickets.presenting import intake_page
from mikroserwis.tickets.views.base import back, blueprint, field_errors, page
from mikroserwis.tickets.wording import field_sentence

SHOWN_ERRORS = 200


@blueprint.get("/tickets/new")
def new() -> ResponseReturnValue:
    """The empty form."""
    _may("tickets.create")
    return _form(MultiDict(), {}, 200)


@blueprint.post("/tickets/new")
def create() -> ResponseReturnValue:
    """Add or drop a row of the form, or enter the ticket."""
    _may("tickets.create")
    if "add" in request.form or "drop" in request.form:
        return _form(intake_page.with_rows_changed(request.form), {}, 200)
    edge.stay(_again)
    actor, now = edge.actor(), edge.now()
    today = now.astimezone(RULES.tz).date()
    incoming = intake_form.read(intake_page.values(request.form, actor), today, needs_crm_id=False)
    source = "hand" if actor.is_staff else "dealer"
    ticket, _new = take_in(edge.session(), incoming, source=source, actor=actor, now=now)
    return back(ticket.number, _("Ticket %(number)s is entered.", number=ticket.number))


def _again(answer: Answer, error: Exception) -> flask.Response:
    errors = intake_page.at_their_rows(field_errors(error), request.form)
    return _form(request.form, errors, answer.status, [] if errors else [answer.title, *answer.sentences])


def _form(
    typed: MultiDict[str, str], errors: dict[str, list[str]], status: int, problems: list[str] | None = None
) -> flask.Response:
    actor, today = edge.actor(), edge.now().astimezone(RULES.tz).date()
    with edge.parts().database.reading() as session:
        dealers = intake_page.dealers_by_crm_id(session) if actor.is_staff else []
    shown = intake_page.context(typed, errors, actor, dealers, today)
    return page("tickets/new.html", status, **shown, problems=problems or [])


@blueprint.get("/tickets/import")
def import_form() -> ResponseReturnValue:
    """Where a file of tickets is checked and taken in."""
    _may("tickets.import")
    return _import_page(200)


@blueprint.post("/tickets/import")
def import_tickets() -> ResponseReturnValue:
    """Check every row, and with the second button take the file in: whole, or not at all."""
    _may("tickets.import")
    edge.stay(lambda answer, error: _import_page(answer.status, errors=field_errors(error), problems=answer.sentences))
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid([FieldError("file", "required")])
    if request.form.get("then") != "import":
        with edge.parts().database.session(write=True) as session:
            report = import_file(
                session, given.filename, cast(BinaryIO, given.stream), actor=edge.actor(), now=edge.now()
            )
            session.rollback()
        return _import_page(422 if report.errors else 200, report, given.filename)
    report = import_file(
        edge.session(), given.filename, cast(BinaryIO, given.stream), actor=edge.actor(), now=edge.now()
    )
    if report.errors:
        return _import_page(422, report, given.filename)
    flash(ngettext("%(n)s ticket has come in.", "%(n)s tickets have come in.", report.created), "success")
    return redirect(url_for("tickets.index"), 303)


@blueprint.get("/tickets/import/template.xlsx")
def import_template() -> ResponseReturnValue:
    """An empty table with the columns that an import knows."""
    _may("tickets.import")
    table = BytesIO(intake_template(RULES.type_names))
    return send_file(table, mimetype=XLSX, as_attachment=True, download_name="mikroserwis-import.xlsx", max_age=0)


def _import_page(
    status: int,
    report: Report | None = None,
    name: str = "",
    errors: dict[str, list[str]] | None = None,
    problems: list[str] | None = None,
) -> flask.Response:
    wrong = [_row_error(one) for one in report.errors[:SHOWN_ERRORS]] if report else []
    return page(
        "tickets/import.html",
        status,
        action=url_for("tickets.import_tickets"),
        template_url=url_for("tickets.import_template"),
        report=report,
        name=name,
        wrong=wrong,
        errors=errors or {},
        problems=[] if errors else problems or [],
    )


def _row_error(error: RowError) -> dict[str, object]:
    text = field_sentence(FieldError(error.column, error.code, error.params))
    return {"line": error.line, "column": error.column, "text": text}


def _may(permission: str) -> None:
    access.require(permission, access.role_relations(edge.actor()))
