"""Pages and forms of the dealers' and the staff's work on tickets."""

from mikroserwis.tickets.views import (
    acts,
    bulk,
    company,
    deliveries,
    detail,
    extensions,
    files,
    imports,
    intake,
    invoices,
    listing,
    notes,
    quotes,
    saved_views,
    subtickets,
    undoing,
)
from mikroserwis.tickets.views.base import blueprint

__all__ = [
    "acts",
    "blueprint",
    "bulk",
    "company",
    "deliveries",
    "detail",
    "extensions",
    "files",
    "imports",
    "intake",
    "invoices",
    "listing",
    "notes",
    "quotes",
    "saved_views",
    "subtickets",
    "undoing",
]
