"""create_app(settings): the only place where things are wired."""

from datetime import timedelta
from urllib.parse import urlsplit

from apiflask import APIFlask
from flask import Response, g, request, session
from flask_compress import Compress
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis import edge, openapi, pages, problems, storage
from mikroserwis.accounts import api as accounts_api
from mikroserwis.accounts import identity, others, own, recovering, second_factor_pages, strength
from mikroserwis.accounts import views as accounts_views
from mikroserwis.clients import api as clients_api
from mikroserwis.clients import identity as client_identity
from mikroserwis.clients import views as clients_views
from mikroserwis.clients.allowance import Allowance
from mikroserwis.consents import api as consents_api
from mikroserwis.consents import personal_api, personal_views
from mikroserwis.consents import views as consents_views
from mikroserwis.customers import api as customers_api
from mikroserwis.customers import views as customers_views
from mikroserwis.db import Database, make_engine
from mikroserwis.dealers import api as dealers_api
from mikroserwis.dealers import views as dealers_views
from mikroserwis.edge import Parts, TransactionalFlask
from mikroserwis.i18n import LANGUAGES, speak
from mikroserwis.keys import secret_key
from mikroserwis.messages import api as messages_api
from mikroserwis.messages import event_api, event_views, report_views
from mikroserwis.messages import views as messages_views
from mikroserwis.notifications import api as notifications_api
from mikroserwis.notifications import views as notifications_views
from mikroserwis.paper_forms import api as paper_forms_api
from mikroserwis.paper_forms import views as paper_forms_views
from mikroserwis.prices import api as prices_api
from mikroserwis.prices import views as prices_views
from mikroserwis.supervision import api as supervision_api
from mikroserwis.supervision.audit import api as audit_api
from mikroserwis.supervision.audit import views as audit_views
from mikroserwis.supervision.comparison import views as comparison_views
from mikroserwis.supervision.dashboard import views as dashboard_views
from mikroserwis.supervision.ledger import api as ledger_api
from mikroserwis.supervision.ledger import views as ledger_views
from mikroserwis.supervision.simulator import api as simulator_api
from mikroserwis.supervision.simulator import views as simulator_views
from mikroserwis.supervision.tonight import api as tonight_api
from mikroserwis.supervision.tonight import views as tonight_views
from mikroserwis.texts import api as texts_api
from mikroserwis.texts import views as texts_views
from mikroserwis.tickets import api as tickets_api
from mikroserwis.tickets import views as tickets_views
from mikroserwis.tickets.views import list_exports as exports_views
from mikroserwis.training import api as training_api
from mikroserwis.training import views as training_views

# 'self' alone: no inline script or style, nothing from elsewhere.
CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
FORM_FIELDS = 400
# The pages, slice by slice.
PAGES = (
    accounts_views.blueprint,
    own.blueprint,
    second_factor_pages.blueprint,
    recovering.blueprint,
    strength.blueprint,
    others.blueprint,
    tickets_views.blueprint,
    prices_views.blueprint,
    exports_views.blueprint,
    dealers_views.blueprint,
    customers_views.blueprint,
    consents_views.blueprint,
    personal_views.blueprint,
    dealers_views.own_blueprint,
    messages_views.blueprint,
    event_views.blueprint,
    report_views.blueprint,
    notifications_views.blueprint,
    paper_forms_views.blueprint,
    texts_views.blueprint,
    training_views.blueprint,
    dashboard_views.blueprint,
    comparison_views.blueprint,
    ledger_views.blueprint,
    audit_views.blueprint,
    tonight_views.blueprint,
    simulator_views.blueprint,
    clients_views.blueprint,
)


def make_parts(settings: Settings) -> Parts:
    """Database, files and backoffice as the settings say; the same for web, scheduler and command line."""
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Parts(
        settings=settings,
        database=Database(make_engine(settings.database), base_url=settings.base_url),
        store=storage.shelf(settings, "files"),
        backoffice=BackofficeClient(
            settings.backoffice_url,
            settings.backoffice_token.get_secret_value(),
            timeout=(3.05, settings.backoffice_timeout_seconds),
        ),
    )


def create_app(settings: Settings, made: Parts | None = None) -> APIFlask:
    """The web application; the database must have been migrated."""
    app = TransactionalFlask(
        "mikroserwis", title="Mikroserwis", version="1", spec_path=None, docs_path=None, json_errors=False
    )
    app.url_map.converters["int"] = edge.Number
    app.extensions["mikroserwis"] = made or make_parts(settings)
    app.extensions["client_allowance"] = Allowance()
    _configure(app, settings)
    app.before_request(_enter)
    app.after_request(_harden)
    app.after_request(client_identity.tell)
    app.teardown_request(_leave)
    Compress(app)
    csrf = CSRFProtect(app)
    problems.register(app)
    pages.register(app)
    for blueprint in PAGES:
        app.register_blueprint(blueprint)
    for blueprint in (
        accounts_api.blueprint,
        prices_api.blueprint,
        tickets_api.blueprint,
        messages_api.blueprint,
        event_api.blueprint,
        notifications_api.blueprint,
        dealers_api.blueprint,
        customers_api.blueprint,
        consents_api.blueprint,
        personal_api.blueprint,
        paper_forms_api.blueprint,
        texts_api.blueprint,
        training_api.blueprint,
        tonight_api.blueprint,
        simulator_api.blueprint,
        supervision_api.blueprint,
        ledger_api.blueprint,
        audit_api.blueprint,
        clients_api.blueprint,
    ):
        csrf.exempt(blueprint)
        app.register_blueprint(blueprint)
    # A mail program presses with one click (RFC 8058): its secret is the address.
    csrf.exempt(consents_views.unsubscribe)
    # The SMS gateway signs in with the address that it was given.
    csrf.exempt(report_views.blueprint)
    openapi.register(app)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 3)  # type: ignore[method-assign]
    return app


def _configure(app: APIFlask, settings: Settings) -> None:
    address = urlsplit(settings.base_url)
    app.config.update(
        SECRET_KEY=secret_key(settings),
        MAX_CONTENT_LENGTH=settings.upload_limit + 1_000_000,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        MAX_FORM_PARTS=FORM_FIELDS,
        SESSION_COOKIE_NAME="mikroserwis",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=address.scheme == "https",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.remembered_session_days),
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),
        TRUSTED_HOSTS=sorted({address.hostname or "", "localhost", "127.0.0.1"}),
        COMPRESS_ALGORITHM=["gzip"],
        # A page fits into the first ten packets at this level too, and takes a third of the time.
        COMPRESS_LEVEL=3,
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"],
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=address.scheme == "https",
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = False


def _enter() -> None:
    """Who asks, and in which language: known before any view runs. Not signed in stops here."""
    g.actor = client_identity.of_request() or identity.of_request()
    speak(_reading())
    identity.require_sign_in()
    client_identity.admit()


def _leave(_error: BaseException | None) -> None:
    """A request that was stopped before its view has read who asks."""
    edge.close()


def _reading() -> str:
    """A program says with each request what it reads; a person has chosen once, for its account or for this browser."""
    default = edge.parts().settings.default_language
    asked = request.accept_languages.best_match(list(LANGUAGES))
    own = g.actor.reading if g.actor else None
    if edge.is_api():
        return asked or own or default
    return own or session.get("language") or asked or default


def _harden(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    if request.endpoint != "static" and "private" not in headers.get("Cache-Control", ""):
        headers["Cache-Control"] = "no-store"
    return response
