"""The ticket's page, part by part; a part that the actor may not see is None."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.models import Event, Note, Ticket
from mikroserwis.rulebook import RULES, type_label
from mikroserwis.tax_ids import number_name
from mikroserwis.tickets import queries
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.clock_words import STAGES
from mikroserwis.tickets.facts import AT_WORK, company_is_confirmed
from mikroserwis.tickets.offer import choice_of, choice_words
from mikroserwis.tickets.presenting import files
from mikroserwis.tickets.presenting.acts import dealer_options, head, ticket_act, ticket_url
from mikroserwis.tickets.presenting.ages import age
from mikroserwis.tickets.presenting.due import due
from mikroserwis.tickets.presenting.events import events, older_url
from mikroserwis.tickets.presenting.extensions import extension
from mikroserwis.tickets.presenting.invoices import invoice
from mikroserwis.tickets.presenting.mails import mails
from mikroserwis.tickets.presenting.next_step import next_step
from mikroserwis.tickets.presenting.quotes import quotes
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.presenting.steps import diagram, steps
from mikroserwis.tickets.presenting.subtickets import note_line, subtickets
from mikroserwis.tickets.presenting.undoing import undoable
from mikroserwis.tickets.printed import outdated
from mikroserwis.tickets.queries import Deadline, Part
from mikroserwis.tickets.wording import address, kind_label

_STAFFS = frozenset({"reassign", "cancel", "reopen"})
_NEWEST: Mapping[str, int | None] = {}


def context(
    session: Session, ticket: Ticket, actor: Actor, now: datetime, before: Mapping[str, int | None] = _NEWEST
) -> dict[str, Any]:
    """All that tickets/detail.html wants; `before` says from where on `notes` and `history` are shown."""
    scene = Scene(session, ticket, actor, now)
    notes = _visible_notes(scene, before.get("notes")) if scene.may("notes.see") else None
    step = next_step(scene)
    shown = {one["trigger"] for one in step["actions"]}
    return {
        "ticket": _ticket(scene),
        "steps": steps(scene),
        "diagram": diagram(scene),
        "next_step": step,
        "actions": _others(scene, shown),
        "quotes": quotes(scene),
        "files": files.files(scene) if scene.may("files.see") else None,
        "documents": files.documents(scene) if _makes_papers(scene) else None,
        "export": files.export(scene, offered="export" in shown) if scene.may("deliveries.see") else None,
        "outdated": _outdated(scene) if scene.may("deliveries.see") else [],
        "invoice": invoice(scene) if scene.may("quotes.see") else None,
        "mails": mails(scene) if scene.may("mails.see") else None,
        "subtickets": subtickets(scene, notes.items if notes else []),
        "notes": _notes(scene, notes, before.get("notes")) if notes else None,
        "deadlines": _deadlines(scene) if scene.may("company.see") else [],
        "age": age(scene) if scene.may("company.see") else None,
        "extension": extension(scene),
        "choice": _choice(scene) if scene.may("history.see") else "",
        "company": _company(scene) if scene.may("company.see") else None,
        "history": events(scene, before.get("history")) if scene.may("history.see") else None,
        "staff": _staff(scene),
        "undo": undoable(scene),
    }


def _outdated(scene: Scene) -> list[str]:
    """Papers that were printed before the company's data changed, until the ticket has closed."""
    if scene.ticket.state not in AT_WORK:
        return []
    return [kind_label(one.kind) for one in outdated(scene.session, scene.ticket, scene.held)]


def _makes_papers(scene: Scene) -> bool:
    return scene.may("documents.make") and scene.ticket.state in AT_WORK


def _ticket(scene: Scene) -> dict[str, Any]:
    ticket = scene.ticket
    return {
        **head(ticket),
        "type": ticket.type,
        "type_label": type_label(ticket.type),
        "tax_id": ticket.customer.tax_id,
        "tax_id_name": number_name(ticket.customer.country),
        "city": ticket.customer.city,
        "opened": ticket.opened_on,
        "acquired": ticket.acquired_by_dealer,
        "state": ticket.state,
        "outcome": ticket.outcome or "",
        "caretaker": ticket.dealer.name if ticket.dealer else "",
        "mine": scene.is_mine,
    }


def _others(scene: Scene, shown: set[str]) -> list[dict[str, Any]]:
    """What else may be done to the ticket; exporting has a part of its own, staff's acts too."""
    apart = shown | _STAFFS | {"export"}
    return [ticket_act(scene.ticket, one) for trigger, one in scene.actions.items() if trigger not in apart]


