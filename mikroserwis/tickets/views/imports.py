"""A file of tickets: brought, looked at ticket by ticket, taken in or discarded; what must be mended as a file."""

from io import BytesIO

import flask
from flask import flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from exports.sheets import intake_template
from mikroserwis import edge
from mikroserwis.i18n import gettext as _
from mikroserwis.models import ImportDraft
from mikroserwis.rulebook import RULES
from mikroserwis.scans import XLSX
from mikroserwis.tickets import imported_files
from mikroserwis.tickets.operations import import_drafts
from mikroserwis.tickets.presenting import import_page
from mikroserwis.tickets.views.base import blueprint, field_errors, page

DRAFT = f"/tickets/imports/<int(max={2**31 - 1}):draft_id>"


@blueprint.get("/tickets/import")
def import_form() -> ResponseReturnValue:
    """Where a file of tickets is brought."""
    _may()
    return _form(200)


@blueprint.post("/tickets/import")
def import_tickets() -> ResponseReturnValue:
    """Keep the file and show what it would do; no ticket is written yet."""
    _may()
    edge.stay(lambda answer, error: _form(answer.status, field_errors(error), answer.sentences))
    draft = imported_files.bring(request.files.get("file"))
    return redirect(url_for("tickets.import_draft", draft_id=draft.id), 303)


@blueprint.get("/tickets/import/template.xlsx")
def import_template() -> ResponseReturnValue:
    """An empty table with the columns that an import knows."""
    _may()
    table = BytesIO(intake_template(RULES.type_names))
    return send_file(table, mimetype=XLSX, as_attachment=True, download_name="mikroserwis-import.xlsx", max_age=0)


@blueprint.get(DRAFT)
def import_draft(draft_id: int) -> ResponseReturnValue:
    """Each ticket of the file as it would be, or as it has become."""
    return _draft(_load(draft_id), 200)


@blueprint.post(f"{DRAFT}/confirmation")
def confirm_import(draft_id: int) -> ResponseReturnValue:
    """What is good in the file is taken in, in the background."""
    draft = _load(draft_id)
    edge.stay(lambda answer, _error: _draft(_read(draft_id), answer.status, answer.sentences))
    import_drafts.confirm(draft, now=edge.now())
    return redirect(url_for("tickets.import_draft", draft_id=draft_id), 303)


@blueprint.post(f"{DRAFT}/discarding")
def discard_import(draft_id: int) -> ResponseReturnValue:
    """Nothing of the file is taken in."""
    draft = _load(draft_id)
    edge.stay(lambda answer, _error: _draft(_read(draft_id), answer.status, answer.sentences))
    import_drafts.discard(draft, now=edge.now())
    flash(_("The file has been discarded. Nothing was written."), "success")
    return redirect(url_for("tickets.import_form"), 303)


@blueprint.get(f"{DRAFT}/bad-rows.xlsx")
def bad_rows(draft_id: int) -> ResponseReturnValue:
    """The rows that were left out, to be mended and brought again."""
    return imported_files.to_mend(_load(draft_id))


def _may() -> None:
    edge.require("tickets.import")


def _load(draft_id: int) -> ImportDraft:
    return import_drafts.load(edge.session(), edge.actor(), draft_id)


def _read(draft_id: int) -> ImportDraft:
    with edge.parts().database.reading() as session:
        return import_drafts.load(session, edge.actor(), draft_id)


def _draft(draft: ImportDraft, status: int, problems: list[str] | None = None) -> flask.Response:
    number = request.args.get("page", "1")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    shown = import_page.context(draft, request.args.get("show", ""), at)
    return page("tickets/import_draft.html", status, **shown, problems=problems or [])


def _form(status: int, errors: dict[str, list[str]] | None = None, problems: list[str] | None = None) -> flask.Response:
    with edge.parts().database.reading() as session:
        drafts = import_page.recent(import_drafts.recent(session, edge.actor()))
    return page(
        "tickets/import.html",
        status,
        action=url_for("tickets.import_tickets"),
        template_url=url_for("tickets.import_template"),
        drafts=drafts,
        errors=errors or {},
        problems=[] if errors else problems or [],
    )
