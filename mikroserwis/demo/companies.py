"""Made-up retailers in real towns: their tax ids are valid, they themselves don't exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from stdnum.pl import nip, regon

from exports.plain import slug


class Town(NamedTuple):
    postal_code: str
    name: str


# In the area of each dealer, then towns in which nobody works: their tickets lie in the pool.
COVERED = (
    *(Town("26-900", "Kozienice"), Town("26-600", "Radom"), Town("26-670", "Pionki"), Town("27-400", "Ostrowiec")),
    *(Town("11-400", "Kętrzyn"), Town("11-500", "Giżycko"), Town("10-001", "Olsztyn"), Town("26-700", "Zwoleń")),
    *(Town("20-001", "Lublin"), Town("21-040", "Świdnik"), Town("24-100", "Puławy"), Town("08-400", "Garwolin")),
    *(Town("08-110", "Siedlce"), Town("25-001", "Kielce"), Town("30-001", "Kraków"), Town("33-100", "Tarnów")),
    *(Town("38-400", "Krosno"), Town("50-001", "Wrocław"), Town("58-100", "Świdnica"), Town("59-220", "Legnica")),
    *(Town("60-001", "Poznań"), Town("62-200", "Gniezno"), Town("81-300", "Gdynia"), Town("83-110", "Tczew")),
    *(Town("70-001", "Szczecin"), Town("90-001", "Łódź"), Town("95-100", "Zgierz"), Town("40-001", "Katowice")),
)
# Where two dealers work: what one loses the other gets.
SHARED = (Town("26-600", "Radom"), Town("20-001", "Lublin"), Town("30-001", "Kraków"), Town("50-001", "Wrocław"))
UNCOVERED = (Town("16-400", "Suwałki"), Town("19-300", "Ełk"), Town("77-300", "Człuchów"), Town("66-400", "Gorzów"))

_KINDS = ("PPHU", "Sklep", "Delikatesy", "FHU", "Market", "Sklep Wielobranżowy", "Spożywczy", "Minimarket")
_NAMES = (
    *("Bocianek", "Pod Lipą", "U Hani", "Iskierka", "Jaskółka", "Malwa", "Zielona Miska", "Na Rogu", "Sześć Bułek"),
    *("Kłosek", "Stary Młyn", "Dobry Dzień", "Pod Zegarem", "Kacperek", "Borówka", "Trzy Kasztany", "Świerszcz"),
    *("Kropka", "Słonecznik", "Przy Rynku", "Bratek", "Orzeszek", "Pod Żaglem", "Gospodyni", "Warta Grosza"),
)
_STREETS = ("Polna", "Lipowa", "Ogrodowa", "Szkolna", "Kwiatowa", "Rynkowa", "Długa", "Młyńska", "Słoneczna", "Cicha")
_FIRST = ("Jan", "Ewa", "Marek", "Halina", "Piotr", "Zofia", "Karol", "Irena", "Paweł", "Danuta", "Leszek", "Alicja")
_LAST = ("Jeleń", "Zając", "Wrona", "Sikora", "Mazur", "Kania", "Lis", "Gil", "Czyżyk", "Sowa", "Kos", "Dudek")
_POSTS = ("prezes", "wspólnik", "prokurent")
_STATIONS = ((1, 0), (1, 0), (2, 0), (1, 1), (0, 2), (3, 1))
MANAGERS = (
    ("Sylwia Buk", "+48 22 000 10 01", "seller@office.example"),
    ("Wojciech Jawor", "+48 22 000 10 02", "wojciech.jawor@office.example"),
    ("Natalia Leszczyna", "+48 22 000 10 03", "natalia.leszczyna@office.example"),
)


@dataclass(frozen=True)
class Shop:
    """A retail point; `buy` and `exchange` count its stations."""

    point_id: int
    name: str
    street: str
    town: Town
    buy: int
    exchange: int


@dataclass(frozen=True)
class Retailer:
    """A company with its shops, as a back office knows it."""

    tax_id: str
    regon: str
    name: str
    street: str
    town: Town
    phone: str
    email: str
    representative: str
    manager: tuple[str, str, str]
    shops: tuple[Shop, ...]


SAM = Retailer(
    tax_id="7974569439",
    regon="115000732",
    name="PPHU SAM",
    street="ul. Rynek 12",
    town=Town("26-922", "Sieciechów"),
    phone="+48 48 621 00 00",
    email="sklep@sam.example",
    representative="Jan Sam, właściciel",
    manager=MANAGERS[0],
    shops=(Shop(735, "Sklep SAM", "ul. Rynek 12", Town("26-922", "Sieciechów"), 1, 0),),
)
SPOZYWCZA = Retailer(
    tax_id="8213457130",
    regon="080000800",
    name="PPHU Spożywcza",
    street="Arklity 8",
    town=Town("11-410", "Arklity"),
    phone="+48 89 752 00 00",
    email="biuro@spozywcza.example",
    representative="Helena Spożywcza, właścicielka",
    manager=MANAGERS[1],
    shops=(Shop(580, "Sklep Spożywcza", "Arklity 8", Town("11-410", "Arklity"), 1, 1),),
)


def retailer(dice: Random, number: int, town: Town, *, shops: int = 1) -> Retailer:
    """The retailer of the ticket with this number; each number has points of its own."""
    name = f"{dice.choice(_KINDS)} {dice.choice(_NAMES)}"
    street = _street(dice)
    sign = f"{slug(name)}-{number}"
    return Retailer(
        tax_id=_tax_id(dice),
        regon=_regon(dice),
        name=name,
        street=street,
        town=town,
        phone=f"+48 {dice.randint(41, 95)} 000 {dice.randint(10, 99)} {dice.randint(10, 99)}",
        email=f"{sign}@sklep.example",
        representative=f"{dice.choice(_FIRST)} {dice.choice(_LAST)}, {dice.choice(_POSTS)}",
        manager=dice.choice(MANAGERS),
        shops=tuple(_shops(dice, name, town, street, first_point=number * 20, count=shops)),
    )


def _shops(dice: Random, name: str, town: Town, street: str, *, first_point: int, count: int) -> Iterator[Shop]:
    """The first shop stands at the company's own address."""
    for index in range(count):
        buy, exchange = dice.choice(_STATIONS)
        where = _street(dice) if index else street
        yield Shop(first_point + index, f"{name} {index + 1}" if index else name, where, town, buy, exchange)


def _street(dice: Random) -> str:
    return f"ul. {dice.choice(_STREETS)} {dice.randint(1, 99)}"


def _tax_id(dice: Random) -> str:
    while True:
        number = f"{dice.randint(101, 998)}{dice.randint(0, 9_999_999):07}"
        if nip.is_valid(number):
            return number


def _regon(dice: Random) -> str:
    while True:
        number = f"{dice.randint(0, 999_999_999):09}"
        if regon.is_valid(number):
            return number