def _visible_notes(scene: Scene, before: int | None) -> Part[Note]:
    return queries.notes(scene.session, scene.ticket, scene.actor, before=before, tenures=scene.tenures)


def _notes(scene: Scene, notes: Part[Note], before: int | None) -> dict[str, Any]:
    demand = queries.note_demand(scene.session, scene.ticket, scene.now)
    may_add = scene.may("notes.add")
    places = {one.id: one.point.name for one in scene.ticket.subtickets}
    return {
        "url": url_for("tickets.add_note", number=scene.ticket.number) if may_add else None,
        "entries": [note_line(note, places.get(note.subticket_id or 0, "")) for note in notes.items],
        "older_url": older_url(scene.ticket, "notes", notes.older),
        "newest_url": ticket_url(scene.ticket.number, "notes") if before else None,
        "wanted": demand.needed and may_add and scene.actor.is_dealer,
        "age_days": (scene.now - demand.last).days if demand.last else None,
        "text": "",
        "errors": (),
    }


def _deadlines(scene: Scene) -> list[dict[str, Any]]:
    found = queries.deadlines(scene.session, scene.ticket, scene.present, scene.now, scene.acts)
    return [{"label": str(STAGES[one.stage]), **_deadline(scene, one)} for one in found]


def _choice(scene: Scene) -> str:
    """Why the rules gave it to the present dealer."""
    chosen = choice_of(scene.present)
    return choice_words(chosen) if chosen else ""


def _deadline(scene: Scene, one: Deadline) -> dict[str, Any]:
    ticket = scene.ticket
    owed = ticket.stage == one.stage.value or ticket.state == "suspended"
    said = due(
        "suspended" if one.state == "paused" else ticket.state, one.stage.value, one.at, one.warn_from, scene.now
    )
    met = one.met_at is not None
    return {
        "kind": "met" if met else said.kind if said and owed else "later",
        "late": one.state == "late",
        "date": last_day(one.at),
        "days": said.days if said else 0,
        "stage": one.stage.value,
        "used": round(100 * one.used),
        "met_at": one.met_at.astimezone(RULES.tz).date() if one.met_at else None,
    }


def _company(scene: Scene) -> dict[str, Any]:
    customer = scene.ticket.customer
    confirmed = company_is_confirmed(scene.ticket)
    manager = {
        "name": customer.account_manager_name,
        "phone": customer.account_manager_phone,
        "email": customer.account_manager_email,
    }
    return {
        **{
            name: getattr(customer, name)
            for name in ("name", "tax_id", "regon", "phone", "email", "iban", "representative")
        },
        "tax_id_name": number_name(customer.country),
        "address": address(customer),
        "manager": manager if any(manager.values()) else None,
        "confirmed": confirmed,
        "confirmed_at": confirmed_at(scene.session, scene.ticket) if confirmed else None,
        "changed_at": changed_at(scene.session, scene.ticket),
        "edit_url": url_for("tickets.company", number=scene.ticket.number)
        if scene.may("company.edit") and scene.ticket.state != "closed"
        else None,
        "url": url_for("customers.show", customer_id=customer.id) if scene.may("customers.see") else None,
    }


def confirmed_at(session: Session, ticket: Ticket) -> datetime | None:
    """When somebody last vouched for the company's data under this ticket."""
    query = select(Event.at).where(Event.ticket_id == ticket.id, Event.verb == "confirm").order_by(Event.id.desc())
    return session.scalars(query.limit(1)).first()


def changed_at(session: Session, ticket: Ticket) -> datetime | None:
    """When the data changed that somebody had vouched for; None if it holds, or nobody ever did."""
    if ticket.confirmed_version is None or company_is_confirmed(ticket):
        return None
    of_company = (Event.customer_id == ticket.customer_id, Event.verb == "company")
    return session.scalars(select(Event.at).where(*of_company).order_by(Event.id.desc()).limit(1)).first()


def _staff(scene: Scene) -> dict[str, Any] | None:
    found = {trigger: one for trigger, one in scene.actions.items() if trigger in _STAFFS}
    if not found:
        return None
    reassign = ticket_act(scene.ticket, found["reassign"]) if "reassign" in found else None
    if reassign:
        reassign["options"] = dealer_options(scene.session, scene.ticket.type, without=scene.ticket.dealer_id)
    return {
        "reassign": reassign,
        "actions": [ticket_act(scene.ticket, one) for trigger, one in found.items() if trigger != "reassign"],
    }
