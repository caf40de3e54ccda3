"""One sub-ticket for each retail point: its acts, its people, the last word of the connectivity gate."""

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from flask import url_for

from mikroserwis.access import may, subticket_relations
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Note, Subticket, VendorContact
from mikroserwis.rulebook import RULES
from mikroserwis.tickets import queries
from mikroserwis.tickets.facts import last_check
from mikroserwis.tickets.presenting.acts import anchor, link, subticket_act
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.wording import address, sentence


def subtickets(scene: Scene, notes: list[Note]) -> list[dict[str, Any]]:
    """All that tickets/_subtickets.html wants."""
    by_subticket: dict[int | None, list[Note]] = defaultdict(list)
    for note in notes:
        by_subticket[note.subticket_id].append(note)
    contacts = queries.contacts_of_points(scene.session, scene.ticket)
    return [_one(scene, one, by_subticket[one.id], contacts[one.id]) for one in scene.subtickets]


def _one(scene: Scene, one: Subticket, notes: list[Note], contacts: queries.People) -> dict[str, Any]:
    relations = subticket_relations(scene.actor, one)
    dealer = one.dealer
    return {
        "anchor": anchor(one),
        "point": {"id": one.point_id, "name": one.point.name, "address": address(one.point)},
        "buy": one.stations_buy,
        "exchange": one.stations_exchange,
        "dealer": {"name": dealer.name, "crm_id": dealer.crm_id, "phone": dealer.phone, "email": dealer.email}
        if dealer
        else None,
        "state": one.state,
        "outcome": one.outcome,
        "actions": _actions(scene, one, relations),
        "contacts": [_contact(role, person) for role, person in contacts.items() if person],
        "notes": [note_line(note) for note in notes] if may("notes.see", relations) else [],
        "note_url": url_for("tickets.add_subticket_note", subticket_id=one.id) if may("notes.add", relations) else None,
        "gate": _gate(one),
    }


def _actions(scene: Scene, one: Subticket, relations: set[str]) -> list[dict[str, Any]]:
    """The workflow's acts, with the shop's form after taking; staff's reassigning has a page of its own."""
    found = [
        subticket_act(one, action)
        for action in queries.subticket_actions(scene.session, one, scene.actor, scene.held, scene.given_up)
    ]
    if may("point.see", relations):
        editable = may("point.edit", relations) and (scene.actor.is_staff or one.state == "taken")
        label = _("Edit the point") if editable else _("Show the point")
        found.insert(
            1 if found and found[0]["trigger"] == "take" else 0,
            link(label, url_for("tickets.point", point_id=one.point_id)),
        )
    for each in found:
        if each["trigger"] == "reassign":
            each |= {"method": "get", "label": _("Give to another dealer")}
    return sorted(found, key=lambda each: each["trigger"] not in {"take", "close", "resume"})


def note_line(note: Note, where: str = "") -> dict[str, Any]:
    """A note as macros/lists.html shows it."""
    return {"author": note.author, "at": note.at, "text": note.text, "where": where}


def _contact(role: str, person: VendorContact) -> dict[str, Any]:
    label = f"{role.upper()} {person.vendor}"
    return {"role": label, "name": person.name, "phone": person.phone, "email": person.email}


def _gate(one: Subticket) -> dict[str, Any] | None:
    """What the platform said when closing was refused, or what it proved."""
    found = last_check(one) if one.state == "taken" else None
    if found is not None:
        said, blocker = found
        return {
            "asked": datetime.fromisoformat(said["at"]),
            "failure": "" if said["silent"] else sentence(blocker),
            "stations": [
                {
                    "name": _station(station["station"], station.get("name")),
                    "online": False,
                    "last_contact": station["last_contact"],
                }
                for station in said["silent"]
            ],
        }
    if one.evidence and one.closed_at:
        stations = json.loads(one.evidence).get("stations", [])
        return {
            "asked": one.closed_at,
            "failure": "",
            "stations": [
                {
                    "name": _station(station.get("number"), station.get("name")),
                    "online": bool(station.get("online")),
                    "last_contact": _local(station),
                }
                for station in stations
            ],
        }
    return None


def _station(number: int, name: str | None) -> str:
    return _("%(name)s (no. %(n)s)", name=name, n=number) if name else _("Station %(n)s", n=number)


def _local(station: dict[str, Any]) -> str | None:
    last = station.get("last_contact")
    return f"{datetime.fromisoformat(last).astimezone(RULES.tz):%Y-%m-%d %H:%M}" if last else None
