"""The words for codes: labels of states, kinds, acts and fields, and the sentence of every blocker."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis import form_words, tax_ids
from mikroserwis.errors import Blocker, FieldError
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext
from mikroserwis.printing import address as address
from mikroserwis.tickets import bulk_words, extension_words, handover_words, invoice_words, quote_words
from mikroserwis.upload_texts import paper_sentences

STATES = {
    "new": lazy("New"),
    "taken": lazy("Taken"),
    "contract": lazy("Contract"),
    "suspended": lazy("Suspended"),
    "closed": lazy("Closed"),
}
SUBTICKET_STATES = {**STATES, "taken": lazy("In progress")}
KINDS = {
    "quote": lazy("Quote"),
    "contract": lazy("Contract (document)"),
    "power_of_attorney": lazy("Power of attorney"),
    "final_invoice": invoice_words.KIND,
    "other": lazy("Other file"),
}
TRIGGERS = {
    "take": lazy("Take"),
    "sign": lazy("Documents complete"),
    "export": lazy("Export scans to the backoffice"),
    "suspend": lazy("Suspend"),
    "resume": lazy("Resume"),
    "resign": lazy("Resign"),
    "reassign": lazy("Give to another dealer"),
    "close": lazy("Close"),
    "cancel": lazy("Cancel the ticket"),
    "reopen": lazy("Reopen"),
    "withdraw": lazy("Withdraw"),
}
FIELDS = {
    "tax_id": lazy("NIP"),
    "name": lazy("Name"),
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
    "contact": lazy("Contact person"),
    "opening_hours": lazy("Opening hours"),
    "note": lazy("Note"),
    "reason": lazy("Reason"),
    "file": lazy("File"),
    "kind": lazy("Kind"),
    "to": lazy("New caretaker"),
    "crm_id": lazy("CRM id"),
    "type": lazy("Ticket type"),
    "opened_on": lazy("Opened on"),
}

_SENTENCES: dict[str, Any] = {
    "dealer_is_active": lazy("Your company is not active at the moment. Please call the hotline."),
    "dealer_is_certified": lazy("Your company is not certified for this type of ticket."),
    "dealer_never_gave_it_up": lazy("Your company has already had this one and gave it up or lost it."),
    "has_a_caretaker": lazy("No dealer had it when it was closed, so nobody could go on with it. Enter it anew."),
    "company_is_confirmed": lazy("The company's data has not been confirmed yet, or it has changed since."),
    "quote_is_uploaded": lazy("The quote is missing among the files."),
    "contract_is_uploaded": lazy("The scan of the signed contract is missing."),
    "power_of_attorney_is_uploaded": lazy("The scan of the signed power of attorney is missing."),
    "no_scan_is_rejected": lazy("The backoffice has rejected a scan. Upload a new one."),
    "something_is_new_to_export": lazy("There is nothing new: the backoffice has everything, or it is on its way."),
    "note_is_given": lazy("A note is needed: write what is happening."),
    "reason_is_given": lazy("A reason is needed."),
    "subtickets_are_closed": lazy("Not every sub-ticket is closed."),
    "one_subticket_is_really_closed": lazy("At least one sub-ticket must be closed for real."),
    "ticket_is_open": lazy("The ticket is closed. The back office can reopen it."),
    "ticket_is_taken": lazy("The ticket must be taken first."),
    "subticket_is_taken": lazy("The sub-ticket must be taken first."),
    "ticket_is_in_contract": lazy("The ticket must be in the stage “Contract” first."),
    "scans_are_acknowledged": lazy("The backoffice has not acknowledged the scans yet. Export them first."),
    "point_is_saved": lazy("The retail point's data has not been checked and saved yet."),
    "another_subticket_remains": lazy("It is the only one left. Cancel the whole ticket instead."),
    "delivery_is_stuck": lazy("The delivery is under way or done; there is nothing to send again."),
    "message_is_kept": lazy("The message's recipient and text are kept no longer, so it can't be sent again."),
    "import_is_open": lazy("This file was decided on before."),
    "something_to_take_in": lazy("There is nothing in the file to take in: mend its rows and bring it again."),
    "export_is_done": lazy("The file is not ready: its export is under way, or it failed."),
    "no_file_is_rejected": lazy("A scan in this package was rejected. Upload a new scan and export anew."),
}


def state_label(state: str) -> str:
    return str(STATES[state])


def kind_label(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def sentence(blocker: Blocker) -> str:
    """What stands in the way, for the person who wants to act."""
    special = _SPECIAL.get(blocker.code) or form_words.BLOCKERS.get(blocker.code)
    return special(blocker.params) if special else str(_SENTENCES[blocker.code])


def _wrong_state(params: Mapping[str, Any]) -> str:
    labels = {"subticket": SUBTICKET_STATES, "quote": quote_words.STATES}.get(params.get("of", ""), STATES)
    state, *needed = (str(labels.get(one, one)) for one in (params.get("state", ""), *params.get("needed", ())))
    if not needed:
        return _("It is not possible in the state “%(state)s”.", state=state)
    return _("It is not possible in the state “%(state)s”, only in: %(needed)s.", state=state, needed=", ".join(needed))


def _field_list(params: Mapping[str, Any]) -> str:
    return ", ".join(str(FIELDS.get(name, name)) for name in params.get("fields", ()))


def _stations(params: Mapping[str, Any]) -> str:
    parts = []
    for one in params.get("stations", ()):
        station, name, when = one["station"], one.get("name"), one.get("last_contact")
        if name and when:
            parts.append(_("%(name)s (no. %(station)s, last contact %(when)s)", name=name, station=station, when=when))
        elif name:
            parts.append(_("%(name)s (no. %(station)s, has never reported)", name=name, station=station))
        elif when:
            parts.append(_("%(station)s (last contact %(when)s)", station=station, when=when))
        else:
            parts.append(_("%(station)s (has never reported)", station=station))
    return ngettext(
        "One station does not talk to M/platform: %(list)s.",
        "%(n)s stations do not talk to M/platform: %(list)s.",
        max(len(parts), 1),
        list="; ".join(parts),
    )


_FAILURES = {
    "unreachable": lazy("it cannot be reached"),
    "timeout": lazy("it takes too long"),
    "busy": lazy("it is busy"),
    "server_error": lazy("it has an error of its own"),
    "bad_answer": lazy("its answer cannot be read"),
    "unauthorised": lazy("it does not let us in"),
}


def _no_answer(params: Mapping[str, Any]) -> str:
    failure = str(_FAILURES.get(params.get("failure", ""), lazy("it refuses our question")))
    return _("M/platform gave no answer (%(failure)s). Try again in a moment.", failure=failure)


_SPECIAL: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "few_exports_are_open": lambda p: ngettext(
        "An export is under way already. Wait for it, or cancel it.",
        "%(n)s exports are under way already. Wait for one, or cancel it.",
        p["limit"],
    ),
    "few_exports_are_kept": lambda p: ngettext(
        "An export is kept already. Remove it first.",
        "%(n)s exports are kept already. Remove some of them first.",
        p["limit"],
    ),
    "wrong_state": _wrong_state,
    "point_is_complete": lambda params: _(
        "The retail point's data is incomplete: %(fields)s.", fields=_field_list(params)
    ),
    "company_is_complete": lambda params: _(
        "The company's data is incomplete: %(fields)s.", fields=_field_list(params)
    ),
    "every_station_reports": _stations,
    "platform_knows_the_point": lambda params: _(
        "M/platform does not know point %(point)s. Check the point id with the back office.", point=params["point"]
    ),
    "platform_has_answered": _no_answer,
    **quote_words.BLOCKERS,
    **invoice_words.BLOCKERS,
    **extension_words.BLOCKERS,
    **bulk_words.BLOCKERS,
    **handover_words.BLOCKERS,
}

_FIELD_ERRORS: dict[str, Any] = {
    "required": lazy("Please fill this in."),
    "nip_check_digit": lazy("This NIP's check digit does not fit: one of the digits is wrong."),
    "regon_check_digit": lazy("This REGON's check digit does not fit: one of the digits is wrong."),
    "postal_code": lazy("A postal code looks like 26-922."),
    "phone": lazy("This is not a telephone number. Example: 600 100 200, or +49… for other countries."),
    "email": lazy("This is not an e-mail address. Example: jan@sklep.pl."),
    "iban": lazy("This is not a bank account number: 26 digits, or an IBAN with its country."),
    "iban_check_digits": lazy("This account number's check digits do not fit: one of the digits is wrong."),
    "company_is_known": lazy("This company is known here already. Ask the back office to enter the ticket for you."),
    "tax_id_taken": lazy("Another company has this NIP. Check it, or call the back office."),
    "number_is_ours": lazy("We number the tickets that a dealer acquired itself: leave the CRM id out."),
    "no_such_dealer": lazy("There is no such dealer."),
    "in_the_pool_already": lazy("It lies in the open pool already."),
    "unknown_kind": lazy("Choose what kind of file it is."),
    "unknown_type": lazy("There is no such type of ticket."),
    "bad_date": lazy("A date looks like 2026-05-27."),
    "date_in_future": lazy("The date lies in the future."),
    "bad_moment": lazy("A moment looks like 2026-05-27T00:15."),
    "moment_is_past": lazy("This moment is past: choose one that lies ahead."),
    "bad_number": lazy("A whole number is needed."),
    "no_stations": lazy("At least one station is needed."),
    "no_points": lazy("At least one retail point is needed."),
    "not_yes_or_no": lazy("Write tak or nie."),
    "unknown_field": lazy("There is no such field here."),
    "https_only": lazy("The address of a page that begins with https:// is needed."),
    "view_name_taken": lazy("You have a view with this name already. Choose another one, or change that view."),
    "unknown_value": lazy("This value is not one of those that are possible."),
    "wrong_kind": lazy("This value cannot be read here."),
    "too_many": lazy("There are too many of them."),
    "ticket_is_closed": lazy("This ticket is closed: a file can't change it."),
    "number_is_of_another_ticket": lazy("A ticket that did not come from the CRM has this number."),
    "changed_since_the_check": lazy("It has changed here since the file was checked. Check the file again."),
    "no_rows": lazy("The file has no rows below its header."),
    "not_a_table": lazy("This is not a table that can be read. Use the template, as XLSX or CSV."),
    "legacy_xls": lazy("This is the old Excel format. Save it as XLSX."),
    "encrypted": lazy("The file is locked with a password. Save it without one."),
    "macros": lazy("The file holds macros. Save it as XLSX without them."),
    "too_large": lazy("The file is too large. Divide it."),
    "too_many_rows": lazy("The file has too many rows. Divide it."),
    "unknown_column": lazy("There is no such column. The names in the first row must be those of the template."),
    "missing_column": lazy("This column is missing in the first row."),
    "duplicate_column": lazy("This column stands here twice."),
}


def field_sentence(error: FieldError) -> str:
    """What is wrong with the value and what to do."""
    special = _FIELD_SPECIAL.get(error.code)
    return special(error.params) if special else str(_FIELD_ERRORS.get(error.code, error.code))


_VALUES = {
    "text": lazy("A text is needed."),
    "number": lazy("A whole number is needed."),
    "truth": lazy("Either true or false is needed."),
    "list": lazy("A list is needed."),
    "object": lazy("An object with named fields is needed."),
}
_FIELD_SPECIAL: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "wrong_kind": lambda p: str(_VALUES.get(p.get("kind", ""), _FIELD_ERRORS["wrong_kind"])),
    "too_small": lambda p: _("At least %(limit)s is needed.", **p),
    "too_large": lambda p: _("At most %(limit)s is possible.", **p),
    "too_long": lambda p: _("Too long: %(length)s characters, at most %(limit)s are possible.", **p),
    "nip_length": lambda p: ngettext(
        "A NIP has 10 digits; this has one.", "A NIP has 10 digits; this has %(n)s.", p["digits"]
    ),
    "regon_length": lambda p: ngettext(
        "A REGON has 9 or 14 digits; this has one.", "A REGON has 9 or 14 digits; this has %(n)s.", p["digits"]
    ),
    "moment_too_far": lambda p: _("This is too far ahead: at most %(days)s days are possible.", **p),
    "list_too_long": lambda p: _(
        "The list has more than %(limit)s rows: too many to wait for. Have it exported in the background.", **p
    ),
    "number_out_of_range": lambda p: _("A whole number from %(least)s to %(most)s is needed.", **p),
    "point_twice": lambda p: _("Retail point %(point)s stands here twice.", **p),
    "file_cannot_change": lambda p: _("It is “%(now)s” here, and a file can't change that.", **p),
    "papers_name_the_points": lambda p: _(
        "The papers of ticket %(ticket)s name its points and stations already: a file can't change them.", **p
    ),
    "point_of_another_company": lambda p: _("Retail point %(point)s belongs to another company.", **p),
    "point_number_is_ours": lambda p: _(
        "%(point)s is no retail point of this company. New points are numbered by us: leave the number out.", **p
    ),
    "number_taken": lambda p: _("Ticket %(number)s exists already, with other data.", **p),
    "differs_from_line": lambda p: _("Differs from line %(line)s, which belongs to the same ticket.", **p),
    "dealer_is_inactive": lambda p: _("%(dealer)s is not active.", **p),
    "dealer_is_not_certified": lambda p: _("%(dealer)s is not certified for this type.", **p),
    "dealer_has_it": lambda p: _("%(dealer)s has it already.", **p),
    "too_many_views": lambda p: _("You have %(limit)s views, which is all that fit. Remove one first.", **p),
    **tax_ids.FIELD_ERRORS,
    **paper_sentences(kind_label),
    **quote_words.FIELD_ERRORS,
    **invoice_words.FIELD_ERRORS,
    **extension_words.FIELD_ERRORS,
    **bulk_words.FIELD_ERRORS,
}
