"""Forms of papers for programs, for admins."""

from io import BytesIO
from typing import Annotated

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from apiflask.schemas import FileSchema
from flask import Response, send_file
from pydantic import BaseModel, Field

from exports import forms
from mikroserwis import access, edge, file_answers
from mikroserwis.bodies import Body, Moment, read_body
from mikroserwis.form_words import problem_sentence
from mikroserwis.models import PaperForm
from mikroserwis.paper_forms import files, operations, queries
from mikroserwis.paper_forms.presenting import meaning
from mikroserwis.printing import PAPERS
from mikroserwis.scans import DOCX, PDF

blueprint = APIBlueprint("paper_forms_api", __name__, url_prefix="/api/v1", tag="Paper forms")
PAPER = f"/paper-forms/<any({', '.join(PAPERS)}):paper>"
FORM = f"{PAPER}/versions/<int(max={2**31 - 1}):form_number>"
BINARY = FileSchema(type="string", format="binary")


@blueprint.before_request
def _admins_only() -> None:
    edge.require("paper_forms.manage")


blueprint.before_request(read_body)


class FormUpload(Body):
    """multipart/form-data"""

    file: UploadFile = Field(description="A DOCX of at most 5 MB with the placeholders of this paper.")
    remark: str = Field("", max_length=operations.LONGEST_REMARK)


class FormInForce(Body):
    instead_of: Annotated[int, Field(strict=True, ge=0, le=2**31 - 1)] | None = Field(
        None, description="The version in force as it was read, 0 for the shipped form: 409 if it changed. Optional."
    )


class FormVersion(BaseModel):
    """`warnings`: what of the file isn't printed as it stands in Word; told when it is uploaded."""

    number: int
    name: str
    size: int = Field(description="Bytes.")
    remark: str
    in_force: bool
    uploaded_at: Moment
    uploaded_by: str
    put_in_force_at: Moment | None
    put_in_force_by: str | None
    warnings: list[str] = []


class PlaceholderOut(BaseModel):
    """`kind`: block (alone in a paragraph), value, fact (for if), or the name of a list (a field of its items)."""

    name: str
    kind: str
    meaning: str
    required: bool


class PaperLine(BaseModel):
    """`in_force`: the version's number, 0 for the shipped form."""

    paper: str
    in_force: int


class Papers(BaseModel):
    items: list[PaperLine]


class PaperOut(PaperLine):
    versions: list[FormVersion]
    placeholders: list[PlaceholderOut]


class Trial(BaseModel):
    ticket: int = Field(ge=1, le=2**53 - 1, description="The ticket's number.")


@blueprint.get("/paper-forms")
@blueprint.output(Papers)
@blueprint.doc(summary="The papers whose form can be replaced, with the version in force")
def paper_forms() -> Papers:
    """Staff only."""
    present = queries.all_in_force(edge.session())
    return Papers(items=[PaperLine(paper=one, in_force=_number(present.get(one))) for one in PAPERS])


@blueprint.get(PAPER)
@blueprint.output(PaperOut)
@blueprint.doc(summary="A paper's versions, the newest first, and the placeholders that a form may say")
def paper_form(paper: str) -> PaperOut:
    """Required placeholders have to be printed for every ticket."""
    return _paper(paper)


@blueprint.get(f"{PAPER}/shipped")
@blueprint.output(BINARY, content_type=DOCX, description="The DOCX.")
@blueprint.doc(summary="The shipped form, to be changed in Word")
def shipped_form(paper: str) -> Response:
    """Filled, it says what the shipped paper says."""
    return _download(forms.shipped(paper), DOCX, f"{paper}-wzor.docx")


