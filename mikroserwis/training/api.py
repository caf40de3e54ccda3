"""The training material for programs."""

from typing import Any, Literal

from apiflask import APIBlueprint
from apiflask.fields import UploadFile
from apiflask.schemas import FileSchema
from flask import Response
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment, read_body
from mikroserwis.models import Material
from mikroserwis.rulebook import RULES
from mikroserwis.training import files, forms, operations, presenting, queries
from mikroserwis.training.forms import LENGTHS
from mikroserwis.training.queries import Shown

blueprint = APIBlueprint("training_api", __name__, url_prefix="/api/v1", tag="Training material")
blueprint.before_request(read_body)

MATERIAL = f"/materials/<int(max={2**31 - 1}):material_id>"
BINARY = FileSchema(type="string", format="binary")


class MaterialForm(Body):
    """multipart/form-data"""

    kind: Literal["text", "link", "pdf"]
    title: str = Field(min_length=1, max_length=LENGTHS["title"])
    summary: str = Field("", max_length=LENGTHS["summary"])
    types: str = Field("", max_length=1000, description="Types of tickets, divided by spaces; empty: all.")
    text: str = Field("", max_length=LENGTHS["text"], description="For a text.")
    url: str = Field("", max_length=LENGTHS["url"], description="For a link: an address that begins with https://.")
    published: bool = Field(True, description="A draft is seen by staff alone.")
    file: UploadFile | None = Field(None, description="For a PDF; left out of a change, the present one stays.")

    def content(self, known: set[str]) -> forms.Content:
        values = {name: getattr(self, name) for name in ("kind", *LENGTHS)}
        return forms.read(values, self.types.split(), known, published=self.published)


class MaterialChange(MaterialForm):
    """multipart/form-data; all of it is written anew."""

    renew: bool = Field(False, description="It is new to everybody again.")
    version: int | None = Field(
        None, ge=0, le=2**53 - 1, description="As it was read: 409 if it was changed since. Optional."
    )


class Move(Body):
    direction: Literal["up", "down"]


class Publication(Body):
    published: bool = Field(strict=True)


class FileLine(BaseModel):
    name: str
    size: int = Field(description="Bytes.")
    pages: int


class MaterialOut(BaseModel):
    """`is_new`: not opened by the asker since `renewed_at`."""

    id: int
    kind: str
    title: str
    summary: str
    types: list[str]
    text: str
    url: str
    file: FileLine | None
    published: bool
    is_new: bool
    renewed_at: Moment
    version: int


class Materials(BaseModel):
    items: list[MaterialOut]


@blueprint.get("/materials")
@blueprint.output(Materials)
@blueprint.doc(summary="The training material that the asker reads, in its order; staff see drafts too")
def materials() -> Materials:
    """A dealer reads what is for all types or for one that it is certified for."""
    edge.require("training.see")
    return _all()


@blueprint.get(MATERIAL)
@blueprint.output(MaterialOut)
@blueprint.doc(summary="One material; reading it here doesn't open it")
def material(material_id: int) -> MaterialOut:
    """As it is now."""
    return _shown(_load(material_id, "training.see"))


@blueprint.get(f"{MATERIAL}/content")
@blueprint.output(BINARY, content_type="application/pdf", description="The PDF.")
@blueprint.doc(summary="The PDF of a material")
def material_content(material_id: int) -> Response:
    """404 for a text or a link."""
    return files.serve(_load(material_id, "training.see"), inline=False)


@blueprint.post(f"{MATERIAL}/opening")
@blueprint.output(MaterialOut)
@blueprint.doc(summary="Say that the asker has opened it: it is no longer new")
def open_material(material_id: int) -> MaterialOut:
    """Once or more often."""
    found = _load(material_id, "training.see")
    operations.open_material(edge.session(), found, actor=edge.actor(), now=edge.now())
    return _shown(found)


@blueprint.post("/materials")
@blueprint.input(MaterialForm, location="files")
@blueprint.output(MaterialOut, 201)
@blueprint.doc(summary="Write a material (staff)")
def add_material(files_data: MaterialForm) -> MaterialOut:
    """It stands on top of the others."""
    edge.require("training.manage")
    content, pdf = files_data.content(set(RULES.type_names)), files.receive(files_data.file)
    made = operations.add_material(edge.session(), content, pdf, actor=edge.actor(), now=edge.now())
    return _shown(made)


@blueprint.put(MATERIAL)
@blueprint.input(MaterialChange, location="files")
@blueprint.output(MaterialOut)
@blueprint.doc(summary="Write a material anew (staff)")
def change_material(material_id: int, files_data: MaterialChange) -> MaterialOut:
    """What it said before stays in the history."""
    with edge.parts().database.reading() as reading:
        there = queries.load(reading, edge.actor(), material_id, "training.manage")
    content = files_data.content({*RULES.type_names, *(one.type for one in there.types)})
    pdf = files.receive(files_data.file)
    found, renew, version = _load(material_id, "training.manage"), files_data.renew, files_data.version
    operations.change_material(
        edge.session(), found, content, pdf, renew=renew, version=version, actor=edge.actor(), now=edge.now()
    )
    return _shown(found)


@blueprint.put(f"{MATERIAL}/position")
@blueprint.input(Move)
@blueprint.output(Materials)
@blueprint.doc(summary="Move a material one place up or down (staff)")
def move_material(material_id: int, json_data: Move) -> Materials:
    """The answer is all of them in their new order."""
    found = _load(material_id, "training.manage")
    operations.move_material(edge.session(), found, up=json_data.direction == "up", actor=edge.actor(), now=edge.now())
    edge.session().expire_all()
    return _all()


@blueprint.put(f"{MATERIAL}/publication")
@blueprint.input(Publication)
@blueprint.output(MaterialOut)
@blueprint.doc(summary="Publish a material, or make it a draft (staff)")
def publish_material(material_id: int, json_data: Publication) -> MaterialOut:
    """Published, it is new to everybody."""
    found = _load(material_id, "training.manage")
    published = json_data.published
    operations.publish_material(edge.session(), found, published=published, actor=edge.actor(), now=edge.now())
    return _shown(found)


@blueprint.delete(MATERIAL)
@blueprint.output({}, 204)
@blueprint.doc(summary="Remove a material (master); what it said stays in the history")
def remove_material(material_id: int) -> str:
    """Asked for twice, it is done once."""
    found = queries.load(edge.session(), edge.actor(), material_id, "training.delete", removed=True)
    operations.remove_material(edge.session(), found, actor=edge.actor(), now=edge.now())
    return ""


def _all() -> Materials:
    session, actor = edge.session(), edge.actor()
    found = queries.materials(session, actor)
    if queries.keeps(actor):
        new = {one.material.id for one in found if one.is_new}
        found = [Shown(one, one.id in new) for one in queries.kept(session)]
    return Materials(items=[_out(one) for one in found])


def _load(material_id: int, permission: str) -> Material:
    return queries.load(edge.session(), edge.actor(), material_id, permission)


def _shown(of: Material) -> MaterialOut:
    edge.session().flush()
    return _out(Shown(of, queries.is_new(edge.session(), edge.actor(), of)))


def _out(shown: Shown) -> MaterialOut:
    of = shown.material
    names = ("id", "kind", "title", "summary", "text", "url", "published", "renewed_at", "version")
    values: dict[str, Any] = {name: getattr(of, name) for name in names}
    file = FileLine(name=of.file_name or "", size=of.size or 0, pages=of.pages or 0) if of.sha256 else None
    return MaterialOut(**values, types=presenting.type_names(of), file=file, is_new=shown.is_new)
