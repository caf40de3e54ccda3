"""A file of tickets that somebody has brought."""

import io
from datetime import UTC, datetime

from mikroserwis.access import Actor
from mikroserwis.edge import Parts
from mikroserwis.tickets.operations import import_drafts

NAMES = "crm_id;type;opened_on;tax_id;company_name;postal_code;city;point_id;point_name;stations_buy;stations_exchange"
GOOD = (
    f"{NAMES}\n"
    "701;insoft;2026-01-05;5260250995;Delikatesy Łoś;26-600;Radom;7001;Rynek;1;0\n"
    "701;insoft;2026-01-05;5260250995;Delikatesy Łoś;26-600;Radom;7002;Dworzec;0;2\n"
)
# A wrong NIP and a wrong number: two cells to mend, in one ticket.
BAD = (
    "702;insoft;2026-01-05;5260250996;Zielony Koszyk;26-600;Radom;7003;Targ;1;0\n"
    "702;insoft;2026-01-05;5260250996;Zielony Koszyk;26-600;Radom;7004;Most;x;0\n"
)


def brought(parts: Parts, actor: Actor, content: str = GOOD, name: str = "zgłoszenia.csv") -> int:
    """The id of the draft; the file lies in the store."""
    raw = content.encode()
    stored = import_drafts.shelf(parts.settings).put(io.BytesIO(raw), limit=len(raw))
    with parts.database.transaction() as session:
        draft = import_drafts.check(session, name, stored, io.BytesIO(raw), actor=actor, now=datetime.now(UTC))
        return draft.id
