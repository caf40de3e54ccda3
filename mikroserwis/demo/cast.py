"""Who plays: dealers with their areas, the vendors' contacts, one account of each role."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.accounts.operations import fold_name, hash_password
from mikroserwis.models import Dealer, DealerArea, DealerType, User, VendorContact

PASSWORD = "mikroserwis-demo"  # noqa: S105 - it is printed at each start
BOTH = ("insoft", "fiscal")
# Enough that the areas decide who gets a ticket, and not who is full.
CAPACITY = 90


class Company(NamedTuple):
    """A dealer; `areas` are postal prefixes."""

    crm_id: int
    name: str
    tax_id: str
    address: tuple[str, str, str]
    phone: str
    email: str
    areas: tuple[str, ...]
    types: tuple[str, ...] = BOTH


class Person(NamedTuple):
    email: str
    name: str
    role: str
    dealer: int | None = None
    language: str = "pl"
    calendar: str = "gregory"
    digits: str = "latn"


DEALERS = (
    Company(
        101,
        "Dealer Alfa",
        "1010000019",
        ("ul. Kasowa 1", "26-600", "Radom"),
        "111333444",
        "mplatform+dr_alfa@vivaldi.net",
        ("26", "27", "11", "10"),
    ),
    Company(
        102,
        "Dealer Beta",
        "1020000015",
        ("ul. Paragonowa 7", "20-001", "Lublin"),
        "222000102",
        "biuro@beta.example",
        ("20", "21", "24", "08", "25"),
    ),
    Company(
        103,
        "Dealer Gamma",
        "1030000011",
        ("ul. Bilonowa 3", "30-001", "Kraków"),
        "122000103",
        "biuro@gamma.example",
        ("30", "33", "38"),
    ),
    Company(
        104,
        "Dealer Delta",
        "1040000018",
        ("ul. Wagowa 12", "50-001", "Wrocław"),
        "712000104",
        "biuro@delta.example",
        ("50", "58", "59", "20"),
    ),
    Company(
        105,
        "Dealer Epsilon",
        "1050000014",
        ("ul. Skanerowa 5", "60-001", "Poznań"),
        "612000105",
        "biuro@epsilon.example",
        ("60", "62", "50"),
    ),
    Company(
        106,
        "Dealer Zeta",
        "1060000010",
        ("ul. Szufladowa 9", "81-300", "Gdynia"),
        "582000106",
        "biuro@zeta.example",
        ("81", "83", "70", "30"),
    ),
    Company(
        107,
        "Dealer Eta",
        "1070000017",
        ("ul. Drukarska 4", "90-001", "Łódź"),
        "422000107",
        "biuro@eta.example",
        ("90", "95", "40", "26-6"),
    ),
    Company(
        108,
        "Dealer Theta",
        "1080000013",
        ("ul. Etykietowa 2", "15-001", "Białystok"),
        "852000108",
        "biuro@theta.example",
        ("15", "18"),
        ("fiscal",),
    ),
)

ACCOUNTS = (
    Person("alfa@dealer.example", "Anna Wierzba", "dealer", 101),
    Person("beta@dealer.example", "Bogdan Jesion", "dealer", 102),
    Person("operator@office.example", "Olga Kalina", "operator"),
    Person("admin@office.example", "Adam Modrzew", "admin"),
    Person("master@office.example", "Maria Cis", "master"),
    Person("technician@office.example", "Tomasz Grab", "technician"),
    Person("seller@office.example", "Sylwia Buk", "seller"),
)
# Colleagues who read other languages; entered first, for acts of the past are those of ACCOUNTS.
ABROAD = (
    Person("shirin@office.example", "Shirin Ahmadi", "operator", language="fa", calendar="persian", digits="arabext"),
    Person("ioana@office.example", "Ioana Radu", "operator", language="ro"),
    Person("carmen@office.example", "Carmen Ruiz", "operator", language="es"),
)
# The other dealers' people: they have acted, so history knows them.
EXTRAS = tuple(
    Person(f"{company.name.split()[1].lower()}@dealer.example", name, "dealer", company.crm_id)
    for company, name in zip(
        DEALERS[2:],
        ("Grażyna Topola", "Dariusz Klon", "Ewa Jarzębina", "Zenon Olcha", "Edyta Brzoza", "Teodor Lipa"),
        strict=True,
    )
)
_RMS = ("rms", "Novitus", "PH Novitus", "171171171", "mplatform+phnov_tst@vivaldi.net")
_RKS = ("rks", "Insoft", "RKS Insoft", "222333222", "mplatform+rks_insoft@vivaldi.net")


def enter(session: Session, now: datetime) -> None:
    """Write them all; one hash serves every account, for a hash takes its time."""
    ids = {company.crm_id: _dealer(session, company) for company in DEALERS}
    hashed = hash_password(PASSWORD)
    for person in (*ABROAD, *ACCOUNTS, *EXTRAS):
        user_name = person.email.partition("@")[0]
        user = User(
            email=person.email,
            user_name=user_name,
            name=person.name,
            role=person.role,
            dealer_id=ids[person.dealer] if person.dealer else None,
            password_hash=hashed,
            language=person.language,
            calendar=person.calendar,
            digits=person.digits,
            created_at=now,
        )
        if person.email == ACCOUNTS[0].email:
            user.phone = fold_name(DEALERS[0].phone)
        session.add(user)
    for type_ in BOTH:
        for role, vendor, name, phone, email in (_RMS, _RKS):
            session.add(VendorContact(type=type_, role=role, vendor=vendor, name=name, phone=phone, email=email))


def actors(session: Session) -> Mapping[int | str, Actor]:
    """Dealers' people by the dealer's row id, the others by role."""
    rows = session.execute(select(User, Dealer.name).outerjoin(Dealer, Dealer.id == User.dealer_id)).all()
    return {
        user.dealer_id or user.role: Actor(
            user_id=user.id, name=user.name, role=user.role, dealer_id=user.dealer_id, dealer_name=dealer or ""
        )
        for user, dealer in rows
    }


def _dealer(session: Session, company: Company) -> int:
    street, postal_code, city = company.address
    dealer = Dealer(
        crm_id=company.crm_id,
        name=company.name,
        tax_id=company.tax_id,
        street=street,
        postal_code=postal_code,
        city=city,
        phone=company.phone,
        email=company.email,
        capacity=CAPACITY,
        areas=[DealerArea(prefix=prefix) for prefix in company.areas],
        types=[DealerType(type=type_) for type_ in company.types],
    )
    session.add(dealer)
    session.flush()
    return dealer.id
