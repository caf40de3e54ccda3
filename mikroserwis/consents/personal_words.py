"""The words for personal data: what is exported, what stands in the way, and what is kept how long and why."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext

Said = Mapping[str, Any]
SECTIONS: dict[str, Any] = {
    "person": lazy("Own record"),
    "company": lazy("Company"),
    "consents": lazy("Consents"),
    "sign_ins": lazy("Attempts to sign in"),
    "sessions": lazy("Sessions"),
    "links": lazy("Links to set a password"),
    "tokens": lazy("Tokens"),
    "notifications": lazy("Notifications"),
    "views": lazy("Saved views"),
    "pictures": lazy("Picture"),
    "notes": lazy("Notes"),
    "messages": lazy("Messages"),
    "history": lazy("History"),
    "named": lazy("Named in other records"),
}
BLOCKERS: dict[str, Callable[[Said], str]] = {
    "person_is_somebody_else": lambda _said: _("This is yourself. Somebody else has to do that."),
    "account_is_out_of_use": lambda _said: _("The account is in use. Block or remove it first."),
    "customers_have_another_seller": lambda p: ngettext(
        "%(n)s customer is this seller's. Give it to another one first.",
        "%(n)s customers are this seller's. Give them to another one first.",
        p["n"],
    ),
    "no_open_ticket_depends_on_it": lambda p: ngettext(
        "%(n)s open ticket has nobody else who could be asked. Close it, or enter another person first.",
        "%(n)s open tickets have nobody else who could be asked. Close them, or enter another person first.",
        p["n"],
    ),
}
# What a rule of config/rules.toml is about: what is kept, and why as long as that.
RULES_SAID: dict[str, tuple[Any, Any]] = {
    "sign_ins": (
        lazy("Attempts to sign in: address, device and result are removed"),
        lazy("Break-ins are found late; the last success of each account stays, so that unused ones are known."),
    ),
    "mail_texts": (
        lazy("Recipient and text of messages are removed; when and about what stay"),
        lazy("What was sent is evidence for as long as claims from a service can be made."),
    ),
    "notifications": (
        lazy("Notifications on the page are removed"),
        lazy("They repeat what the tickets say."),
    ),
    "requests": (
        lazy("Addresses of requests for a new password are removed"),
        lazy("They serve to carry the request out, and to find abuse."),
    ),
    "closed_accounts": (
        lazy("Persons whose account is blocked or removed are made anonymous"),
        lazy("Questions about what they did come for some time after they have left."),
    ),
    "unused_accounts": (
        lazy("Customers' accounts in which nobody signed in are blocked and made anonymous"),
        lazy("Whoever doesn't come back has no more use of the account."),
    ),
    "removed_contacts": (
        lazy("Contacts that were deleted from their customer are made anonymous"),
        lazy("Until then a deletion by mistake can be found out."),
    ),
    "contacts": (
        lazy("Contacts of customers without any newer ticket are made anonymous"),
        lazy("Complaints and warranty are over by then."),
    ),
}
KEPT_FOR_GOOD: tuple[tuple[Any, Any], ...] = (
    (
        lazy("Tickets, quotes, papers, files and companies' data"),
        lazy("Books: contracts and taxes need them. Who is anonymous stands in them under a label."),
    ),
    (
        lazy("The history of changes"),
        lazy("Sealed against alteration. Who is anonymous is shown in it under a label, and can't be searched for."),
    ),
    (lazy("Decisions about consents, with their wording"), lazy("Proof that a message was allowed.")),
)
COUNTS: dict[str, Callable[[int], str]] = {
    "sign_ins": lambda n: ngettext("%(n)s sign-in removed", "%(n)s sign-ins removed", n),
    "mail_texts": lambda n: ngettext("%(n)s message emptied", "%(n)s messages emptied", n),
    "notifications": lambda n: ngettext("%(n)s notification removed", "%(n)s notifications removed", n),
    "requests": lambda n: ngettext("%(n)s request emptied", "%(n)s requests emptied", n),
    "closed_accounts": lambda n: ngettext(
        "%(n)s closed account made anonymous", "%(n)s closed accounts made anonymous", n
    ),
    "unused_accounts": lambda n: ngettext(
        "%(n)s unused account made anonymous", "%(n)s unused accounts made anonymous", n
    ),
    "removed_contacts": lambda n: ngettext(
        "%(n)s deleted contact made anonymous", "%(n)s deleted contacts made anonymous", n
    ),
    "contacts": lambda n: ngettext("%(n)s contact made anonymous", "%(n)s contacts made anonymous", n),
    "kept_back": lambda n: ngettext("%(n)s person still needed", "%(n)s persons still needed", n),
    "pictures": lambda n: ngettext("%(n)s picture removed", "%(n)s pictures removed", n),
}


def blocker_sentence(code: str, params: Said) -> str:
    """What stands in the way; empty for codes of others."""
    told = BLOCKERS.get(code)
    return told(params) if told else ""
