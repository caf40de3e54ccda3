"""The shipped quote with placeholders: its own wording on a made-up ticket, the ticket's values taken out again."""

from collections.abc import Iterator

from exports.forms.filling import filling
from exports.forms.samples import quote as sample
from exports.papers import quote_form
from exports.papers.blocks import (
    Block,
    Choices,
    Clause,
    Dateline,
    Heading,
    Parties,
    Prose,
    Signatures,
    Table,
    Title,
    Totals,
)
from exports.papers.wording import POINT_COLUMNS

_READY = {Parties: "parties", Totals: "totals", Choices: "choices", Signatures: "signatures"}
_MANY = 12


def quote_flow() -> Iterator[Block]:
    """With the conditions under which points, annex and remark are printed."""
    annexed = remarked = pointed = False
    for block in quote_form.quote(sample(_MANY)).flow:
        if isinstance(block, Heading) and block.new_page:
            annexed = True
            yield Prose("{% if annex %}")
        elif isinstance(block, Heading) and block.text == quote_form.REMARK:
            remarked = True
            yield Prose("{% if quote.remark %}")
        elif isinstance(block, Heading) and not pointed:
            pointed = True
            yield Prose("{% if has_points %}")
        if pointed and isinstance(block, Prose) and not annexed and not remarked:
            yield from (Prose("{% if annex %}"), _with_placeholders(block), Prose("{% else %}"), Prose("{{ points }}"))
            yield from (Prose("{% endif %}"), Prose("{% endif %}"))
            continue
        yield _with_placeholders(block)
        if remarked and isinstance(block, Prose) and not annexed:
            yield Prose("{% endif %}")
    yield Prose("{% endif %}")


def _with_placeholders(block: Block) -> Block:
    match block:
        case Dateline(text):
            return Dateline(_emptied(text))
        case Title(text, subtitle):
            return Title(text, _emptied(subtitle))
        case Prose(text):
            return Prose(_emptied(text))
        case Clause(number, text):
            return Clause(number, _emptied(text))
        case Table(columns):
            return Prose("{{ points }}" if columns == POINT_COLUMNS else "{{ lines }}")
        case _ if type(block) in _READY:
            return Prose(f"{{{{ {_READY[type(block)]} }}}}")
        case _:
            return block


def _emptied(text: str) -> str:
    """The text with placeholders in place of the made-up values, the longest first."""
    values = filling("quote", sample(_MANY)).values
    quote, ticket = values["quote"], values["ticket"]
    names = {
        quote["label"]: "quote.label",
        quote["gross"]: "quote.gross",
        quote["valid_until"]: "quote.valid_until",
        quote["remark"]: "quote.remark",
        values["points_summary"]: "points_summary",
        values["made_on"]: "made_on",
        values["place"]: "place",
        str(ticket["number"]): "ticket.number",
        ticket["type"]: "ticket.type",
    }
    for value in sorted(names, key=len, reverse=True):
        text = text.replace(value, f"{{{{ {names[value]} }}}}")
    return text
