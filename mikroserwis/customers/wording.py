"""The words for customers: labels, what is wrong with a value, what stands in the way, and history as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.consents import wording as consents
from mikroserwis.i18n import country_label, lazy, ngettext
from mikroserwis.i18n import gettext as _
from mikroserwis.tax_ids import FIELD_ERRORS as TAX_ID_ERRORS

Said = Mapping[str, Any]

FIELDS: dict[str, Any] = {
    "name": lazy("Name"),
    "country": lazy("Country"),
    "tax_id": lazy("Tax id"),
    "regon": lazy("REGON"),
    "street": lazy("Street and number"),
    "postal_code": lazy("Postal code"),
    "city": lazy("City"),
    "phone": lazy("Phone"),
    "email": lazy("E-mail"),
    "iban": lazy("Bank account (IBAN)"),
    "representative": lazy("Represented by"),
    "account_manager_name": lazy("Account manager"),
    "account_manager_phone": lazy("Account manager's phone"),
    "account_manager_email": lazy("Account manager's e-mail"),
    "owner_id": lazy("Seller"),
    "role": lazy("Role"),
    "contact": lazy("Contact person"),
    "opening_hours": lazy("Opening hours"),
    "number": lazy("Point id"),
    "stations_buy": lazy("Stations to buy"),
    "stations_exchange": lazy("Stations to exchange"),
}


def value_words(name: str, value: str) -> str:
    """A field's kept text as people read it."""
    return country_label(value) if name == "country" else value


_PLAIN_ERRORS: dict[str, Any] = {
    "no_such_seller": lazy("There is no active seller of this kind. Choose one of the list."),
    "tax_id_known": lazy("A company with this tax id is known already. Ask the back office to give it to you."),
    "number_is_given_by_staff": lazy("Only the back office gives a point's number: leave it empty."),
}


def _point_number_taken(params: Said) -> str:
    if params["name"]:
        return _("Point %(number)s belongs to “%(name)s” already. Choose another number, or leave it empty.", **params)
    return _("Point %(number)s is taken already. Choose another number, or leave it empty.", number=params["number"])


_TOLD_ERRORS: dict[str, Callable[[Said], str]] = {
    **TAX_ID_ERRORS,
    "tax_id_of": lambda p: _("“%(name)s” (%(city)s) has this tax id already. Open that customer instead.", **p),
    "point_number_taken": _point_number_taken,
}


def field_sentence(code: str, params: Said) -> str:
    """What is wrong with a value; empty for codes of others."""
    told = _TOLD_ERRORS.get(code)
    return told(params) if told else str(_PLAIN_ERRORS.get(code, ""))


_TABLES: dict[str, Callable[[int], str]] = {
    "tickets": lambda n: ngettext("%(n)s ticket", "%(n)s tickets", n),
    "subtickets": lambda n: ngettext("%(n)s sub-ticket", "%(n)s sub-tickets", n),
    "customer_users": lambda n: ngettext("%(n)s account", "%(n)s accounts", n),
}


def _unused(params: Said) -> str:
    named = [_TABLES[table](count) for table, count in params["tables"].items() if table in _TABLES]
    others = sum(count for table, count in params["tables"].items() if table not in _TABLES)
    if others:
        named.append(ngettext("%(n)s further record", "%(n)s further records", others))
    return _("The customer can't be deleted, it is named by: %(list)s.", list=", ".join(named))


def _point_unused(params: Said) -> str:
    return ngettext(
        "The retail point can't be deleted: %(n)s sub-ticket is there.",
        "The retail point can't be deleted: %(n)s sub-tickets are there.",
        params["count"],
    )


def blocker_sentence(code: str, params: Said) -> str:
    """What stands in the way; empty for codes of others."""
    told = {"customer_is_unused": _unused, "point_is_unused": _point_unused}.get(code)
    return told(params) if told else ""


def act_words(verb: str, said: Said) -> str:
    """What was done, as a sentence without its subject."""
    told = _NAMED_ACTS.get(verb)
    return told(said) if told else str(_ACTS.get(verb) or consents.act_words(verb, said))


_ACTS: dict[str, Any] = {
    "create": lazy("Ticket entered"),
    "company": lazy("Changed the data"),
    "confirm": lazy("Confirmed the data"),
    "point": lazy("Saved the retail point"),
    "file": lazy("Changed by a file of tickets"),
    "customer_add": lazy("Added the customer"),
    "customer_owner": lazy("Gave the customer to another seller"),
    "customer_delete": lazy("Deleted the customer"),
    "customer_point_add": lazy("Added the retail point"),
}
_NAMED_ACTS: dict[str, Callable[[Said], str]] = {
    "customer_contact_add": lambda p: _("Added the person “%(name)s”", name=p["name"]),
    "customer_contact_change": lambda p: _("Changed the person “%(name)s”", name=p["name"]),
    "customer_contact_delete": lambda p: _("Removed the person “%(name)s”", name=p["name"]),
    "customer_point_delete": lambda p: _("Deleted retail point %(number)s", number=p["number"]),
}
