"""Acts, records and values of the history in words: the slices' own sentences, and a name for every act."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.accounts import wording as accounts
from mikroserwis.clients import wording as clients
from mikroserwis.customers import wording as customers
from mikroserwis.dealers import wording as dealers
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.models import Event
from mikroserwis.prices import wording as prices
from mikroserwis.textkeys import fold
from mikroserwis.texts import wording as texts
from mikroserwis.tickets import wording as tickets
from mikroserwis.tickets.presenting import events

Said = Mapping[str, Any]
OF_MATERIAL = ("add_material", "change_material", "move_material", "remove_material")
SOURCES: dict[str, Any] = {
    "web": lazy("page"),
    "api": lazy("API"),
    "cli": lazy("command line"),
    "system": lazy("system"),
}
KINDS: dict[str, Any] = {
    "ticket": lazy("Ticket"),
    "customer": lazy("Customer"),
    "point": lazy("Retail point"),
    "dealer": lazy("Dealer"),
    "contact": lazy("Vendor contact"),
    "price": lazy("Price"),
    "form": lazy("Paper form"),
    "user": lazy("Account"),
    "material": lazy("Training material"),
    "text": lazy("Text of messages"),
    "client": lazy("API client"),
    "other": lazy("Other"),
}
VERBS: dict[str, Any] = {
    "create": lazy("Ticket: came in"),
    "take": lazy("Ticket: taken"),
    "sign": lazy("Ticket: became a contract"),
    "suspend": lazy("Ticket: suspended"),
    "resume": lazy("Ticket: resumed"),
    "close": lazy("Ticket: closed"),
    "cancel": lazy("Ticket: cancelled"),
    "reopen": lazy("Ticket: reopened"),
    "withdraw": lazy("Ticket: sub-ticket withdrawn"),
    "resign": lazy("Ticket: dealer resigned"),
    "reassign": lazy("Ticket: given to another dealer"),
    "undo": lazy("Ticket: change of dealer undone"),
    "reclock": lazy("Ticket: deadline computed anew"),
    "extend": lazy("Ticket: deadline moved"),
    "undo_extension": lazy("Ticket: later deadline taken back"),
    "ask_extension": lazy("Ticket: more time asked for"),
    "withdraw_extension": lazy("Ticket: request for more time withdrawn"),
    "refuse_extension": lazy("Ticket: more time refused"),
    "note": lazy("Ticket: note"),
    "file": lazy("Ticket: changed by a file"),
    "attach": lazy("Papers: added"),
    "reject": lazy("Papers: rejected"),
    "export": lazy("Papers: queued for the backoffice"),
    "acknowledged": lazy("Papers: acknowledged"),
    "refused": lazy("Papers: refused by the backoffice"),
    "retry": lazy("Papers: sent again"),
    "dropped": lazy("Papers: not sent"),
    "quote_issue": lazy("Quote: issued"),
    "quote_accept": lazy("Quote: accepted"),
    "quote_decline": lazy("Quote: declined"),
    "quote_supersede": lazy("Quote: replaced"),
    "invoice": lazy("Final invoice: given"),
    "mail_again": lazy("Mail: sent again"),
    "sms_again": lazy("SMS: sent again"),
    "event_channels": lazy("Messages: channels of an event chosen"),
    "company": lazy("Company: data changed"),
    "confirm": lazy("Company: data confirmed"),
    "point": lazy("Retail point: data changed or checked"),
    "customer_add": lazy("Customer: added"),
    "customer_delete": lazy("Customer: deleted"),
    "customer_owner": lazy("Customer: seller changed"),
    "customer_contact_add": lazy("Customer: person added"),
    "customer_contact_change": lazy("Customer: person changed"),
    "customer_contact_delete": lazy("Customer: person removed"),
    "customer_point_add": lazy("Customer: retail point added"),
    "customer_point_delete": lazy("Customer: retail point deleted"),
    "dealer_add": lazy("Dealer: added"),
    "dealer_change": lazy("Dealer: changed"),
    "dealer_activate": lazy("Dealer: put back into use"),
    "dealer_deactivate": lazy("Dealer: taken out of use"),
    "dealer_delete": lazy("Dealer: deleted"),
    "dealer_digest": lazy("Dealer: way of telling deadlines chosen"),
    "absence_add": lazy("Absence: entered"),
    "absence_change": lazy("Absence: changed"),
    "absence_end": lazy("Absence: ended"),
    "contact_add": lazy("Vendor contact: added"),
    "contact_change": lazy("Vendor contact: changed"),
    "contact_delete": lazy("Vendor contact: deleted"),
    "price_add": lazy("Price: added"),
    "price_change": lazy("Price: changed"),
    "price_activate": lazy("Price: put back into use"),
    "price_deactivate": lazy("Price: taken out of use"),
    "offer_add": lazy("Special offer: added"),
    "offer_withdraw": lazy("Special offer: withdrawn"),
    "form_add": lazy("Paper form: version uploaded"),
    "form_in_force": lazy("Paper form: version put in force"),
    "form_shipped": lazy("Paper form: back to the shipped one"),
    "text_change": lazy("Text: changed"),
    "text_restore": lazy("Text: predefined one restored"),
    "add_material": lazy("Training material: added"),
    "change_material": lazy("Training material: changed"),
    "move_material": lazy("Training material: moved"),
    "remove_material": lazy("Training material: removed"),
    "save_view": lazy("View: saved"),
    "change_view": lazy("View: changed"),
    "remove_view": lazy("View: removed"),
    "job_ask": lazy("Job: asked for"),
    "user_add": lazy("Account: added"),
    "user_change": lazy("Account: changed"),
    "user_link": lazy("Account: link sent"),
    "user_activate": lazy("Account: put back into use"),
    "user_activated": lazy("Account: activated"),
    "user_deactivate": lazy("Account: taken out of use"),
    "user_remove": lazy("Account: removed"),
    "user_password": lazy("Account: password changed"),
    "user_recovery": lazy("Account: recovered"),
    "user_picture": lazy("Account: picture changed"),
    "user_sessions": lazy("Account: sessions ended"),
    "client_add": lazy("API client: added"),
    "client_change": lazy("API client: changed"),
    "client_activate": lazy("API client: switched on"),
    "client_deactivate": lazy("API client: switched off"),
    "client_token_add": lazy("API client: token made"),
    "client_token_rotate": lazy("API client: token replaced"),
    "client_token_revoke": lazy("API client: token revoked"),
    "webhook_add": lazy("Webhook: added"),
    "webhook_change": lazy("Webhook: changed"),
    "webhook_activate": lazy("Webhook: switched on"),
    "webhook_deactivate": lazy("Webhook: switched off"),
    "webhook_off": lazy("Webhook: switched off by itself"),
    "webhook_secret": lazy("Webhook: new secret"),
    "webhook_ping": lazy("Webhook: test message"),
    "webhook_replay": lazy("Webhook: messages sent again"),
    "second_factor_on": lazy("Second factor: switched on"),
    "second_factor_off": lazy("Second factor: switched off"),
    "second_factor_reset": lazy("Second factor: reset by staff"),
    "second_factor_codes": lazy("Second factor: new recovery codes"),
    "second_factor_recovery": lazy("Second factor: recovery code used"),
    "consent_give": lazy("Consent: given"),
    "consent_withdraw": lazy("Consent: withdrawn"),
    "consent_text": lazy("Consent: wording published"),
    "person_export": lazy("Personal data: exported"),
    "person_anonymise": lazy("Personal data: made anonymous"),
}


def verb_label(verb: str) -> str:
    """An act of another release keeps its code."""
    return str(VERBS.get(verb, verb))


def verbs_saying(word: str) -> list[str]:
    """Acts whose name has the word, in the reader's language."""
    wanted = fold(word)
    return [verb for verb, label in VERBS.items() if wanted in fold(str(label)) or word == verb]


