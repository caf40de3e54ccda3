"""The fixed cast, in every test database: who they are, what they sign in with, and the tickets they work on.

People: alfa and beta (dealers), operator, technician, seller, rival (a seller who owns nobody), admin, master, sam (the
customer PPHU SAM). Their password is PASSWORD, their API token `PEOPLE[name].token`.

Tickets, all new: SAM (115, insoft, point 735, two stations) and ARKLITY (80, fiscal, another company) are Alfa's and
Beta's; POOLED (300, insoft, no dealer covers it) lies in the open pool. The seller owns the customer SAM.

The price list has LICENCE (a piece for each station to buy), EXCHANGE (for each to exchange, under a special offer) and
TRAINING (by hand).
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from mikroserwis.access import SYSTEM
from mikroserwis.accounts.operations import token_hash
from mikroserwis.models import (
    ApiToken,
    Customer,
    Dealer,
    DealerArea,
    DealerType,
    PriceItem,
    SpecialOffer,
    User,
    VendorContact,
)
from mikroserwis.pricing import today
from mikroserwis.rulebook import RULES
from mikroserwis.textkeys import sort_key
from mikroserwis.tickets import intake_form
from mikroserwis.tickets.operations.intake import create

SAM, ARKLITY, POOLED = 115, 80, 300
POINT, ARKLITY_POINT, POOLED_POINT = 735, 481, 901
PASSWORD = "Sieciechów-26-922"
# As strong as argon2 can be weak: the same code verifies it, a thousand times faster.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    role: str
    dealer: str | None = None
    user_name: str | None = None
    phone: str | None = None

    @property
    def token(self) -> str:
        return f"mks_{self.email}"


PEOPLE = {
    "alfa": Person("alfa@dealer.example", "Łukasz Gąska", "dealer", "Dealer Alfa", "alfa", "+48600100200"),
    "beta": Person("beta@dealer.example", "Barbara Ćwik", "dealer", "Dealer Beta"),
    "operator": Person("operator@office.example", "Olga Operatorska", "operator"),
    "technician": Person("technician@office.example", "Tomasz Techniczny", "technician"),
    "seller": Person("seller@office.example", "Sylwia Sprzedaj", "seller"),
    "admin": Person("admin@office.example", "Adam Administrator", "admin"),
    "master": Person("master@office.example", "Maria Master", "master"),
    "rival": Person("rival@office.example", "Ryszard Rywal", "seller"),
    "sam": Person("sam@sieciechow.example", "Bożena Ślązak", "customer"),
}
DEALERS = {"Dealer Alfa": (1001, "26"), "Dealer Beta": (1002, "11")}

COMPANIES: dict[int, dict[str, Any]] = {
    SAM: {
        "tax_id": "7974569439",
        "name": "PPHU SAM Bożena Ślązak",
        "regon": "140517016",
        "street": "ul. Rynek 12",
        "postal_code": "26-922",
        "city": "Sieciechów",
        "phone": "48 621 60 12",
        "email": "sam@sieciechow.example",
        "representative": "Bożena Ślązak",
        "account_manager_name": "Ewa Opiekun",
        "account_manager_email": "ewa@office.example",
    },
    ARKLITY: {
        "tax_id": "8213457130",
        "name": "PPHU Spożywcza Arklity",
        "street": "ul. Polna 3",
        "postal_code": "11-410",
        "city": "Arklity",
        "phone": "89 752 10 20",
        "email": "sklep@arklity.example",
        "representative": "Anna Arklit",
    },
    POOLED: {
        "tax_id": "5260250274",
        "name": "Sklep Ćma",
        "street": "ul. Nocna 1",
        "postal_code": "70-001",
        "city": "Szczecin",
        "phone": "91 400 10 20",
        "email": "cma@sklep.example",
        "representative": "Jan Ćma",
    },
}
TICKETS = {
    SAM: ("insoft", POINT, 1001),
    ARKLITY: ("fiscal", ARKLITY_POINT, 1002),
    POOLED: ("insoft", POOLED_POINT, None),
}

LICENCE, EXCHANGE, TRAINING = "PC-POS", "PC-POS-W", "SZKOLENIE"
# code -> name, unit, net, per, net under the offer
PRICES = {
    LICENCE: ("PC-POS, licencja na stanowisko", "szt.", "1200.00", "buy", None),
    EXCHANGE: ("PC-POS, wymiana licencji", "szt.", "900.00", "exchange", "450.00"),
    TRAINING: ("Szkolenie obsługi", "godz.", "149.99", "", None),
}
OFFER = "Oferta specjalna Insoft"


def intake(number: int, **changed: Any) -> dict[str, Any]:
    """A ticket as the CRM sends it; for a number that isn't of the cast, with SAM's company and a point of its own."""
    company = COMPANIES.get(number, COMPANIES[SAM])
    type_, point, dealer = TICKETS.get(number, ("insoft", 10_000 + number, 1001))
    usual = {
        "crm_id": number,
        "type": type_,
        "dealer_crm_id": dealer,
        "company": company,
        "subtickets": [
            {"point": {"id": point, "name": company["name"]}, "stations_buy": 1, "stations_exchange": 1},
        ],
    }
    return {**usual, **changed}


def plant(session: Session, now: datetime) -> None:
    """Put the cast into an empty database."""
    for name, (crm_id, area) in DEALERS.items():
        session.add(
            Dealer(
                crm_id=crm_id,
                name=name,
                tax_id="5260250274",
                street="ul. Długa 7",
                postal_code="00-238",
                city="Warszawa",
                phone="22 100 20 30",
                email=f"biuro.{crm_id}@dealer.example",
                areas=[DealerArea(prefix=area)],
                types=[DealerType(type=each) for each in RULES.type_names],
            )
        )
    session.add_all(
        VendorContact(type="insoft", role=role, prefix="", vendor="Insoft", name=name, phone="22 300 40 50")
        for role, name in (("rms", "Roman Msz"), ("rks", "Renata Ksz"))
    )
    session.flush()
    _prices(session, now)
    for person in PEOPLE.values():
        _person(session, person, now)
    for number in TICKETS:
        create(session, intake_form.read(intake(number), today(now)), source="api", actor=SYSTEM, now=now)
    seller = session.scalars(select(User).where(User.email == PEOPLE["seller"].email)).one()
    sam = session.scalars(select(Customer).where(Customer.tax_id == COMPANIES[SAM]["tax_id"])).one()
    sam.owner_id = seller.id


def _prices(session: Session, now: datetime) -> None:
    for code, (name, unit, net, per, offer) in PRICES.items():
        session.add(
            PriceItem(
                code=code,
                name=name,
                name_key=sort_key(name),
                unit=unit,
                net=Decimal(net),
                vat_rate="23",
                per=per,
                created_at=now,
                changed_at=now,
                offers=[_offer(offer, now)] if offer else [],
            )
        )


def _offer(net: str, now: datetime) -> SpecialOffer:
    return SpecialOffer(name=OFFER, net=Decimal(net), valid_from=date(2019, 5, 1), created_at=now, created_by="Olga")


def _person(session: Session, person: Person, now: datetime) -> None:
    dealer = session.scalars(select(Dealer).where(Dealer.name == person.dealer)).one_or_none()
    user = User(
        email=person.email,
        user_name=person.user_name,
        phone=person.phone,
        name=person.name,
        role=person.role,
        dealer_id=dealer.id if dealer else None,
        password_hash=PASSWORD_HASH,
        created_at=now,
    )
    session.add(user)
    session.flush()
    session.add(ApiToken(token_hash=token_hash(person.token), user_id=user.id, name="tests", created_at=now))
