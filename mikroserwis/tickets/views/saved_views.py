"""Own views of the list: saved, changed and removed beside it."""

from typing import Any

import flask
from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.errors import Answer
from mikroserwis.i18n import gettext as _
from mikroserwis.tickets.operations import saved_views
from mikroserwis.tickets.presenting import list_page, own_views
from mikroserwis.tickets.views.base import blueprint, field_errors, form_version, page
from mikroserwis.tickets.wanted import EVERYTHING, from_query


@blueprint.post("/tickets/views")
def save_view() -> ResponseReturnValue:
    """Keep the filters of the form's list under a name."""
    edge.require("views.own")
    edge.stay(_again)
    name, query, is_default = request.form.get("name", ""), request.form.get("query", ""), "is_default" in request.form
    view = saved_views.save_view(edge.session(), name, query, is_default=is_default, actor=edge.actor(), now=edge.now())
    flash(_("The view “%(name)s” is saved.", name=view.name), "success")
    return redirect(own_views.address(view), 303)


@blueprint.post("/tickets/views/<int:view_id>")
def change_view(view_id: int) -> ResponseReturnValue:
    """Another name, the filters that the list shows now, or the list opens with it: whichever the form holds."""
    view = saved_views.own_view(edge.session(), edge.actor(), view_id)
    edge.stay(_again)
    given: dict[str, Any] = {name: request.form[name] for name in ("name", "query") if name in request.form}
    if "is_default" in request.form:
        given["is_default"] = request.form["is_default"] == "yes"
    saved_views.change_view(edge.session(), view, **given, version=form_version(), actor=edge.actor(), now=edge.now())
    flash(_("The view “%(name)s” is saved.", name=view.name), "success")
    return redirect(own_views.address(view), 303)


@blueprint.post("/tickets/views/<int:view_id>/removal")
def remove_view(view_id: int) -> ResponseReturnValue:
    """The tickets stay, and so does what the list shows."""
    view = saved_views.own_view(edge.session(), edge.actor(), view_id)
    saved_views.remove_view(edge.session(), view, actor=edge.actor(), now=edge.now())
    flash(_("The view “%(name)s” is removed.", name=view.name), "success")
    return redirect(url_for("tickets.index", **(from_query(view.query).arguments() or {"view": EVERYTHING})), 303)


def _again(answer: Answer, error: Exception) -> flask.Response:
    """The list as it was, with what was typed and what is wrong with it."""
    actor, now = edge.actor(), edge.now()
    saved = request.form.get("saved", "")
    typed = {
        "name": request.form.get("name"),
        "is_default": "is_default" in request.form,
        "form": "change" if (request.view_args or {}).get("view_id") else "save",
        "errors": field_errors(error).get("name", []),
        "problems": [] if field_errors(error) else [answer.title, *answer.sentences],
    }
    with edge.parts().database.reading() as session:
        views = saved_views.own_views(session, actor)
        asked = from_query(f"{request.form.get('shown', request.form.get('query', ''))}&saved={saved}")
        own = own_views.look(session, views, asked, actor)
        own = own_views.Own(own.views, own.wanted, own.gone, typed)
        return page("tickets/list.html", answer.status, **list_page.context(session, own, actor, now))
