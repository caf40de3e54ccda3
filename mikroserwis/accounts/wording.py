"""The words for accounts: labels, what is wrong with a value, what stands in the way, and history as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.consents import wording as consents
from mikroserwis.i18n import GREGORIAN, JALALI, LANGUAGES, LATIN, PERSIAN, lazy
from mikroserwis.i18n import gettext as _

Said = Mapping[str, Any]

FIELDS: dict[str, Any] = {
    "name": lazy("Name and surname"),
    "email": lazy("E-mail"),
    "phone": lazy("Phone"),
    "user_name": lazy("User name"),
    "language": lazy("Language"),
    "calendar": lazy("Calendar of dates"),
    "digits": lazy("Digits"),
    "role": lazy("Role"),
}
CALENDARS: dict[str, Any] = {GREGORIAN: lazy("Gregorian"), JALALI: lazy("Jalali (Persian)")}
DIGITS: dict[str, Any] = {LATIN: lazy("Latin: 0123456789"), PERSIAN: lazy("Persian: ۰۱۲۳۴۵۶۷۸۹")}
# What a person chooses from, as forms offer it.
READING = {"spoken": list(LANGUAGES.items()), "calendars": list(CALENDARS.items()), "digit_ways": list(DIGITS.items())}
PASSWORDS: dict[str, Any] = {
    "present": lazy("Present password"),
    "password": lazy("New password"),
    "repeated": lazy("Once more"),
    "picture": lazy("Picture or logo"),
}
ROLES: dict[str, Any] = {
    "dealer": lazy("Dealer"),
    "operator": lazy("Operator"),
    "technician": lazy("Technician"),
    "seller": lazy("Seller"),
    "admin": lazy("Administrator"),
    "master": lazy("Master"),
    "customer": lazy("Customer"),
}
STATES: dict[str, Any] = {
    "active": lazy("in use"),
    "invited": lazy("not activated yet"),
    "off": lazy("blocked"),
    "removed": lazy("removed"),
}
_VALUES = {"role": ROLES, "language": LANGUAGES, "calendar": CALENDARS, "digits": DIGITS}
_WRONG: dict[str, Any] = {
    "user_name_form": lazy(
        "3 to 60 small letters, figures, dots, dashes and underlines, beginning with a letter or figure; no telephone "
        "number."
    ),
    "email_taken": lazy("Another account has this address. Each account needs an address of its own."),
    "phone_taken": lazy("Another account signs in with this number. Leave it empty, or give another one."),
    "user_name_taken": lazy("Another account has this user name. Choose another one."),
    "picture_too_large": lazy("The picture is too large: at most 8 MB are possible."),
    "not_the_code": lazy("This code is wrong, or it has been used. Wait for the next one."),
    "not_the_password": lazy("This is not your present password."),
    "not_the_same": lazy("The two are not the same. Type the new password once more."),
}
BLOCKERS: dict[str, Callable[[Said], str]] = {
    "account_is_active": lambda _said: _("The account is blocked: let it sign in again first."),
    "account_is_anothers": lambda _said: _("This is your own account. Somebody else has to do that."),
    "a_master_stays": lambda _said: _("It is the last account that may make accounts. Make another master first."),
}
_ACTS: dict[str, Any] = {
    "user_change": lazy("Changed the account"),
    "user_activated": lazy("Chose the first password"),
    "user_password": lazy("A new password was chosen"),
    "user_recovery": lazy("Asked for a new password"),
    "user_activate": lazy("Let the account sign in again"),
    "user_deactivate": lazy("Blocked the account: every session ended"),
    "user_remove": lazy("Removed the account"),
    "user_sessions": lazy("Ended every session"),
    "user_picture": lazy("Changed the picture"),
    "second_factor_on": lazy("Switched the second step on"),
    "second_factor_off": lazy("Switched the second step off"),
    "second_factor_reset": lazy("Took the second step off"),
    "second_factor_codes": lazy("Made new recovery codes"),
    "second_factor_recovery": lazy("Used a recovery code"),
}


def field_sentence(code: str, _params: Said) -> str:
    """What is wrong with a value; empty for codes of others."""
    return str(_WRONG.get(code, ""))


def blocker_sentence(code: str, params: Said) -> str:
    """What stands in the way; empty for codes of others."""
    told = BLOCKERS.get(code)
    return told(params) if told else ""


def act_words(verb: str, said: Said) -> str:
    """What was done, as a sentence without its subject."""
    if verb == "user_add":
        return _("Made the account: %(role)s", role=str(ROLES.get(said.get("role", ""), "")))
    if verb == "user_link":
        return _("Sent a link to set the password to %(to)s", to=said.get("to", ""))
    return str(_ACTS.get(verb) or consents.act_words(verb, said))


def value_words(name: str, value: str) -> str:
    """A field's kept text as people read it."""
    known: Mapping[str, Any] = _VALUES.get(name, {})
    return str(known.get(value, value))
