"""Pages of the programs that act on their own."""

from mikroserwis.clients.views import clients, secrets, tokens, webhooks
from mikroserwis.clients.views.blueprint import blueprint

__all__ = ["blueprint", "clients", "secrets", "tokens", "webhooks"]
