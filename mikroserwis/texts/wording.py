"""The words for texts: channels, labels, what is wrong and where, and history as sentences."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.i18n import LANGUAGES, lazy
from mikroserwis.i18n import gettext as _
from mikroserwis.telling import EMAIL, EVENTS, PDF, SMS

Said = Mapping[str, Any]

CHANNELS: dict[str, Any] = {EMAIL: lazy("E-mail"), SMS: lazy("SMS"), PDF: lazy("PDF")}
FIELDS: dict[str, Any] = {"subject": lazy("Subject"), "body": lazy("Text"), "ticket": lazy("Ticket")}
VERBS = ("text_change", "text_restore")
_PLAIN_ERRORS: dict[str, Any] = {
    "no_such_ticket": lazy("There is no ticket with this number."),
    "text_says_nothing": lazy("With these values the text says nothing: leave something outside of {% if … %}."),
}


def _unknown(p: Said) -> str:
    if p["near"]:
        return _("Line %(line)s, sign %(column)s: nobody knows “%(name)s”. Did you mean “%(near)s”?", **p)
    return _("Line %(line)s, sign %(column)s: nobody knows “%(name)s”. Choose a variable of the list.", **p)


_TOLD_ERRORS: dict[str, Callable[[Said], str]] = {
    "text_unknown": _unknown,
    "text_syntax": lambda p: _(
        "Line %(line)s cannot be read: “%(found)s”. Every {{ needs its }}, and every {%% if … %%} its {%% endif %%}.",
        **p,
    ),
    "text_forbidden": lambda p: _(
        "Line %(line)s, sign %(column)s: “%(found)s” is not possible. Only {{ variable }} and {%% if variable %%} … "
        "{%% endif %%} are.",
        **p,
    ),
    "text_flag": lambda p: _(
        "Line %(line)s: “%(name)s” can only be asked for, with {%% if %(name)s %%} … {%% endif %%}.", **p
    ),
    "text_missing": lambda p: _(
        "{{ %(name)s }} has to stand in the text, outside of {%% if … %%}: without it the message is of no use.", **p
    ),
    "text_link_alone": lambda p: _(
        "Line %(line)s, sign %(column)s: {{ %(name)s }} has to stand alone on its line. It bears a secret, and "
        "whatever touches it could lead that elsewhere.",
        **p,
    ),
    "text_link_in_subject": lambda p: _(
        "Sign %(column)s: {{ %(name)s }} can't stand in the subject. It bears a secret, which the text alone may tell.",
        **p,
    ),
    "text_too_deep": lambda p: _("At most %(limit)s questions can stand one within another.", limit=p["limit"]),
    "subject_is_prescribed": lambda p: _("The manual prescribes this subject: “%(name)s”.", name=p["name"]),
}


def field_sentence(code: str, params: Said) -> str:
    """What is wrong with a text; empty for codes of others."""
    told = _TOLD_ERRORS.get(code)
    return told(params) if told else str(_PLAIN_ERRORS.get(code, ""))


def act_words(verb: str, said: Said) -> str:
    """What was done to a text, as a sentence."""
    event = EVENTS.get(said["event"])
    told = {
        "text": str(event.label) if event else said["event"],
        "channel": str(CHANNELS.get(said["channel"], said["channel"])),
        "language": LANGUAGES.get(said["language"], said["language"]),
        "version": said["number"],
    }
    if verb == "text_restore":
        return _("Restored the predefined text “%(text)s” (%(channel)s, %(language)s)", **told)
    if said.get("of"):
        return _(
            "Brought back version %(of)s of the text “%(text)s” (%(channel)s, %(language)s) as version %(version)s",
            of=said["of"],
            **told,
        )
    return _("Changed the text “%(text)s” (%(channel)s, %(language)s), version %(version)s", **told)
