"""The list of tickets."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge
from mikroserwis.tickets import sheet as sheets
from mikroserwis.tickets import wanted
from mikroserwis.tickets.operations.saved_views import own_views as views_of
from mikroserwis.tickets.presenting import list_page, own_views
from mikroserwis.tickets.views.base import blueprint


@blueprint.get("/tickets")
def index() -> ResponseReturnValue:
    """What the actor may see, as the address asks for it; one that asks for nothing opens the own view, if any."""
    session, actor = edge.session(), edge.actor()
    access.require("tickets.list", access.role_relations(actor))
    own = own_views.look(session, views_of(session, actor), wanted.read(request.args), actor)
    if own.default and not request.query_string:
        return redirect(own_views.address(own.default))
    return render_template("tickets/list.html", **list_page.context(session, own, actor, edge.now()))


@blueprint.get("/tickets.xlsx")
def sheet() -> ResponseReturnValue:
    """The same list as a file."""
    actor = edge.actor()
    access.require("tickets.list", access.role_relations(actor))
    most = edge.parts().settings.list_rows_at_once
    return sheets.answer(edge.session(), wanted.read(request.args), actor, edge.now(), most=most)
