"""Pieces that both papers share: dates, parties, the table of points."""

import re
from datetime import date

from exports.papers.blocks import Block, Card, Cell, Column, Heading, Letterhead, Prose, Table
from exports.papers.data import PaperData, Party, QuoteData
from exports.plain import plain

BLANK = "…" * 12
ANNEX = "Załącznik nr 1. Wykaz punktów i stanowisk"
POINT_COLUMNS = (
    Column("Lp.", 28),
    Column("ID punktu", 66),
    Column("Nazwa i adres punktu", lines=4, strong=True),
    Column("Zakup", 56, "right"),
    Column("Wymiana", 62, "right"),
)
_MONTHS = [
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
]


def glued(text: str) -> str:
    """One-letter words tied to the next one, as Polish typography asks."""
    return re.sub(r"(?<![^\s(])([aiouwzAIOUWZ]|§|nr) ", "\\1\u00a0", text)


def polish_date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year} r."


def blank_or(value: str) -> str:
    """The value made plain, or a dotted line to write on."""
    return plain(value) or BLANK


def address(party: Party) -> str:
    town = plain(f"{party.postal_code} {party.city}")
    return ", ".join(part for part in (plain(party.street), town) if part)


def account(iban: str) -> str:
    """An account number in the groups of four in which people read it."""
    bare = plain(iban).replace(" ", "")
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


def card(title: str, party: Party, *, paid: bool = False) -> Card:
    """The party's particulars; `paid` adds the account on which it expects its money."""
    rows = (
        ("Firma", party.name),
        ("Adres", address(party)),
        (party.tax_id_name, party.tax_id),
        *((("REGON", party.regon),) if party.is_polish else ()),
        ("Reprezentacja", party.representative),
        ("Telefon", party.phone),
        ("E-mail", party.email),
        *((("Rachunek", account(party.iban)),) if paid else ()),
    )
    return Card(title, tuple((label, blank_or(value)) for label, value in rows))


def letterhead(party: Party) -> Letterhead:
    tax_id = plain(party.tax_id)
    parts = (address(party), f"{party.tax_id_name} {tax_id}" if tax_id else "", plain(party.phone), plain(party.email))
    return Letterhead(blank_or(party.name), " · ".join(part for part in parts if part))


def counts(data: PaperData | QuoteData) -> str:
    buy, exchange = (sum(getattr(point, part) for point in data.points) for part in ("buy", "exchange"))
    return (
        f"Liczba punktów: {len(data.points)}. Liczba stanowisk: {buy + exchange}, "
        f"w tym do zakupu {buy}, do wymiany {exchange}."
    )


def points_table(data: PaperData | QuoteData) -> Table:
    rows = tuple(
        (
            Cell(f"{number}."),
            Cell(str(point.point_id)),
            Cell(blank_or(point.name), blank_or(point.address)),
            Cell(str(point.buy)),
            Cell(str(point.exchange)),
        )
        for number, point in enumerate(data.points, 1)
    )
    buy, exchange = (str(sum(getattr(point, part) for point in data.points)) for part in ("buy", "exchange"))
    return Table(POINT_COLUMNS, (*rows, (Cell(""), Cell(""), Cell("Razem"), Cell(buy), Cell(exchange))))


def annex(data: PaperData | QuoteData) -> tuple[Block, ...]:
    return annex_of(counts(data), points_table(data))


def annex_of(summary: str, points: Block) -> tuple[Block, ...]:
    """The list of points on a page of its own; `summary` counts them."""
    return (
        Heading(glued("Załącznik nr 1. Wykaz punktów i stanowisk"), new_page=True),
        Prose(glued(summary)),
        points,
    )
