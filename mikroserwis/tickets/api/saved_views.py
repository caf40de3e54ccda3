"""A person's own views of the list."""

from typing import Annotated

from flask import url_for
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment, Whole
from mikroserwis.models import SavedView
from mikroserwis.tickets.api.base import blueprint
from mikroserwis.tickets.operations import saved_views
from mikroserwis.tickets.operations.saved_views import LONGEST_NAME
from mikroserwis.tickets.wanted import LONGEST_QUERY, from_query

VIEW = f"/views/<int(max={2**31 - 1}):view_id>"
TAG = ["Own views"]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, examples=["Insoft w Radomiu"])]
Query = Annotated[
    str,
    Field(
        max_length=LONGEST_QUERY,
        examples=["type=insoft&city=Radom&sort=due"],
        description="The list's query: filters, q, view, sort, size. What the list doesn't know is left out.",
    ),
]


class NewView(Body):
    name: Name
    query: Query = ""
    is_default: bool = Field(False, strict=True, description="The list on screen opens with it.")


class ViewChange(Body):
    """What is left out stays."""

    name: Name | None = None
    query: Query | None = None
    is_default: bool | None = Field(None, strict=True)
    version: Whole | None = Field(None, description="As it was read: 409 if it was changed since. Optional.")


class ViewOut(BaseModel):
    id: int
    name: str
    query: str = Field(description="Send it to GET /tickets.")
    is_default: bool
    created_at: Moment
    version: int
    url: str = Field(description="Where the list shows it on screen.")


class Views(BaseModel):
    items: list[ViewOut]


@blueprint.get("/views")
@blueprint.output(Views)
@blueprint.doc(summary="The asker's own views of the list, by name", tags=TAG)
def views() -> Views:
    """Nobody sees another's."""
    edge.require("views.own")
    return Views(items=[_out(one) for one in saved_views.own_views(edge.session(), edge.actor())])


@blueprint.post("/views")
@blueprint.input(NewView)
@blueprint.output(ViewOut, 201)
@blueprint.doc(summary="Keep filters, search, order and page size under a name", tags=TAG)
def save_view(json_data: NewView) -> ViewOut:
    """Names are unique for each person, whatever their case and accents."""
    given = json_data.model_dump()
    return _out(saved_views.save_view(edge.session(), **given, actor=edge.actor(), now=edge.now()))


@blueprint.patch(VIEW)
@blueprint.input(ViewChange)
@blueprint.output(ViewOut)
@blueprint.doc(summary="Another name, other filters, or the list opens with it", tags=TAG)
def change_view(view_id: int, json_data: ViewChange) -> ViewOut:
    """The list opens with one view at most."""
    view = saved_views.own_view(edge.session(), edge.actor(), view_id)
    given = json_data.model_dump()
    return _out(saved_views.change_view(edge.session(), view, **given, actor=edge.actor(), now=edge.now()))


@blueprint.delete(VIEW)
@blueprint.output({}, 204)
@blueprint.doc(summary="Remove a view; no ticket is touched", tags=TAG)
def remove_view(view_id: int) -> str:
    """The list opens plainly again if it opened with this one."""
    view = saved_views.own_view(edge.session(), edge.actor(), view_id)
    saved_views.remove_view(edge.session(), view, actor=edge.actor(), now=edge.now())
    return ""


def _out(view: SavedView) -> ViewOut:
    return ViewOut(
        id=view.id,
        name=view.name,
        query=view.query,
        is_default=view.is_default,
        created_at=view.created_at,
        version=view.version,
        url=url_for("tickets.index", **from_query(view.query).arguments(saved=view.id)),
    )
