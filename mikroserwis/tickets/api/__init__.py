"""/api/v1: whatever a person can do to a ticket on screen, that person's token can do here."""

from mikroserwis.tickets.api import (
    acts,
    bulk,
    company,
    deliveries,
    extensions,
    files,
    imports,
    intake,
    invoices,
    list_exports,
    notes,
    quotes,
    saved_views,
    subtickets,
    tickets,
    undoing,
)
from mikroserwis.tickets.api.base import blueprint

__all__ = [
    "acts",
    "blueprint",
    "bulk",
    "company",
    "deliveries",
    "extensions",
    "files",
    "imports",
    "intake",
    "invoices",
    "list_exports",
    "notes",
    "quotes",
    "saved_views",
    "subtickets",
    "tickets",
    "undoing",
]
