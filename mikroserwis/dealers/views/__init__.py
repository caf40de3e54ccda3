"""Pages of the dealers: staff keep them, a dealer's people see their own."""

from mikroserwis.dealers.views import absences, contacts, dealers
from mikroserwis.dealers.views.blueprint import blueprint
from mikroserwis.dealers.views.own import blueprint as own_blueprint

__all__ = ["absences", "blueprint", "contacts", "dealers", "own_blueprint"]
