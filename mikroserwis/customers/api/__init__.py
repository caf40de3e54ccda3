"""Customers, their people and their shops over the API."""

from mikroserwis.customers.api import contacts, customers, points, records
from mikroserwis.customers.api.blueprint import blueprint

__all__ = ["blueprint", "contacts", "customers", "points", "records"]
