"""The list of tickets."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.tickets import sheet as sheets
from mikroserwis.tickets import wanted
from mikroserwis.tickets.presenting import list_page
from mikroserwis.tickets.views.base import blueprint


@blueprint.get("/tickets")
def index() -> ResponseReturnValue:
    """What the actor may see, as the address asks for it."""
    actor = edge.actor()
    access.require("tickets.list", access.role_relations(actor))
    asked = wanted.read(request.args)
    return render_template("tickets/list.html", **list_page.context(edge.session(), asked, actor, edge.now()))


@blueprint.get("/tickets.xlsx")
def sheet() -> ResponseReturnValue:
    """The same list as a file."""
    actor = edge.actor()
    access.require("tickets.list", access.role_relations(actor))
    return sheets.answer(edge.session(), wanted.read(request.args), actor, edge.now())
