"""Everything that anybody is told, by its code."""

from collections.abc import Mapping

from mikroserwis.telling import account_events, deadline_events, paper_events, ticket_events
from mikroserwis.telling.model import Event

EVENTS: Mapping[str, Event] = {
    one.code: one
    for one in (*ticket_events.EVENTS, *deadline_events.EVENTS, *paper_events.EVENTS, *account_events.EVENTS)
}
