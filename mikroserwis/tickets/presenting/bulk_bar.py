"""The bar under the list: what staff can do to many tickets at once."""

from typing import Any

from flask import url_for

from mikroserwis.i18n import ngettext, say_number
from mikroserwis.tickets.listing import Page
from mikroserwis.tickets.wanted import Wanted, canonical

# As many tickets as one act may touch.
MOST = 2000


def bar(page: Page, wanted: Wanted) -> dict[str, Any]:
    """What tickets/_bulk_bar.html wants."""
    return {
        "url": url_for("tickets.bulk"),
        "query": canonical(wanted),
        "total": say_number(page.total) + ("+" if page.bounded else ""),
        "label": ngettext("%(n)s ticket of this list", "All %(n)s tickets of this list", page.total),
        "empty": not page.total,
        "fits": page.total <= MOST and not page.bounded,
        "most": say_number(MOST),
        "earlier_url": url_for("tickets.bulk_acts"),
    }
