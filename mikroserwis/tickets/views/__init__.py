"""Pages and forms of the dealers' and the staff's work on tickets."""

from mikroserwis.tickets.views import (
    acts,
    company,
    deliveries,
    detail,
    files,
    intake,
    listing,
    notes,
    saved_views,
    subtickets,
)
from mikroserwis.tickets.views.base import blueprint

__all__ = [
    "acts",
    "blueprint",
    "company",
    "deliveries",
    "detail",
    "files",
    "intake",
    "listing",
    "notes",
    "saved_views",
    "subtickets",
]
