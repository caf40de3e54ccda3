"""Papers made here, and files that come back signed."""

from apiflask.schemas import FileSchema
from flask import Response

from mikroserwis import access, edge
from mikroserwis.errors import FieldError, Invalid
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import documents, queries, uploads
from mikroserwis.tickets.api import inputs, outputs, shown
from mikroserwis.tickets.api.base import FILE, FILES, TICKET, blueprint, load
from mikroserwis.tickets.operations import papers
from mikroserwis.tickets.uploads import Asked, Received, refusal_of_file

BINARY = FileSchema(type="string", format="binary")


class Filed(outputs.FileOut):
    """The first of the papers that were filed, and all of them."""

    papers: list[outputs.FileOut]


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
@blueprint.output(Filed, 201)
@blueprint.doc(
    summary="Upload files: judged by their content, taken apart and filed by the codes on their pages",
    responses={200: "Every paper was there already."},
    tags=FILES,
)
def add_file(number: int, files_data: inputs.UploadForm) -> tuple[Filed, int]:
    """Several papers in one file are filed each under its kind, in the order of their pages; several files that hold
    pages of one paper become one. All are filed or none. The ticket becomes a contract by itself when its last paper
    arrives.
    """
    received = uploads.receive([Asked(files_data.kind, one) for one in files_data.file], number)
    refusals = [batch.refusal for batch in received.batches if batch.refusal is not None]
    if refusals:
        raise refusals[0] if len(refusals) == 1 else _together(received)
    ticket, actor = load(number, "files.add"), edge.actor()
    filed = [
        each
        for batch in received.batches
        for each in papers.attach_all(
            edge.session(), ticket, batch.uploads, kind=batch.kind, actor=actor, now=edge.now()
        )
    ]
    shown_files = [shown.file(file) for file, _known in filed]
    known = all(known for _file, known in filed)
    return Filed(**shown_files[0].model_dump(), papers=shown_files), 200 if known else 201


def _together(received: Received) -> Invalid:
    """What is wrong with each of several files."""
    return Invalid(
        [
            error
            for batch in received.batches
            if batch.refusal is not None
            for error in (
                batch.refusal.errors
                if isinstance(batch.refusal, Invalid)
                else [_fault(received.name(batch.places[0]), batch.refusal)]
            )
        ]
    )


def _fault(name: str, refusal: Exception) -> FieldError:
    return FieldError("file", "file_refused", {"name": name, "why": refusal_of_file(refusal)})


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
