"""API clients over the API: kept by people, and a program's own webhooks by itself."""

from mikroserwis.clients.api import clients, webhooks
from mikroserwis.clients.api.blueprint import blueprint

__all__ = ["blueprint", "clients", "webhooks"]
