"""Errors become answers: a page that keeps what was typed, or problem+json (RFC 9457) on the API."""

from http import HTTPStatus
from typing import Any

import structlog
from apiflask import HTTPError
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from mikroserwis import addresses, edge, form_words, storage
from mikroserwis.accounts import passwords
from mikroserwis.accounts import wording as account_wording
from mikroserwis.clients import wording as client_wording
from mikroserwis.consents import personal_words
from mikroserwis.consents import wording as consent_wording
from mikroserwis.customers import wording as customer_wording
from mikroserwis.dealers import wording as dealer_wording
from mikroserwis.edge import CHANGING, SAFE, is_api, logged_path, stayed
from mikroserwis.errors import Answer, Blocker, Conflict, FieldError, Invalid, NotFound, Problem, Refused, Unavailable
from mikroserwis.i18n import gettext as _
from mikroserwis.prices import wording as price_wording
from mikroserwis.scans import Busy, UnusableFile
from mikroserwis.shapes import invalid
from mikroserwis.storage import OUT_OF_SPACE, EmptyFile, StorageFull, TooLarge
from mikroserwis.texts import wording as text_wording
from mikroserwis.tickets.wording import FIELDS, field_sentence, sentence
from mikroserwis.typed import is_secret
from mikroserwis.upload_texts import unusable_sentence

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Every error of a request is answered here."""
    database, files = (DBAPIError, StaleDataError), (UnusableFile, Busy, storage.StorageError)
    for kind in (Problem, HTTPException, HTTPError, *database, *files):
        app.register_error_handler(kind, respond)
    app.register_error_handler(SecurityError, lambda _error: Response("Unknown host", 400, mimetype="text/plain"))
    app.register_error_handler(Exception, _unexpected)


def respond(error: Exception) -> Response | tuple[str, int]:
    """The answer to an error that we know."""
    answer = describe(error)
    if answer.status >= 500:
        log.warning("request failed", code=answer.code, error=repr(error), path=logged_path())
    if is_api():
        return _with_headers(as_json(answer), error)
    stay = stayed()
    if stay is None:
        return render_page(answer)
    try:
        return stay(answer, error)
    except Problem as another:
        return render_page(describe(another))


def as_json(answer: Answer) -> Response:
    response = jsonify(
        type=f"urn:mikroserwis:{answer.code}",
        title=answer.title,
        status=answer.status,
        code=answer.code,
        detail=answer.detail or answer.title,
        **answer.extra,
    )
    response.status_code = answer.status
    response.content_type = "application/problem+json"
    _retry_header(response, answer)
    return response


def _with_headers(response: Response, error: Exception) -> Response:
    """What RFC 9110 asks for beside the status."""
    if response.status_code == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def render_page(answer: Answer) -> Response:
    reasons = [one["message"] for one in answer.extra.get("blockers", answer.extra.get("errors", []))]
    page = render_template(
        "errors/problem.html",
        status=answer.status,
        title=answer.title,
        text="" if reasons else answer.detail,
        steps=reasons,
        reference="",
        retry=None if request.method in SAFE else _kept(),
        back_url=_back(),
    )
    response: Response = current_app.make_response((page, answer.status))
    _retry_header(response, answer)
    return response


def describe(error: Exception) -> Answer:
    """Status, stable code and words for an error."""
    if isinstance(error, Refused):
        return _refused(error)
    if isinstance(error, Invalid):
        return _invalid(error)
    if isinstance(error, Problem):
        return _problem(error)
    if isinstance(error, UnusableFile):
        return Answer(422, error.code, _("This file cannot be used"), unusable_sentence(error.code, error.detail))
    return _technical(error)


def _refused(error: Refused) -> Answer:
    blockers = [{"code": one.code, "message": _sentence(one)} for one in error.blockers]
    detail = " ".join(one["message"] for one in blockers)
    return Answer(409, "refused", _("This is not possible now"), detail, {"blockers": blockers})


def _invalid(error: Invalid) -> Answer:
    errors = [{"field": one.field, "code": one.code, "message": _field_sentence(one)} for one in error.errors]
    detail = " ".join(one["message"] for one in errors)
    return Answer(422, "invalid", _("Something in the form needs mending"), detail, {"errors": errors})


def _sentence(of: Blocker) -> str:
    slices = (price_wording, dealer_wording, customer_wording, account_wording, client_wording, personal_words)
    return next(filter(None, (words.blocker_sentence(of.code, of.params) for words in slices)), "") or sentence(of)


def _field_sentence(of: FieldError) -> str:
    more = (account_wording, client_wording, passwords, consent_wording, text_wording)
    slices = (price_wording, form_words, dealer_wording, customer_wording, *more)
    return next(filter(None, (words.field_sentence(of.code, of.params) for words in slices)), "") or field_sentence(of)


def _problem(error: Problem) -> Answer:
    told = client_wording.problem_words(error.code, error.params)
    title, detail = told or _texts().get(error.code, (HTTPStatus(error.status).phrase, ""))
    extra: dict[str, Any] = {"scope": error.params["scope"]} if "scope" in error.params else {}
    if "fields" in error.params:
        fields = error.params["fields"].items()
        extra["changed"] = [{"field": name, "theirs": old, "yours": new} for name, (old, new) in fields]
        extra["version"] = error.params.get("version")
    if "seconds" in error.params:
        extra["retry_after"] = int(error.params["seconds"])
    return Answer(error.status, error.code, title, detail, extra)


def _technical(error: Exception) -> Answer:
    """Errors that libraries raise, told apart by what a person can do about them."""
    if isinstance(error, TooLarge):
        limit = error.limit // (1024 * 1024)
        return Answer(
            413, "too_large", _("This file is too large"), _("At most %(limit)s MB are possible.", limit=limit)
        )
    if isinstance(error, HTTPError) and isinstance(error.__cause__, ValidationError):
        return _invalid(invalid(error.__cause__))
    if isinstance(error, EmptyFile):
        return Answer(422, "empty", _("This file is empty"), _("Choose the file again, or scan it anew."))
    if _is_out_of_space(error):
        return Answer(507, "disk_full", *_texts()["disk_full"])
    if isinstance(error, storage.StorageUnavailable):
        return _problem(Unavailable("storage_unavailable", seconds=10))
    if isinstance(error, storage.Missing):
        return Answer(500, "file_lost", *_texts()["file_lost"])
    if isinstance(error, IntegrityError | StaleDataError):
        return _problem(Conflict("changed_meanwhile"))
    if isinstance(error, OperationalError | Busy):
        return _problem(Unavailable("database_busy", seconds=5))
    if isinstance(error, CSRFError):
        return Answer(400, "form_expired", *_texts()["form_expired"])
    if isinstance(error, HTTPException):
        return _http(error)
    return Answer(500, "internal", *_texts()["internal"])


def _is_out_of_space(error: Exception) -> bool:
    """The store, the database, or the temporary file of an upload on its way in."""
    if isinstance(error, DBAPIError):
        return "full" in str(error.orig).lower()
    return isinstance(error, StorageFull) or (isinstance(error, OSError) and error.errno in OUT_OF_SPACE)


def _http(error: HTTPException) -> Answer:
    status = error.code or 500
    if status == 404:
        return _problem(NotFound())
    if status == 413:
        limit = edge.parts().settings.upload_limit // (1024 * 1024)
        return Answer(
            413, "too_large", _("This file is too large"), _("At most %(limit)s MB are possible.", limit=limit)
        )
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_")
    return Answer(status, code, *_texts().get(code, (phrase, str(error.description or ""))))


def _texts() -> dict[str, tuple[str, str]]:
    return {
        **_texts_of_the_service(),
        "not_found": (
            _("Not found"),
            _("The record does not exist, or it belongs to somebody else: it may have been given to another dealer."),
        ),
        "forbidden": (
            _("This is not yours to do"),
            _("You may see the record, but this act belongs to somebody else."),
        ),
        "unauthorised": (_("Please sign in"), _("Send a personal token: “Authorization: Bearer …”.")),
        "bad_request": (_("This cannot be read"), _("The request is damaged, or its JSON is not JSON.")),
        "method_not_allowed": (_("This is not possible here"), _("The address exists, but not with this method.")),
        "unsupported_media_type": (
            _("The body is of the wrong kind"),
            _("Send application/json, or multipart/form-data with a file."),
        ),
        "just_taken": (
            _("It has just been taken"),
            _("Another dealer was first. You will find it gone from your list."),
        ),
        "changed_meanwhile": (
            _("Somebody changed this meanwhile"),
            _("Nothing was saved. Look at what it says now, then send yours again if it is still right."),
        ),
        "quote_issued_meanwhile": (
            _("Somebody has issued a quote meanwhile"),
            _("Nothing was issued. Look at the newest version first; if yours is still right, issue it again."),
        ),
        "request_decided": (
            _("This request has been decided meanwhile"),
            _("Somebody else answered it, the dealer withdrew it, or it lapsed. Look at what the ticket says now."),
        ),
        "run_asked_already": (
            _("A run of this job waits already"),
            _("Somebody has asked for it; it begins as soon as a scheduler looks."),
        ),
        "number_taken": (_("This number is taken"), _("A ticket with this CRM id exists already, with other data.")),
        "too_many_attempts": (_("Too many attempts"), _("Wait a while, then try again.")),
        "form_expired": (
            _("This form is too old"),
            _("You were signed out or the page stood open for long. What you typed is kept below: send it again."),
        ),
    }


def _texts_of_the_service() -> dict[str, tuple[str, str]]:
    """What nobody who asks can help."""
    return {
        "database_busy": (_("The service is busy"), _("Nothing was saved. Try again in a few seconds.")),
        "storage_unavailable": (
            _("The files cannot be reached"),
            _("Nothing was saved. Try again in a moment; whatever needs no file goes on meanwhile."),
        ),
        "file_lost": (
            _("This file is lost"),
            _("The record is there, but not its file. Please call the hotline: it can be brought back from a backup."),
        ),
        "disk_full": (
            _("There is no room left"),
            _("The service's disk is full; nothing was saved. Please call the hotline."),
        ),
        "internal": (
            _("Something went wrong on our side"),
            _("Nothing was saved. Try again; if it happens again, please call the hotline."),
        ),
    }


def _kept() -> dict[str, Any] | None:
    """What was typed, to be sent again as it is; a pressed button's value is kept out of sight. None if unreadable."""
    try:
        typed, files = list(request.form.items(multi=True)), bool(request.files)
    except HTTPException:
        return None
    fields = []
    for name, value in typed:
        if name not in CHANGING and not is_secret(name):
            label = FIELDS.get(name) or price_wording.FIELDS.get(name)
            fields.append((name, str(label) if label else "", value))
    return {"url": request.full_path.rstrip("?"), "fields": fields, "files": files}


def _back() -> str:
    """The page that the form stood on, if it was one of ours."""
    before = addresses.split(request.referrer or "")
    own = before.netloc == request.host and request.method not in SAFE
    return addresses.own_path(before._replace(scheme="", netloc="", fragment="").geturl()) or "/" if own else "/"


def _retry_header(response: Response, answer: Answer) -> None:
    if "retry_after" in answer.extra:
        response.headers["Retry-After"] = str(answer.extra["retry_after"])


def _unexpected(error: Exception) -> Response | tuple[str, int]:
    log.error("unexpected error", path=logged_path(), actor=getattr(g.get("actor"), "user_id", None), exc_info=error)
    return respond(error)
