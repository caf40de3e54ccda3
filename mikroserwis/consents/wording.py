"""The words for consents: kinds, the shipped wordings, where a decision came from, and history as sentences."""

from collections.abc import Mapping
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy

Said = Mapping[str, Any]
KINDS: dict[str, Any] = {
    "sms": lazy("SMS"),
    "email": lazy("E-mail"),
    "marketing": lazy("Marketing"),
}
# Agreed to as long as the office has published no other wording.
SHIPPED: dict[str, Any] = {
    "sms": lazy(
        "I agree to be told by SMS, at the phone number given here, about my tickets and appointments. I can withdraw "
        "this consent at any time; what was sent before stays lawful."
    ),
    "email": lazy(
        "I agree to be told by e-mail, at the address given here, about the progress of my tickets. I can withdraw "
        "this consent at any time. Messages that the service itself needs, such as links to set a password, come "
        "without it."
    ),
    "marketing": lazy(
        "I agree to receive offers and news of products and services over the channels that I have consented to. I "
        "can withdraw this consent at any time; it isn't a condition of any service."
    ),
}
SOURCES: dict[str, Any] = {
    "office": lazy("the office's page"),
    "account": lazy("own account"),
    "link": lazy("unsubscribe link"),
    "api": lazy("API"),
    "import": lazy("import"),
}
FIELDS: dict[str, Any] = {
    "person": lazy("Person"),
    "kind": lazy("Consent"),
    "given": lazy("Decision"),
    "note": lazy("How it came"),
    "language": lazy("Language"),
    "body": lazy("Wording"),
    "confirmation": lazy("Name or e-mail of the person"),
}
_STATES: dict[bool | None, Any] = {
    True: lazy("given"),
    False: lazy("taken back"),
    None: lazy("never asked"),
}
_WRONG: dict[str, Any] = {
    "no_such_person": lazy("This is none of the customer's people. Choose one of the list."),
    "not_the_person": lazy(
        "This is neither the name nor the e-mail of this person. Type one of them as it stands above."
    ),
    "note_is_given": lazy("Say how it came, such as “by phone” or “on paper”: it is the proof."),
}


def state_words(given: bool | None) -> str:
    return str(_STATES[given])


def field_sentence(code: str, _params: Said) -> str:
    """What is wrong with a value; empty for codes of others."""
    return str(_WRONG.get(code, ""))


def act_words(verb: str, said: Said) -> str:
    """What was done, as a sentence without its subject; the verb itself for those of others."""
    about = {"kind": str(KINDS.get(said.get("kind", ""), "")), "name": said.get("name", "")}
    return {
        "consent_give": lambda: _("Recorded the consent “%(kind)s” of %(name)s", **about),
        "consent_withdraw": lambda: _("Recorded that %(name)s withdrew the consent “%(kind)s”", **about),
        "person_export": lambda: _("Exported the person's data"),
        "person_anonymise": lambda: _("Made the person anonymous: %(name)s", name=about["name"]),
        "consent_text": lambda: _("Published a new wording of the consent “%(kind)s”", kind=about["kind"]),
    }.get(verb, lambda: verb)()
