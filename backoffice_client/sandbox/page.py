"""The page for the tester: one HTML document, its forms work without JavaScript."""

import re
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from importlib.resources import files
from urllib.parse import parse_qsl

from jinja2 import Environment, PackageLoader, StrictUndefined

from backoffice_client.sandbox.control_routes import change_faults, switch
from backoffice_client.sandbox.state import Sandbox
from backoffice_client.sandbox.texts import in_language
from backoffice_client.sandbox.web import ID_PATTERNS, Answer, Problem, Request, Route

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src data:; style-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'"
    ),
    # Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
}
RATES = ("error_rate", "drop_rate", "lost_answer_rate")

_templates = Environment(
    loader=PackageLoader("backoffice_client.sandbox", "."),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def show(sandbox: Sandbox, request: Request) -> Answer:
    return _page(sandbox, _language(request))


def style(_sandbox: Sandbox, _request: Request) -> Answer:
    return Answer(HTTPStatus.OK, files(__package__).joinpath("page.css").read_bytes(), "text/css; charset=utf-8")


def post_station(sandbox: Sandbox, request: Request) -> Answer:
    form, language = _form(request), _language(request)
    ids = {name: form.get(name, "").strip() for name in ("point_id", "number")}
    if not all(re.fullmatch(ID_PATTERNS[name], value) for name, value in ids.items()):
        wrong = "A point id and a station number are whole numbers from 1; the station number at most 999."
        return _page(sandbox, language, wrong, form)
    try:
        switch(sandbox, ids, online=form.get("online") == "on", name=form.get("name", "").strip() or None)
    except Problem:
        return _page(sandbox, language, "A name has at most 255 characters.", form)
    return _back(language)


def post_faults(sandbox: Sandbox, request: Request) -> Answer:
    form, language = _form(request), _language(request)
    reason = form.get("reason", "").strip()
    try:
        changes: dict[str, object] = {name: float(form.get(name, "").replace(",", ".")) for name in RATES}
        changes |= {"delay_ms": int(form.get("delay_ms", "")), "reject_scans": "reject" in form and (reason or True)}
        change_faults(sandbox, changes)
    except (ValueError, Problem):
        return _page(sandbox, language, "A delay is 0 to 60000 ms, a share is a number from 0 to 1.", form)
    return _back(language)


def post_forgetting(sandbox: Sandbox, request: Request) -> Answer:
    sandbox.store.forget_received()
    return _back(_language(request))


def _page(sandbox: Sandbox, language: str, wrong: str = "", form: Mapping[str, str] | None = None) -> Answer:
    faults = sandbox.store.faults()
    shown = {name: f"{value:g}" for name, value in faults.model_dump(exclude={"reject_scans"}).items()}
    shown |= {"reason": faults.rejection or "", "point_id": "", "number": "1", "name": ""}
    html = _templates.get_template("page.html").render(
        _=partial(in_language, language),
        language=language,
        points=sandbox.store.points(sandbox.now()),
        received=sandbox.store.received(),
        form=shown | dict(form or {}),
        rejects="reject" in form if form and "delay_ms" in form else faults.rejection is not None,
        wrong=wrong,
    )
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return Answer(status, html.encode(), "text/html; charset=utf-8", HEADERS)


def _back(language: str) -> Answer:
    return Answer(HTTPStatus.SEE_OTHER, headers={"Location": f"/?lang={language}"})


def _language(request: Request) -> str:
    return "en" if request.query.get("lang") == "en" else "pl"


def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))


ROUTES: tuple[Route[Sandbox], ...] = (
    Route("GET", "/", show),
    Route("GET", "/page.css", style),
    Route("POST", "/page/stations", post_station),
    Route("POST", "/page/faults", post_faults),
    Route("POST", "/page/forgetting", post_forgetting),
)
