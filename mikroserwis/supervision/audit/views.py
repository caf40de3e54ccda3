"""The audit's page and file."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge
from mikroserwis.supervision.audit import presenting, queries, sheet

blueprint = Blueprint("audit", __name__, url_prefix="/supervision/audit")


@blueprint.get("")
def index() -> str:
    """The newest first; the whole view lives in the URL."""
    edge.require("audit.see")
    session, wanted = edge.session(), queries.read(request.args)
    page = queries.fetch(session, wanted)
    return render_template(
        "supervision/audit.html",
        rows=[presenting.row(one, page.numbers) for one in page.items],
        page=presenting.pager(page, wanted),
        wanted=wanted,
        chain=presenting.chain(queries.chain(session)),
        sheet_url=url_for("audit.list_sheet", **wanted.arguments(page=1, size=queries.SIZES[0])),
        most=queries.BOUND,
        **presenting.choices(),
    )


@blueprint.get("/list.xlsx")
def list_sheet() -> ResponseReturnValue:
    """The same as a file, its newest rows."""
    edge.require("audit.see")
    return sheet.answer(edge.session(), queries.read(request.args), edge.now())