@blueprint.post(f"{PAPER}/versions")
@blueprint.input(FormUpload, location="files")
@blueprint.output(FormVersion, 201)
@blueprint.doc(
    summary="Upload a form: checked, kept as a new version, not in force yet",
    responses={200: "The newest version is this file already."},
)
def add_form(paper: str, files_data: FormUpload) -> tuple[FormVersion, int]:
    """422 names each problem with its place."""
    upload, warnings = files.receive(files_data.file, paper)
    session, actor = edge.session(), edge.actor()
    form, known = operations.add(session, paper, upload, files_data.remark, actor=actor, now=edge.now())
    return _version(form, [problem_sentence(one) for one in warnings]), 200 if known else 201


@blueprint.get(f"{FORM}/content")
@blueprint.output(BINARY, content_type=DOCX, description="The DOCX.")
@blueprint.doc(summary="A version as it was uploaded")
def form_content(paper: str, form_number: int) -> Response:
    """Under its own name."""
    form = queries.load(edge.session(), paper, form_number)
    return file_answers.serve(form.sha256, form.name, DOCX, inline=False)


@blueprint.get(f"{FORM}/trial.<any(pdf, docx):suffix>")
@blueprint.input(Trial, location="query")
@blueprint.output(BINARY, content_type="application/octet-stream", description="The paper, marked as a trial.")
@blueprint.doc(summary="The paper of a real ticket on this version, not to be signed")
def form_trial(paper: str, form_number: int, suffix: str, query_data: Trial) -> Response:
    """409 names what can't be filled, and where. A quote is tried with made-up lines."""
    session, actor = edge.session(), edge.actor()
    form = queries.load(session, paper, form_number)
    ticket = access.ticket(session, actor, query_data.ticket, "documents.make")
    content_type = PDF if suffix == "pdf" else DOCX
    return _download(files.trial(paper, form, ticket, suffix), content_type, f"{paper}-podglad.{suffix}")


@blueprint.post(f"{FORM}/in-force")
@blueprint.input(FormInForce)
@blueprint.output(PaperOut)
@blueprint.doc(summary="Put a version in force: papers are made on it from now on")
def put_form_in_force(paper: str, form_number: int, json_data: FormInForce) -> PaperOut:
    """An older one too. 422 if it says what a form may not say any more."""
    with edge.parts().database.reading() as reading:
        files.refuse(files.recheck(queries.load(reading, paper, form_number)))
    session, actor = edge.session(), edge.actor()
    form = queries.load(session, paper, form_number)
    operations.put_in_force(session, form, instead_of=json_data.instead_of, actor=actor, now=edge.now())
    return _paper(paper)


@blueprint.delete(f"{PAPER}/in-force")
@blueprint.output(PaperOut)
@blueprint.doc(summary="Back to the shipped form; the versions stay")
def back_to_shipped_form(paper: str) -> PaperOut:
    """Done already: nothing happens."""
    operations.back_to_shipped(edge.session(), paper, instead_of=None, actor=edge.actor(), now=edge.now())
    return _paper(paper)


def _paper(paper: str) -> PaperOut:
    words, kept = forms.VOCABULARIES[paper], queries.versions(edge.session(), paper)
    kinds = {"block": words.blocks, "value": words.values, "fact": words.facts, **words.lists}
    return PaperOut(
        paper=paper,
        in_force=_number(next((one for one in kept if one.in_force), None)),
        versions=[_version(one) for one in kept],
        placeholders=[
            PlaceholderOut(name=one.name, kind=kind, meaning=meaning(one), required=one.required)
            for kind, group in kinds.items()
            for one in group
        ],
    )


def _version(form: PaperForm, warnings: list[str] | None = None) -> FormVersion:
    return FormVersion(
        number=form.number,
        name=form.name,
        size=form.size,
        remark=form.remark,
        in_force=form.in_force,
        uploaded_at=form.uploaded_at,
        uploaded_by=form.uploaded_by,
        put_in_force_at=form.put_in_force_at,
        put_in_force_by=form.put_in_force_by,
        warnings=warnings or [],
    )


def _number(form: PaperForm | None) -> int:
    return form.number if form else 0


def _download(content: bytes, content_type: str, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=content_type, as_attachment=True, download_name=name, max_age=0)
