"""Who may do what: one table, and the scopes in which records are looked for. Out of scope: 404, not permitted: 403."""

from mikroserwis.access.actor import ROLES, STAFF, SYSTEM, Actor
from mikroserwis.access.loaders import (
    OF_THE_COMPANY,
    customer,
    file,
    handover,
    hold,
    just_taken,
    others_at_work,
    point,
    quote,
    subticket,
    ticket,
)
from mikroserwis.access.people import on_behalf_of
from mikroserwis.access.permissions import (
    PERMISSIONS,
    may,
    require,
    role_relations,
    subticket_relations,
    ticket_relations,
)
from mikroserwis.access.scopes import (
    visible_customers,
    visible_files,
    visible_subtickets,
    visible_ticket_ids,
    visible_tickets,
    ways,
)

__all__ = [
    "OF_THE_COMPANY",
    "PERMISSIONS",
    "ROLES",
    "STAFF",
    "SYSTEM",
    "Actor",
    "customer",
    "file",
    "handover",
    "hold",
    "just_taken",
    "may",
    "on_behalf_of",
    "others_at_work",
    "point",
    "quote",
    "require",
    "role_relations",
    "subticket",
    "subticket_relations",
    "ticket",
    "ticket_relations",
    "visible_customers",
    "visible_files",
    "visible_subtickets",
    "visible_ticket_ids",
    "visible_tickets",
    "ways",
]
