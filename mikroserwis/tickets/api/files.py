"""Papers made here, and files that come back signed."""

from apiflask.schemas import FileSchema
from flask import Response

from mikroserwis import access, edge
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import documents, queries, uploads
from mikroserwis.tickets.api import inputs, outputs, shown
from mikroserwis.tickets.api.base import FILE, FILES, TICKET, blueprint, load
from mikroserwis.tickets.operations import papers

BINARY = FileSchema(type="string", format="binary")


@blueprint.get(f"{TICKET}/documents/<any({', '.join(repr(name) for name in documents.NAMES)}):name>")
@blueprint.output(BINARY, content_type="application/octet-stream", description="The finished paper.")
@blueprint.doc(summary="Contract and power of attorney, filled in, ready to print and sign", tags=FILES)
def document(number: int, name: str) -> Response:
    """409 with what is missing until the company is confirmed."""
    ticket = load(number, "documents.make")
    return documents.make(ticket, name, edge.now().astimezone(RULES.tz).date()).answer()


@blueprint.get(f"{TICKET}/files")
@blueprint.output(outputs.Files)
@blueprint.doc(summary="Every file, newest first; replaced and rejected ones too", tags=FILES)
def files(number: int) -> outputs.Files:
    """A dealer sees those of its own tenure."""
    ticket = load(number, "files.see")
    return outputs.Files(items=[shown.file(one) for one in queries.files(edge.session(), ticket, edge.actor())])


@blueprint.post(f"{TICKET}/files")
@blueprint.input(inputs.UploadForm, location="files")
@blueprint.output(outputs.FileOut, 201)
@blueprint.doc(
    summary="Upload a file: judged by its content, filed by the codes on its pages",
    responses={200: "The same file was there already."},
    tags=FILES,
)
def add_file(number: int, files_data: inputs.UploadForm) -> tuple[outputs.FileOut, int]:
    """The ticket becomes a contract by itself when its last paper arrives."""
    upload = uploads.receive(files_data.file, number, kind=files_data.kind)
    ticket, actor = load(number, "files.add"), edge.actor()
    file, known = papers.attach(edge.session(), ticket, upload, kind=files_data.kind, actor=actor, now=edge.now())
    return shown.file(file), 200 if known else 201


@blueprint.get(f"{FILE}/content")
@blueprint.output(BINARY, content_type="application/octet-stream", description="The bytes as they were uploaded.")
@blueprint.doc(summary="A file's bytes", tags=FILES)
def content(file_id: int) -> Response:
    """With the file's own type and name."""
    file, _ticket = access.file(edge.session(), edge.actor(), file_id, "files.see")
    return uploads.serve(file, inline=False)


@blueprint.post(f"{FILE}/rejection")
@blueprint.input(inputs.Reason)
@blueprint.output(outputs.FileOut)
@blueprint.doc(summary="Reject a paper, with a reason; the dealer is asked for a new scan (staff)", tags=FILES)
def reject_file(file_id: int, json_data: inputs.Reason) -> outputs.FileOut:
    """The file stays in the history."""
    session, actor = edge.session(), edge.actor()
    file, ticket = access.file(session, actor, file_id, "files.reject")
    papers.reject(session, ticket, file, json_data.reason, actor=actor, now=edge.now())
    return shown.file(file)
