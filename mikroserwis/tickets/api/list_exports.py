"""Lists made in the background, for a program to ask for, watch and fetch."""

from typing import Annotated, Any

from apiflask.schemas import FileSchema
from flask import Response
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment
from mikroserwis.models import ListExport
from mikroserwis.tickets import sheet
from mikroserwis.tickets.api.base import blueprint
from mikroserwis.tickets.operations import list_exports
from mikroserwis.tickets.presenting.list_exports import failure_words
from mikroserwis.tickets.wanted import from_query

EXPORTS = ["Exports of the list"]
EXPORT = f"/exports/<int(max={2**31 - 1}):export_id>"


class ExportOrder(Body):
    query: Annotated[str, Field(max_length=4000)] = Field(
        "", description="What GET /tickets takes after its question mark.", examples=["state=open&sort=company"]
    )


class ExportOut(BaseModel):
    """`state`: queued, running, done, failed or cancelled."""

    id: int
    state: str
    query: str
    rows_total: int | None
    rows_done: int
    created_at: Moment
    ended_at: Moment | None
    expires_at: Moment | None
    name: str | None
    size: int | None
    failure: str | None
    failure_message: str


class Exports(BaseModel):
    items: list[ExportOut]


@blueprint.get("/exports")
@blueprint.output(Exports)
@blueprint.doc(summary="One's own exports of the list, newest first", tags=EXPORTS)
def exports() -> Exports:
    """Nobody sees another's."""
    return Exports(items=[_out(one) for one in list_exports.own(edge.session(), edge.actor(), edge.now())])


@blueprint.post("/exports")
@blueprint.input(ExportOrder)
@blueprint.output(ExportOut, 201)
@blueprint.doc(summary="Ask for the list as XLSX, as filtered and sorted, however long it is", tags=EXPORTS)
def start_export(json_data: ExportOrder) -> ExportOut:
    """It is made in the background. 409 while too many of one's own are under way or kept."""
    wanted = from_query(json_data.query)
    return _out(list_exports.order(edge.session(), wanted, actor=edge.actor(), now=edge.now()))


@blueprint.get(EXPORT)
@blueprint.output(ExportOut)
@blueprint.doc(summary="How far an export is", tags=EXPORTS)
def export(export_id: int) -> ExportOut:
    """`rows_total` is known once it has begun."""
    return _out(_load(export_id))


@blueprint.get(f"{EXPORT}/file")
@blueprint.output(FileSchema(type="string", format="binary"), content_type=sheet.XLSX, description="The sheet.")
@blueprint.doc(summary="The finished file", tags=EXPORTS)
def export_file(export_id: int) -> Response:
    """409 until it is done."""
    return sheet.stored(_load(export_id))


@blueprint.post(f"{EXPORT}/cancellation")
@blueprint.output(ExportOut)
@blueprint.doc(summary="Stop an export", tags=EXPORTS)
def cancel_export(export_id: int) -> ExportOut:
    """One that has ended stays as it is."""
    found = _load(export_id)
    list_exports.cancel(found, now=edge.now())
    return _out(found)


@blueprint.post(f"{EXPORT}/retry")
@blueprint.output(ExportOut)
@blueprint.doc(summary="Make an export anew that failed or was cancelled", tags=EXPORTS)
def retry_export(export_id: int) -> ExportOut:
    """Any other stays as it is."""
    found = _load(export_id)
    list_exports.again(edge.session(), found, actor=edge.actor(), now=edge.now())
    return _out(found)


@blueprint.delete(EXPORT)
@blueprint.output({}, 204)
@blueprint.doc(summary="Remove an export and its file", tags=EXPORTS)
def remove_export(export_id: int) -> tuple[str, int]:
    """One that is under way is stopped first."""
    list_exports.remove(_load(export_id), now=edge.now())
    return "", 204


def _load(export_id: int) -> ListExport:
    return list_exports.load(edge.session(), edge.actor(), export_id, edge.now())


def _out(of: ListExport) -> ExportOut:
    values: dict[str, Any] = {name: getattr(of, name) for name in ExportOut.model_fields if name != "failure_message"}
    return ExportOut(**values, failure_message=failure_words(of))
