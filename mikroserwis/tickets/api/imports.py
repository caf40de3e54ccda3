"""A file of tickets, looked at before it is taken in."""

from typing import Annotated, Any

from apiflask.fields import UploadFile
from apiflask.schemas import FileSchema
from flask import Response
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment
from mikroserwis.models import ImportDraft
from mikroserwis.scans import XLSX
from mikroserwis.tickets import imported_files
from mikroserwis.tickets.api.base import INTAKE, blueprint
from mikroserwis.tickets.importing.plan import counts
from mikroserwis.tickets.operations import import_drafts
from mikroserwis.tickets.presenting.import_page import error_text

DRAFT = f"/imports/<int(max={2**31 - 1}):draft_id>"


class DraftForm(Body):
    """multipart/form-data"""

    file: UploadFile = Field(description="XLSX or CSV after the template.")


class CellFault(BaseModel):
    line: int
    column: str
    code: str
    message: str


class DraftTicket(BaseModel):
    """`verdict`: new, update, unchanged or bad; `changes` by place as [old, new]."""

    lines: list[int]
    crm_id: str
    company: str
    verdict: str
    changes: dict[str, Annotated[list[str], Field(min_length=2, max_length=2)]]
    errors: list[CellFault]


class DraftOut(BaseModel):
    """`state`: checked, confirmed (being taken in), done, discarded."""

    id: int
    name: str
    state: str
    created_at: Moment
    confirmed_at: Moment | None
    ended_at: Moment | None
    tickets_done: int


class DraftWhole(DraftOut):
    counts: dict[str, int]
    tickets: list[DraftTicket]


class Drafts(BaseModel):
    items: list[DraftOut]


@blueprint.post("/imports")
@blueprint.input(DraftForm, location="files")
@blueprint.output(DraftWhole, 201)
@blueprint.doc(summary="A file of tickets to be looked at: what it would do, nothing written (staff)", tags=INTAKE)
def add_import(files_data: DraftForm) -> tuple[DraftWhole, int]:
    """What is good in it is taken in by its confirmation."""
    return _whole(imported_files.bring(files_data.file)), 201


@blueprint.get("/imports")
@blueprint.output(Drafts)
@blueprint.doc(summary="Your newest files of tickets (staff)", tags=INTAKE)
def list_imports() -> Drafts:
    """Without what they hold."""
    edge.require("tickets.import")
    return Drafts(items=[DraftOut(**_plain(one)) for one in import_drafts.recent(edge.session(), edge.actor())])


@blueprint.get(DRAFT)
@blueprint.output(DraftWhole)
@blueprint.doc(summary="Each ticket of your file as it would be, or as it has become (staff)", tags=INTAKE)
def show_import(draft_id: int) -> DraftWhole:
    """The first `tickets_done` of them have been carried out."""
    return _whole(_load(draft_id))


@blueprint.post(f"{DRAFT}/confirmation")
@blueprint.output(DraftOut, 202)
@blueprint.doc(summary="Take in what is good in your file, in the background (staff)", tags=INTAKE)
def confirm_import(draft_id: int) -> tuple[DraftOut, int]:
    """Again changes nothing; 409 where there is nothing to take in or the file was discarded."""
    draft = _load(draft_id)
    import_drafts.confirm(draft, now=edge.now())
    return DraftOut(**_plain(draft)), 202


@blueprint.delete(DRAFT)
@blueprint.output({}, 204)
@blueprint.doc(summary="Discard your file (staff)", tags=INTAKE)
def discard_import(draft_id: int) -> tuple[str, int]:
    """409 once it is being taken in."""
    import_drafts.discard(_load(draft_id), now=edge.now())
    return "", 204


@blueprint.get(f"{DRAFT}/bad-rows.xlsx")
@blueprint.output(FileSchema(type="string", format="binary"), content_type=XLSX, description="The sheet.")
@blueprint.doc(summary="The rows of your file that were left out, to be mended and sent again (staff)", tags=INTAKE)
def import_bad_rows(draft_id: int) -> Response:
    """With a column that says what is wrong."""
    return imported_files.to_mend(_load(draft_id))


def _load(draft_id: int) -> ImportDraft:
    return import_drafts.load(edge.session(), edge.actor(), draft_id)


def _plain(draft: ImportDraft) -> dict[str, Any]:
    names = ("id", "name", "state", "created_at", "confirmed_at", "ended_at", "tickets_done")
    return {name: getattr(draft, name) for name in names}


def _whole(draft: ImportDraft) -> DraftWhole:
    every = import_drafts.entries(draft)
    return DraftWhole(
        **_plain(draft), counts=counts(one["verdict"] for one in every), tickets=[_ticket(one) for one in every]
    )


def _ticket(entry: dict[str, Any]) -> DraftTicket:
    return DraftTicket(
        **{name: entry[name] for name in ("lines", "crm_id", "company", "verdict", "changes")},
        errors=[
            CellFault(line=line, column=column, code=code, message=error_text(column, code, params))
            for line, column, code, params in entry["errors"]
        ],
    )
