"""Who acts, detached from the session."""

from dataclasses import dataclass

STAFF = frozenset({"operator", "admin", "master"})
ROLES = ("dealer", "operator", "technician", "seller", "admin", "master", "customer")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """`source` is web, api, cli or system; `picture` the store's name of one; `reading` the tag of how one reads.

    `client_id` is the program's that acts on its own, with an operator's rights; `scopes` is what a token is limited
    to, None for all that its person may.
    """

    user_id: int | None
    name: str
    role: str
    dealer_id: int | None = None
    dealer_name: str = ""
    language: str = "pl"
    source: str = "web"
    address: str = ""
    picture: str | None = None
    reading: str = "pl"
    client_id: int | None = None
    scopes: frozenset[str] | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def is_dealer(self) -> bool:
        return self.role == "dealer" and self.dealer_id is not None

    @property
    def label(self) -> str:
        """As history shows it: a dealer's people under the dealer's name too."""
        return f"{self.name} ({self.dealer_name})" if self.dealer_name and self.dealer_name != self.name else self.name


SYSTEM = Actor(user_id=None, name="Mikroserwis", role="system", source="system")
