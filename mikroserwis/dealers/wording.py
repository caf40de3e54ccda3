"""The words for dealers: labels, what is wrong with a value, what stands in the way, and history as sentences."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext, say_date
from mikroserwis.rulebook import type_label

Said = Mapping[str, Any]

FIELDS: dict[str, Any] = {
    "crm_id": lazy("CRM id"),
    "name": lazy("Name"),
    "tax_id": lazy("NIP"),
    "street": lazy("Street and number"),
    "postal_code": lazy("Postal code"),
    "city": lazy("City"),
    "phone": lazy("Phone"),
    "email": lazy("E-mail"),
    "areas": lazy("Areas"),
    "types": lazy("Types of tickets"),
    "capacity": lazy("Capacity"),
    "digest": lazy("One mail a day"),
    "first_day": lazy("First day"),
    "last_day": lazy("Last day"),
    "reason": lazy("Reason"),
    "type": lazy("Ticket type"),
    "role": lazy("Role"),
    "prefix": lazy("Area"),
    "vendor": lazy("Vendor"),
}
ROLES = {"rms": "RMS", "rks": "RKS"}
_YES_NO: dict[str, Any] = {"yes": lazy("Yes"), "no": lazy("No")}


def span(first: date, last: date) -> str:
    """The days of an absence."""
    if first == last:
        return say_date(first)
    return _("%(start)s to %(end)s", start=say_date(first), end=say_date(last))


def prefix_words(prefix: str) -> str:
    return prefix or _("the whole country")


def value_words(name: str, value: str) -> str:
    """A field's kept text as people read it."""
    if name in {"first_day", "last_day"}:
        return say_date(date.fromisoformat(value))
    if name == "types":
        return ", ".join(type_label(one) for one in value.split())
    if name == "prefix":
        return prefix_words(value)
    return type_label(value) if name == "type" else str(_YES_NO.get(value, ROLES.get(value, value)))


def _prefixes_twice(params: Said) -> str:
    told = [_("%(prefix)s stands here twice.", prefix=one) for one in params["twice"]]
    for one, other in params["within"]:
        told.append(_("%(prefix)s lies within %(other)s already: leave one of them out.", prefix=one, other=other))
    return " ".join(told[:5])


def _contact_taken(params: Said) -> str:
    if params["prefix"]:
        return _(
            "%(name)s has this role for %(prefix)s already. Change that contact, or choose another area.", **params
        )
    return _("%(name)s has this role for the whole country already. Change that contact, or name an area.", **params)


def _absence_too_long(params: Said) -> str:
    told = _("That would be %(days)s days on end; at most %(most)s are possible.", **params)
    longer = _("Call the back office about a longer one.")
    return f"{told} {longer}" if params["most"] < params["staff"] else told


_PLAIN_ERRORS: dict[str, Any] = {
    "bad_prefix": lazy("An area is the beginning of a postal code: 26, 26-9 or 26-922."),
    "ends_before_it_starts": lazy("The last day is before the first one."),
    "day_has_passed": lazy("This day has passed already."),
}
_TOLD_ERRORS: dict[str, Callable[[Said], str]] = {
    "bad_prefixes": lambda p: _(
        "No beginning of a postal code: %(list)s. Write 1 to 5 digits, for example 26, 26-9, 26-922.",
        list=", ".join(p["prefixes"][:5]),
    ),
    "prefixes_twice": _prefixes_twice,
    "too_many_prefixes": lambda p: _("At most %(most)s areas are possible.", **p),
    "crm_id_taken": lambda p: _("“%(name)s” has the CRM id %(crm_id)s already. Choose another one.", **p),
    "contact_taken": _contact_taken,
    "day_too_far": lambda p: _("At most %(most)s days ahead are possible.", **p),
    "absence_has_begun": lambda p: _(
        "The absence began on %(day)s: only its end can be moved.", day=say_date(p["day"])
    ),
    "absences_overlap": lambda p: _(
        "On some of these days there is an absence already (%(span)s). Change that one, or choose other days.",
        span=span(p["start"], p["end"]),
    ),
    "absence_too_long": _absence_too_long,
}


def field_sentence(code: str, params: Said) -> str:
    """What is wrong with a value; empty for codes of others."""
    told = _TOLD_ERRORS.get(code)
    return told(params) if told else str(_PLAIN_ERRORS.get(code, ""))


def blocker_sentence(code: str, params: Said) -> str:
    """What stands in the way; empty for codes of others."""
    told = _BLOCKERS.get(code)
    return told(params) if told else ""


_TABLES: dict[str, Callable[[int], str]] = {
    "tickets": lambda n: ngettext("%(n)s ticket", "%(n)s tickets", n),
    "subtickets": lambda n: ngettext("%(n)s sub-ticket", "%(n)s sub-tickets", n),
    "assignments": lambda n: ngettext("%(n)s ticket that it had", "%(n)s tickets that it had", n),
    "users": lambda n: ngettext("%(n)s account", "%(n)s accounts", n),
    "files": lambda n: ngettext("%(n)s file", "%(n)s files", n),
    "history": lambda n: ngettext("%(n)s entry in the history", "%(n)s entries in the history", n),
}


def _unused(params: Said) -> str:
    named = [_TABLES[table](count) for table, count in params["tables"].items() if table in _TABLES]
    others = sum(count for table, count in params["tables"].items() if table not in _TABLES)
    if others:
        named.append(ngettext("%(n)s further record", "%(n)s further records", others))
    return _(
        "The dealer is still named by: %(list)s. Put it out of use instead: it is offered nothing new then.",
        list=", ".join(named),
    )


_BLOCKERS: dict[str, Callable[[Said], str]] = {
    "dealer_is_unused": _unused,
    "absence_goes_on": lambda p: _("The absence ended on %(day)s.", day=say_date(p["end"])),
}


def act_words(verb: str, said: Said) -> str:
    """What was done, as a sentence without its subject."""
    told = _ABSENCE_ACTS.get(verb)
    if told is None:
        return str(_ACTS.get(verb, verb))
    days = span(date.fromisoformat(said["first_day"]), date.fromisoformat(said["last_day"]))
    return told(days)


_ACTS: dict[str, Any] = {
    "dealer_add": lazy("Added the dealer"),
    "dealer_change": lazy("Changed the dealer"),
    "dealer_activate": lazy("Put the dealer back into use"),
    "dealer_deactivate": lazy("Took the dealer out of use"),
    "dealer_digest": lazy("Chose how deadlines are told"),
    "contact_add": lazy("Added the contact"),
    "contact_change": lazy("Changed the contact"),
    "contact_delete": lazy("Deleted the contact"),
}
_ABSENCE_ACTS: dict[str, Callable[[str], str]] = {
    "absence_add": lambda days: _("Entered an absence: %(days)s", days=days),
    "absence_change": lambda days: _("Changed an absence, now: %(days)s", days=days),
    "absence_end": lambda days: _("Ended the absence: %(days)s", days=days),
}
