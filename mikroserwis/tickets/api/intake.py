"""Tickets coming in: one by one from the CRM or a dealer, or a file of them."""

from io import BytesIO
from typing import BinaryIO, cast

from apiflask.schemas import FileSchema
from flask import Response, jsonify, send_file

from exports.sheets import intake_template
from mikroserwis import access, edge
from mikroserwis.errors import FieldError
from mikroserwis.i18n import gettext as _
from mikroserwis.rulebook import RULES
from mikroserwis.scans import XLSX
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.api import inputs, outputs, shown
from mikroserwis.tickets.api.base import INTAKE, TICKETS, blueprint, load
from mikroserwis.tickets.operations import imports
from mikroserwis.tickets.operations.intake import create
from mikroserwis.tickets.wording import field_sentence


@blueprint.post("/tickets")
@blueprint.input(inputs.NewTicket)
@blueprint.output(outputs.TicketOut, 201)
@blueprint.doc(
    summary="A new ticket; the same intake again changes nothing",
    responses={200: "It was there already, the same."},
    tags=TICKETS,
)
def add_ticket(json_data: inputs.NewTicket) -> tuple[outputs.TicketOut, int]:
    """Once per CRM id; 409 number_taken for a known CRM id with other data. A dealer's are those it acquired itself."""
    session, actor, now = edge.session(), edge.actor(), edge.now()
    access.require("tickets.create", access.role_relations(actor))
    values = json_data.model_dump(exclude_none=True)
    incoming = intake_form.read(values, now.astimezone(RULES.tz).date(), needs_crm_id=not actor.is_dealer)
    ticket, new = create(session, incoming, source="api", actor=actor, now=now)
    return shown.ticket(session, load(ticket.number, "ticket.see"), actor, now), 201 if new else 200


@blueprint.post("/tickets/import")
@blueprint.input(inputs.ImportForm, location="files")
@blueprint.output(outputs.ImportOut)
@blueprint.doc(summary="A file of tickets, taken whole or not at all; 422 names each wrong cell (staff)", tags=INTAKE)
def import_tickets(files_data: inputs.ImportForm) -> outputs.ImportOut | Response:
    """With `dry_run` only checked."""
    session, actor = edge.session(), edge.actor()
    access.require("tickets.import", access.role_relations(actor))
    file, dry_run = files_data.file, files_data.dry_run
    content = cast(BinaryIO, file.stream)
    report = imports.import_file(session, file.filename or "", content, actor=actor, now=edge.now(), dry_run=dry_run)
    if report.errors:
        session.rollback()
    if report.errors:
        return _refused(report)
    return outputs.ImportOut(
        dry_run=dry_run,
        created=report.created,
        updated=report.updated,
        unchanged=report.unchanged,
        subtickets=report.subtickets,
        errors=[],
    )


@blueprint.get("/tickets/import-template.xlsx")
@blueprint.output(FileSchema(type="string", format="binary"), content_type=XLSX, description="The sheet.")
@blueprint.doc(summary="The empty sheet for the import (staff)", tags=INTAKE)
def import_template() -> Response:
    """With each column explained."""
    edge.require("tickets.import")
    sheet = BytesIO(intake_template(RULES.type_names))
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name="import.xlsx", max_age=0)


def _refused(report: imports.Report) -> Response:
    """problem+json with the line and column of everything that is wrong."""
    title = _("Something in the file needs mending")
    errors = [
        {
            "line": one.line,
            "column": one.column,
            "code": one.code,
            "message": field_sentence(FieldError(one.column, one.code, one.params)),
        }
        for one in report.errors
    ]
    response = jsonify(
        type="urn:mikroserwis:invalid", title=title, status=422, code="invalid", detail=title, errors=errors
    )
    response.status_code, response.content_type = 422, "application/problem+json"
    return response
