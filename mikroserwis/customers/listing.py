"""The list of customers as its address asks for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from mikroserwis import access
from mikroserwis.access import Actor
from mikroserwis.lists import Asked, whole
from mikroserwis.models import Customer, CustomerUser, Ticket, User
from mikroserwis.plaintext import tidy
from mikroserwis.tax_ids import COUNTRIES
from mikroserwis.textkeys import digits, fold

SIZES = (10, 25, 50)
COLUMNS = ("name", "tax_id", "city", "country", "owner", "open")
# Whether somebody of the customer can sign in.
ACCOUNTS = ("", "yes", "no")
NO_OWNER = "none"
_A_NUMBER = 6


@dataclass(frozen=True, kw_only=True)
class Wanted(Asked):
    """What the list's address asks for; every value stands in the URL. Unknown values are ignored, not errors.

    `seller` is the owner's id, or `none` for those without one.
    """

    q: str = ""
    country: str = ""
    seller: str = ""
    account: str = ""
    sort: str = "name"
    size: int = 25
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return bool(self.q or self.country or self.seller or self.account)


def read(arguments: Mapping[str, str]) -> Wanted:
    """Whatever can't be read is as if it weren't there."""
    country, seller, account, sort = (arguments.get(name, "") for name in ("country", "seller", "account", "sort"))
    size, page = (whole(arguments.get(name, "")) for name in ("size", "page"))
    return Wanted(
        q=tidy(arguments.get("q", ""))[:100],
        country=country if country in COUNTRIES else "",
        seller=seller if seller == NO_OWNER or whole(seller) else "",
        account=account if account in ACCOUNTS else "",
        sort=sort if sort.removeprefix("-") in COLUMNS else "name",
        size=size if size in SIZES else 25,
        page=page or 1,
    )


class Row(NamedTuple):
    """A customer with its seller, its open tickets, and whether somebody of it has an account."""

    customer: Customer
    owner: str | None
    open: int
    has_account: bool


@dataclass(frozen=True)
class Page:
    """`total` of all pages."""

    rows: list[Row]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // self.size), 1)


def fetch(session: Session, actor: Actor, wanted: Wanted) -> Page:
    """One page of those that the actor may see."""
    conditions = list(_conditions(wanted))
    query = access.visible_customers(actor).where(*conditions)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = min(wanted.page, max(-(-total // wanted.size), 1))
    found = _rows(query, wanted).limit(wanted.size).offset((page - 1) * wanted.size)
    return Page([Row(*one) for one in session.execute(found)], total, page, wanted.size)


def every(session: Session, actor: Actor, wanted: Wanted) -> Iterator[Row]:
    """All of them in order, as they are read."""
    query = access.visible_customers(actor).where(*_conditions(wanted))
    for one in session.execute(_rows(query, wanted).execution_options(yield_per=1000)):
        yield Row(*one)


def _rows(query: Select[Customer], wanted: Wanted) -> Select[Any]:
    open_ = (
        select(func.count())
        .where(Ticket.customer_id == Customer.id, Ticket.state != "closed")
        .correlate(Customer)
        .scalar_subquery()
    )
    by, down = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    column = {"name": Customer.name_key, "owner": func.coalesce(User.name, ""), "open": open_}.get(by)
    sort: Any = getattr(Customer, by) if column is None else column
    return (
        query.add_columns(User.name, open_, _has_account())
        .outerjoin(User, User.id == Customer.owner_id)
        .order_by(sort.desc() if down else sort, Customer.name_key, Customer.id)
    )


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for word in fold(wanted.q).split():
        figures = digits(word)
        # Numbers are found however they are written.
        texts = [word, figures] if len(figures) >= _A_NUMBER else [word]
        yield or_(*(Customer.search.contains(text, autoescape=True) for text in texts))
    if wanted.country:
        yield Customer.country == wanted.country
    if wanted.seller:
        yield Customer.owner_id.is_(None) if wanted.seller == NO_OWNER else Customer.owner_id == int(wanted.seller)
    if wanted.account:
        yield _has_account() if wanted.account == "yes" else ~_has_account()


def _has_account() -> ColumnElement[bool]:
    in_use = CustomerUser.user_id.in_(select(User.id).where(User.removed_at.is_(None)))
    return exists().where(CustomerUser.customer_id == Customer.id, in_use).correlate(Customer)
