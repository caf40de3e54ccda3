"""Dealers, absences and vendor contacts over the API."""

from mikroserwis.dealers.api import absences, contacts, dealers, own
from mikroserwis.dealers.api.blueprint import blueprint

__all__ = ["absences", "blueprint", "contacts", "dealers", "own"]
