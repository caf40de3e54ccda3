"""The pages behind the bell."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import access, edge, lists
from mikroserwis.addresses import own_path
from mikroserwis.errors import NotFound, Problem
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext
from mikroserwis.models import Notification
from mikroserwis.notifications import operations, queries
from mikroserwis.notifications.queries import Page, Wanted
from mikroserwis.telling import EVENTS

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications")
ONE = f"/<int(max={2**31 - 1}):notification_id>"


@blueprint.get("")
def index() -> str:
    """One's own, the newest first."""
    edge.require("notifications.own")
    wanted = queries.read(request.args)
    page = queries.fetch(edge.session(), edge.actor(), wanted)
    return render_template(
        "notifications/list.html",
        rows=[_row(one, page.numbers) for one in page.items],
        page=_pager(page, wanted),
        newest=page.newest,
        unread_only=bool(wanted.unread),
        all_url=url_for("notifications.index"),
        unread_url=url_for("notifications.index", unread="yes"),
    )


@blueprint.get(ONE)
def show(notification_id: int) -> ResponseReturnValue:
    """Whoever opens it has read it, and is led to what it is about, as far as that may still be seen."""
    edge.require("notifications.own")
    session, actor = edge.session(), edge.actor()
    found = queries.load(session, actor, notification_id)
    number = queries.numbers(session, [found]).get(found.ticket_id or 0)
    if found.read_at is None:
        # A page only reads; that it was looked at is written beside it, once.
        with edge.parts().database.transaction() as writing:
            operations.mark_read(queries.load(writing, actor, notification_id), now=edge.now())
    if number is not None and _may_see(number):
        return redirect(url_for("tickets.show", number=number), 303)
    return render_template("notifications/one.html", one=_row(found, {}), list_url=url_for("notifications.index"))


@blueprint.post(f"{ONE}/<any(reading, unreading):noun>")
def mark(notification_id: int, noun: str) -> ResponseReturnValue:
    """Read without opening it, or kept for later."""
    edge.require("notifications.own")
    found = queries.load(edge.session(), edge.actor(), notification_id)
    if noun == "reading":
        operations.mark_read(found, now=edge.now())
    else:
        operations.mark_unread(found)
    back = own_path(request.form.get("next", "")) or url_for("notifications.index")
    return redirect(f"{back}#n{notification_id}", 303)


@blueprint.post("/reading")
def mark_all() -> ResponseReturnValue:
    """All that the list showed, and what is older."""
    edge.require("notifications.own")
    up_to = max(0, min(request.form.get("up_to", 0, type=int), 2**31 - 1))
    marked = operations.mark_all_read(edge.session(), up_to, actor=edge.actor(), now=edge.now())
    flash(
        ngettext("%(n)s notification is marked as read.", "%(n)s notifications are marked as read.", marked)
        if marked
        else _("Nothing was unread."),
        "success",
    )
    return redirect(url_for("notifications.index"), 303)


def _may_see(number: int) -> bool:
    try:
        access.ticket(edge.session(), edge.actor(), number, "ticket.see")
    except (NotFound, Problem):
        return False
    return True


def _row(one: Notification, numbers: Any) -> dict[str, Any]:
    known = EVENTS.get(one.event)
    return {
        "id": one.id,
        "at": one.at,
        "about": known.label if known else one.event,
        "subject": one.subject,
        "body": one.body,
        "unread": one.read_at is None,
        "number": numbers.get(one.ticket_id),
        "url": url_for("notifications.show", notification_id=one.id),
        "mark_url": url_for(
            "notifications.mark", notification_id=one.id, noun="reading" if one.read_at is None else "unreading"
        ),
    }


def _pager(page: Page, wanted: Wanted) -> dict[str, Any]:
    """As macros/lists.html shows it."""

    def address(**changed: Any) -> str:
        return url_for("notifications.index", **wanted.arguments(**changed))

    here = lists.bounded(
        page.page,
        page.pages,
        rows=len(page.items),
        total=page.total,
        is_bounded=False,
        size=wanted.size,
        address=address,
    )
    return {**here, "sizes": lists.sizes(queries.SIZES, wanted.size, address)}
