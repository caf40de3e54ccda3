"""What a form is filled with: the ticket's data under the vocabulary's names, and blocks of the shipped paper."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from exports.forms.model import Filling
from exports.papers import amounts, quote_form, wording
from exports.papers.blocks import Block, Choices, Parties, Signatures, Table, Totals
from exports.papers.contract import CONTRACT
from exports.papers.data import PaperData, Party, PointLine, QuoteData
from exports.papers.power_of_attorney import POWER_OF_ATTORNEY

WORDED = {one.kind: one for one in (CONTRACT, POWER_OF_ATTORNEY)}
_QUOTE_BLOCKS: dict[str, Callable[[Block], bool]] = {
    "parties": lambda block: isinstance(block, Parties),
    "lines": lambda block: isinstance(block, Table) and block.columns == quote_form.LINE_COLUMNS,
    "totals": lambda block: isinstance(block, Totals),
    "choices": lambda block: isinstance(block, Choices),
    "signatures": lambda block: isinstance(block, Signatures),
}


def filling(paper: str, data: PaperData | QuoteData) -> Filling:
    return _quote(data) if isinstance(data, QuoteData) else _ticket_paper(paper, data)


def _ticket_paper(paper: str, data: PaperData) -> Filling:
    of = WORDED[paper]
    terms = of.terms(data)
    values = {
        **_common(data),
        "version": data.version,
        "completion_days": data.completion_days,
        **of.facts(data),
    }
    blocks = {"parties": (terms.parties,), "points": (terms.points,), "signatures": (terms.signatures,)}
    head = wording.letterhead(data.dealer)
    return Filling(paper, of.title, head, data.ticket, data.version, data.made_on, values, blocks)


def _common(data: PaperData | QuoteData) -> dict[str, Any]:
    buy, exchange = (sum(getattr(point, part) for point in data.points) for part in ("buy", "exchange"))
    return {
        "company": _party(data.company),
        "dealer": _party(data.dealer),
        "ticket": {"number": data.ticket, "type": data.ticket_type_label},
        "place": data.place,
        "made_on": wording.polish_date(data.made_on),
        "stations": {"buy": buy, "exchange": exchange, "total": buy + exchange},
        "points_count": len(data.points),
        "points_summary": wording.counts(data),
        "points": list(_points(data.points)),
    }


def _party(party: Party) -> dict[str, str]:
    names = ("name", "tax_id", "regon", "street", "postal_code", "city", "phone", "email", "representative")
    return {
        **{name: getattr(party, name) for name in names},
        "address": wording.address(party),
        "iban": wording.account(party.iban),
    }


def _points(points: Iterable[PointLine]) -> Iterator[dict[str, Any]]:
    for number, point in enumerate(points, 1):
        yield {
            "number": number,
            "id": point.point_id,
            "name": point.name,
            "address": point.address,
            "buy": point.buy,
            "exchange": point.exchange,
        }


def _quote(data: QuoteData) -> Filling:
    paper = quote_form.quote(data)
    values = {
        **_common(data),
        "annex": len(data.points) > 4,
        "has_points": bool(data.points),
        "quote": {
            "label": data.label,
            "number": data.number,
            "valid_until": wording.polish_date(data.valid_until),
            "net": amounts.money(data.net),
            "vat": amounts.money(data.vat),
            "gross": amounts.money(data.gross),
            "gross_in_words": amounts.in_words(data.gross),
            "remark": data.remark,
        },
        "lines": list(_lines(data)),
        "vat_totals": list(_vat_totals(data)),
    }
    blocks = {name: (next(block for block in paper.flow if is_it(block)),) for name, is_it in _QUOTE_BLOCKS.items()}
    blocks["points"] = (wording.points_table(data),)
    return Filling("quote", paper.title, paper.letterhead, data.ticket, data.number, data.made_on, values, blocks)


def _lines(data: QuoteData) -> Iterator[dict[str, Any]]:
    for line in data.lines:
        offer = [f"zamiast {amounts.money(line.list_net)}"] if line.list_net is not None else []
        yield {
            "number": line.position,
            "name": line.name,
            "unit": line.unit,
            "quantity": amounts.number(line.quantity),
            "unit_net": amounts.money(line.unit_net),
            "net": amounts.money(line.net),
            "vat_rate": quote_form.rate(line.vat_rate),
            "offer": ", ".join([line.offer, *offer] if line.offer else offer),
        }


def _vat_totals(data: QuoteData) -> Iterator[dict[str, Any]]:
    for total in data.vat_totals:
        sums = {name: amounts.money(getattr(total, name)) for name in ("net", "vat", "gross")}
        yield {"rate": quote_form.rate(total.rate), **sums}
