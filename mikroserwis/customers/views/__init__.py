"""The pages of customers."""

from mikroserwis.customers.views import consents, contacts, customers, points
from mikroserwis.customers.views.blueprint import blueprint

__all__ = ["blueprint", "consents", "contacts", "customers", "points"]
