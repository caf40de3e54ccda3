"""The pages of customers."""

from mikroserwis.customers.views import contacts, customers, points
from mikroserwis.customers.views.blueprint import blueprint

__all__ = ["blueprint", "contacts", "customers", "points"]
