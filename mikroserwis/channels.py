"""Which act tells whom over which channel: as shipped, or as staff have chosen for an event."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.models import EventChannels
from mikroserwis.telling import EMAIL, EVENTS, SMS

IN_PAGE = "in_page"
CHANNELS = (EMAIL, SMS, IN_PAGE)
_CHOSEN = "event channels"
_LINKS = ("account_activation", "account_recovery")
_SECURITY = (
    *("password_changed", "address_changed", "second_factor_on", "second_factor_off"),
    *("second_factor_reset", "second_factor_recovery", "second_factor_guessed", "new_device"),
)
# What can't be chosen, and why: a code that `messages.wording` says.
_FIXED: Mapping[str, Mapping[str, tuple[bool, str]]] = {
    **{event: {EMAIL: (True, "brings_the_link"), IN_PAGE: (False, "not_in_yet")} for event in _LINKS},
    **{event: {EMAIL: (True, "security")} for event in _SECURITY},
    "quote": {EMAIL: (True, "brings_the_quote")},
}


@dataclass(frozen=True)
class Ways:
    """Over which channels an event is told; `version` is 0 as long as nobody has chosen."""

    email: bool = True
    sms: bool = False
    in_page: bool = True
    version: int = 0

    def over(self, channel: str) -> bool:
        chosen: bool = getattr(self, channel)
        return chosen


def told() -> list[str]:
    """Codes of the events that are messages, in the order in which they are told of."""
    return [code for code, event in EVENTS.items() if EMAIL in event.texts]


def fixed(event: str) -> dict[str, tuple[bool, str]]:
    """Channels of an event that are not to be chosen: what holds, and a code for why."""
    silent = {} if SMS in EVENTS[event].texts else {SMS: (False, "no_text")}
    return {**silent, **_FIXED.get(event, {})}


def ways(session: Session, event: str) -> Ways:
    """As it stands now. What isn't in the registry, such as a trial of a text, goes by mail alone."""
    if event not in EVENTS:
        return Ways(in_page=False)
    row = _chosen(session).get(event)
    held = {name: value for name, (value, _why) in fixed(event).items()}
    chosen = {name: getattr(row, name) for name in CHANNELS} if row else {}
    return Ways(**{**chosen, **held}, version=row.version if row else 0)


def forget(session: Session) -> None:
    """A choice was changed in this transaction."""
    session.info.pop(_CHOSEN, None)


def _chosen(session: Session) -> dict[str, EventChannels]:
    """Read once in a transaction, however many messages it writes."""
    known: dict[str, EventChannels] | None = session.info.get(_CHOSEN)
    if known is None:
        known = {row.event: row for row in session.scalars(select(EventChannels))}
        session.info[_CHOSEN] = known
    return known