def said(event: Event) -> dict[str, Any]:
    """What it tells beside who and when; of a row that somebody broke, nothing."""
    try:
        found = {"changes": json.loads(event.changes), **json.loads(event.data)}
    except (ValueError, TypeError):
        return {"changes": {}}
    return found if isinstance(found["changes"], dict) else {**found, "changes": {}}


def sentence(event: Event, told: Said) -> str:
    """What was done, as the record's own history says it."""
    words = _sentences(event)
    if words is None:
        return verb_label(event.verb)
    try:
        found = words(event.verb, told)
    except (KeyError, ValueError, TypeError, ArithmeticError):
        # A row of another release, or one that somebody has altered.
        return verb_label(event.verb)
    return verb_label(event.verb) if found == event.verb else found


def field_label(event: Event, name: str) -> str:
    label = _fields(event).get(name) or prices.FIELDS.get(name) or dealers.FIELDS.get(name)
    return str(label) if label else name.replace("_", " ")


def value_words(event: Event, name: str, value: Any) -> str:
    """A kept value as people read it."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(value_words(event, name, one) for one in value)
    if isinstance(value, str) and (event.about_dealer_id or event.vendor_contact_id):
        return _read(dealers.value_words, name, value)
    if isinstance(value, str) and event.price_item_id:
        return _read(prices.value_words, name, value)
    if isinstance(value, str) and event.client_id:
        return _read(clients.value_words, name, value)
    if isinstance(value, str) and event.user_id:
        return _read(accounts.value_words, name, value)
    if isinstance(value, str) and event.customer_id and event.ticket_id is None:
        return _read(customers.value_words, name, value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _fields(event: Event) -> Mapping[str, Any]:
    if event.about_dealer_id or event.vendor_contact_id:
        return dealers.FIELDS
    if event.client_id:
        return clients.FIELDS
    if event.user_id:
        return accounts.FIELDS
    return tickets.FIELDS if event.ticket_id or not event.customer_id else customers.FIELDS


def _sentences(event: Event) -> Callable[[str, Said], str] | None:
    if event.about_dealer_id or event.vendor_contact_id:
        return dealers.act_words
    if event.price_item_id:
        return prices.act_words
    if event.verb in texts.VERBS:
        return texts.act_words
    if event.client_id:
        return clients.act_words
    if event.user_id:
        return accounts.act_words
    if event.ticket_id is None:
        return customers.act_words if event.customer_id else None
    return lambda verb, told: events.in_words(verb, told, of_subticket=event.subticket_id is not None)


def _read(words: Callable[[str, str], str], name: str, value: str) -> str:
    try:
        return words(name, value)
    except (KeyError, ValueError, ArithmeticError):
        return value
