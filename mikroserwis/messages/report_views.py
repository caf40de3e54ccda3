"""Where the SMS gateway tells what became of an SMS."""

import flask
from flask import Blueprint, request

from mikroserwis import edge
from mikroserwis.edge import public
from mikroserwis.errors import NotFound
from mikroserwis.keys import secret_key
from mikroserwis.messages import reports

blueprint = Blueprint("sms_reports", __name__)


@blueprint.route("/sms/reports/<idx>/<signed>", methods=["GET", "POST"])
@public
def sms_report(idx: str, signed: str) -> flask.Response:
    """The gateway calls by GET, or as its account is set by POST; it calls again until it reads OK."""
    parts = edge.parts()
    if not reports.is_ours(idx, signed, secret_key(parts.settings)):
        raise NotFound(record="sms")
    with parts.database.transaction() as session:
        reports.take(session, idx, request.values.to_dict(), now=edge.now())
    return flask.Response("OK", mimetype="text/plain")
