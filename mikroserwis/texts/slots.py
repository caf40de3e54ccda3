"""Where a text stands: an event, a channel and a language."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mikroserwis.errors import NotFound
from mikroserwis.i18n import LANGUAGES, speaking
from mikroserwis.telling import EVENTS, PDF, Event
from mikroserwis.telling.rendering import Own, shipped

# Papers are made in Polish alone.
PAPER_LANGUAGE = "pl"


@dataclass(frozen=True)
class Slot:
    """One place for a text; `key` is how the database and addresses call it."""

    event: Event
    channel: str
    language: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.event.code, self.channel, self.language

    def shipped(self) -> Own:
        """What stands here where nobody wrote anything."""
        with speaking(self.language):
            return shipped(self.event, self.channel)


def slot(event: str, channel: str, language: str) -> Slot:
    """Raises NotFound."""
    found = EVENTS.get(event)
    if found is None or channel not in found.texts or language not in languages(channel):
        raise NotFound(record="text", id=f"{event}/{channel}/{language}")
    return Slot(found, channel, language)


def every(channel: str, language: str) -> Iterator[Slot]:
    """Of one channel and language, in the register's order."""
    return (Slot(event, channel, language) for event in EVENTS.values() if channel in event.texts)


def languages(channel: str) -> tuple[str, ...]:
    """In which the channel has texts."""
    return (PAPER_LANGUAGE,) if channel == PDF else tuple(LANGUAGES)


def sampled(of: Slot) -> dict[str, Any]:
    """Sample values, in the text's language."""
    with speaking(of.language):
        return of.event.samples()
