"""What every page needs, and the few that belong to no slice."""

from functools import cache
from pathlib import Path
from typing import Any

import flask
from flask import Blueprint, Flask, g, redirect, request, url_for
from markupsafe import Markup
from sqlalchemy import text
from sqlalchemy.orm import Session

from mikroserwis import access, edge, fragments, i18n, navigation, pieces
from mikroserwis.access import PERMISSIONS, Actor, may, role_relations
from mikroserwis.accounts.presenting import picture_url
from mikroserwis.accounts.wording import ROLES
from mikroserwis.edge import public
from mikroserwis.i18n import LANGUAGES
from mikroserwis.i18n import gettext as _
from mikroserwis.notifications import queries as notifications
from mikroserwis.rulebook import RULES, type_label
from mikroserwis.tickets import wording
from mikroserwis.training import queries as training
from mikroserwis.training.presenting import ticket_box

blueprint = Blueprint("pages", __name__)


def register(app: Flask) -> None:
    """Jinja's words and the frame of each page."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        _=i18n.gettext,
        ngettext=i18n.ngettext,
        slots=fragments,
        part=fragments.part,
        asset=asset,
        fragment=fragments.fragment,
        kept=pieces.kept,
        pieces=pieces,
        symbol=symbol,
        number=i18n.say_number,
        day=i18n.say_date,
        figures=i18n.shaped,
        onward=i18n.onward,
        moment=lambda value, style="short": i18n.say_moment(value, RULES.tz, style),
        type_label=type_label,
        kind_label=wording.kind_label,
        state_label=wording.state_label,
        training_box=training_box,
    )
    app.context_processor(frame)
    app.url_defaults(_version_static)


@blueprint.get("/")
def home() -> flask.typing.ResponseReturnValue:
    """Where each role's day begins."""
    if sees_tickets(edge.actor()):
        return redirect(url_for("tickets.index"))
    return flask.render_template("home.html", role=ROLES[edge.actor().role])


@blueprint.get("/healthz")
@public
def health() -> flask.typing.ResponseReturnValue:
    """For a load balancer: the process answers and reaches its database."""
    with edge.parts().database.reading() as reading:
        reading.execute(text("SELECT 1"))
    return {"status": "ok"}


def sees_tickets(actor: Actor) -> bool:
    return bool(({actor.role} | role_relations(actor)) & set(PERMISSIONS["tickets.list"]))


def frame() -> dict[str, Any]:
    """What layout.html shows around every page."""
    actor: Actor | None = g.get("actor")
    help_ = _help(actor) if actor else None
    return {
        "lang": i18n.language(),
        "dir": i18n.direction(),
        "figured": f"{i18n.language()}-u-nu-{i18n.reading().digits}",
        "actor": _person(actor) if actor else None,
        "nav": _nav(actor, help_) if actor else {},
        "help": help_,
        "notifications": _bell(actor) if actor else None,
        "languages": [(code, label, code == i18n.language()) for code, label in LANGUAGES.items()],
        "urls": {
            "home": url_for("pages.home"),
            "search": url_for("tickets.index"),
            "account": url_for("account.show"),
            "exports": url_for("exports.index") if actor and access.may("exports.own", role_relations(actor)) else None,
            "company": url_for("my_company.show") if actor and may("dealer.own", role_relations(actor)) else None,
            "language": url_for("accounts.choose_language"),
            "sign_out": url_for("accounts.leave"),
        },
        "hotline": RULES.contacts.hotline,
        "installation_page": RULES.contacts.installation_page,
        "here": request.full_path.rstrip("?") if request.method in edge.SAFE else url_for("pages.home"),
    }


def _person(actor: Actor) -> dict[str, str | None]:
    initials = "".join(word[0] for word in actor.name.split()[:2]).upper()
    return {
        "name": actor.name,
        "initials": initials or "?",
        "role": actor.dealer_name or str(ROLES[actor.role]),
        "picture_url": picture_url(actor),
    }


def _nav(actor: Actor, help_: dict[str, Any] | None) -> dict[str, Any]:
    bar, menu = navigation.links(actor)
    present = next((one.label for group in menu for one in group.links if one.current), None)
    if menu and help_ and help_["current"]:
        present = _("Help")
    return {"bar": bar, "menu": menu, "present": present}


def _help(actor: Actor) -> dict[str, Any] | None:
    """The link to help with how much is new there; a page that answers an error asks nothing more."""
    if not may("training.see", role_relations(actor)):
        return None
    opened: Session | None = g.get("session")
    return {
        "url": url_for("training.index"),
        "current": request.blueprint == "training",
        "count_new": training.count_new(opened, actor) if opened is not None else 0,
    }


def _bell(actor: Actor) -> dict[str, Any]:
    """The link to what one is told, with how much of it is unread; a page that answers an error asks nothing more."""
    opened: Session | None = g.get("session")
    count = notifications.count_unread(opened, actor) if opened is not None else 0
    return {
        "url": url_for("notifications.index"),
        "current": request.blueprint == "notifications",
        "count": count,
        "shown": f"{i18n.say_number(count - 1)}+" if count == notifications.MOST_COUNTED else i18n.say_number(count),
    }


def training_box(type_: str) -> list[dict[str, Any]]:
    """The newest materials for a ticket of this type, for the box beside it."""
    opened: Session | None = g.get("session")
    if opened is not None:
        return ticket_box(opened, edge.actor(), type_)
    with edge.parts().database.reading() as reading:
        return ticket_box(reading, edge.actor(), type_)


def asset(filename: str) -> str:
    """The address of a static file; a page names the sheet of symbols a hundred times."""
    return _asset(filename, request.script_root)


def symbol(name: str, cls: str = "", label: str = "") -> Markup:
    """One of the sheet of symbols."""
    return pieces.icon(asset("icons.svg"), name, cls, label)


@cache
def _asset(filename: str, _root: str) -> str:
    return url_for("static", filename=filename)


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    """Addresses of static files change with their content, so that browsers may keep them for a year."""
    if endpoint == "static" and "v" not in values:
        values["v"] = _stamp(values["filename"])


def _stamp(filename: str) -> str:
    path = Path(flask.current_app.static_folder or "") / filename
    return f"{int(path.stat().st_mtime):x}" if path.is_file() else "0"
