"""The words for what a message is about, over which channel it goes, and what can't be chosen there."""

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy
from mikroserwis.telling import EVENTS as TOLD

EVENTS = {**{code: event.label for code, event in TOLD.items()}, "text_test": lazy("Trial of a text")}
CHANNELS = {"email": lazy("E-mail"), "sms": lazy("SMS"), "in_page": lazy("On the page")}
STATES = {
    "waiting": lazy("Waiting to be sent"),
    "retrying": lazy("Failed, will be tried again"),
    "delivered": lazy("Sent"),
    "withheld": lazy("Not sent, as a consent is missing"),
    "failed": lazy("Wait for a person"),
}


def event_label(event: str) -> str:
    return str(EVENTS.get(event, event))


def why_fixed(reason: str) -> str:
    """Why a channel of an event is not to be chosen."""
    return {
        "brings_the_link": _("always: it brings the link"),
        "not_in_yet": _("never: the reader can't sign in yet"),
        "security": _("always: whoever didn't do it has to know"),
        "brings_the_quote": _("always: it brings the quote"),
        "no_text": _("never: no SMS text"),
    }[reason]


def channels_said(names: list[str]) -> str:
    """Channels in a row, as the history tells them."""
    return ", ".join(str(CHANNELS[name]) for name in CHANNELS if name in names) or _("nothing")
