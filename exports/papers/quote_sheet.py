"""The quote on its formal form as XLSX: values only, no formulas, so that what is seen is what is stored."""

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties

from exports import marks
from exports.archives import midnight, settled
from exports.papers import quote_form, wording
from exports.papers.data import QuoteData
from exports.papers.form_mark import PROPERTY
from exports.papers.measure import lines
from exports.papers.pages import BOX
from exports.plain import plain

SHEET = "Wycena"
POINT_HEADS = ("Lp.", "Nazwa i adres punktu", "ID punktu", "Zakup", "Wymiana")
LINE_HEADS = (
    "Lp.",
    "Nazwa",
    "Ilość",
    "J.m.",
    "Oferta specjalna",
    "Cena przed ofertą",
    "Cena netto",
    "Stawka VAT",
    "Wartość netto",
)
TOTAL_HEADS = ("Stawka VAT", "Netto", "Kwota VAT", "Brutto")
_TEXT_HEADS = {"Lp.", "Nazwa i adres punktu", "Nazwa", "J.m.", "Oferta specjalna", "Stawka VAT"}
_WIDTHS = (5, 34, 10, 13, 20, 14, 14, 14, 14)
_LAST = len(_WIDTHS)
_TOTALS_FROM = _LAST - len(TOTAL_HEADS) + 1
_LEFT, _RIGHT, _BESIDE_CODE = (1, 4), (5, _LAST), (1, 7)
_LINE = 14.0
_CODE_PIXELS = 92
_LEAST_PAGE, _MOST_PAGE, _DECISION = 960, 1050, 175
_TRIGGERS = ("=", "+", "-", "@")
_MONEY = "#,##0.00\\ [$zł-415]"
_INK, _SOFT, _ACCENT = "1C2430", "55606E", "0B5A8C"
_WASH = PatternFill("solid", fgColor="EEF4F9")
_RULE, _HEAD_RULE = Border(bottom=Side("thin", color="D5DAE0")), Border(bottom=Side("thin", color=_ACCENT))
_SIGNATURE_RULE = Border(bottom=Side("thin", color=_SOFT))

_TEXT = Alignment(vertical="center", wrap_text=True)
_FIRST = Alignment(vertical="center", wrap_text=True, horizontal="left")
_INDENTED = Alignment(vertical="center", wrap_text=True, horizontal="left", indent=1)
_NUMBER = Alignment(vertical="center", wrap_text=True, horizontal="right")

Value = str | int | float | Decimal | None


def quote_xlsx(data: QuoteData) -> bytes:
    mark = marks.Mark(data.ticket, "quote", data.number, 1, 1)
    workbook = Workbook()
    workbook._named_styles["Normal"].font = _font()  # type: ignore[attr-defined]  # widths are counted in its digits
    _describe(workbook, data, mark)
    form = _Form(workbook.active)
    _head(form, data, mark)
    _parties(form, data)
    _points(form, data)
    _lines(form, data)
    _totals(form, data)
    _texts(form, data)
    _decision(form, data)
    out = io.BytesIO()
    workbook.save(out)
    return settled(out.getvalue(), midnight(data.made_on))


class _Form:
    """The sheet, filled from top to bottom; `row` is the one that is filled next."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.row = 1
        self.filled = 0.0
        sheet.title = SHEET
        sheet.sheet_view.showGridLines = False
        for number, width in enumerate(_WIDTHS, 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.page_setup.paperSize, sheet.page_setup.orientation = sheet.PAPERSIZE_A4, sheet.ORIENTATION_PORTRAIT
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.8
        sheet.protection.sheet = True
        sheet.protection.formatColumns = sheet.protection.formatRows = False

    def next(self, height: float = _LINE) -> None:
        self.sheet.row_dimensions[self.row].height = height
        self.filled += height
        self.row += 1

    def put(self, column: int, value: Value, font: Font, **looks: Any) -> Any:
        """A text that begins like a formula stays a text, in this file and when it is saved as CSV."""
        cell = self.sheet.cell(self.row, column, value)
        cell.font = font
        cell.alignment = _FIRST if column == 1 else _TEXT
        if isinstance(value, str):
            cell.data_type, cell.number_format = "s", "@"
            cell.quotePrefix = value.startswith(_TRIGGERS)
        for name, look in looks.items():
            setattr(cell, name, look)
        return cell

    def across(self, value: Value, font: Font, columns: tuple[int, int] = (1, _LAST), **looks: Any) -> float:
        """One value over several columns; says how high it is."""
        first, last = columns
        self.sheet.merge_cells(None, self.row, first, self.row, last)
        self.put(first, value, font, **looks)
        for column in range(first + 1, last + 1):
            for name in looks.keys() & {"border", "fill", "protection"}:
                setattr(self.sheet.cell(self.row, column), name, looks[name])
        return _height(str(value or ""), sum(_WIDTHS[first - 1 : last]), font)

    def line(self, value: Value, font: Font, columns: tuple[int, int] = (1, _LAST)) -> None:
        self.next(self.across(value, font, columns))

    def heading(self, text: str) -> None:
        self.next()
        self.line(text, _font(12, bold=True, colour=_ACCENT))

    def table_head(self, titles: Sequence[str], first: int = 1) -> None:
        font, height = _font(bold=True), _LINE
        for column, title in enumerate(titles, first):
            indented = _INDENTED if column > 2 else _TEXT
            alignment = indented if title in _TEXT_HEADS else _NUMBER
            self.put(column, title, font, fill=_WASH, border=_HEAD_RULE, alignment=alignment)
            height = max(height, _height(title, _WIDTHS[column - 1], font))
        self.next(height + 4)

    def table_row(self, values: Sequence[Value], first: int = 1, *, bold: bool = False) -> None:
        font = _font(bold=bold)
        height = _LINE
        for column, value in enumerate(values, first):
            cell = self.put(column, value, font, border=_RULE)
            if isinstance(value, Decimal):
                cell.number_format = _MONEY
            elif isinstance(value, str) and column > 2:
                cell.alignment = _INDENTED
            height = max(height, _height(str(value or ""), _WIDTHS[column - 1], font))
        self.next(height + 3)


def _font(size: float = 10, *, bold: bool = False, colour: str = _INK) -> Font:
    return Font(name="Arial", size=size, bold=bold, color=colour)


def _height(text: str, characters: float, font: Any) -> float:
    """Points; a column's width is counted in digits, 5.25 points each, and Arial is narrower than what is measured."""
    size: float = font.size
    return lines(text, characters * 5.4, size, bool(font.bold)) * size * 1.35


def _describe(workbook: Any, data: QuoteData, mark: marks.Mark) -> None:
    properties = workbook.properties
    properties.title, properties.subject = f"{quote_form.TITLE} {data.label}", f"Zgłoszenie nr {data.ticket}"
    properties.creator = properties.lastModifiedBy = plain(data.dealer.name)[:250]
    properties.language = "pl-PL"
    workbook.custom_doc_props.append(StringProperty(name=PROPERTY, value=marks.text(mark)))


def _head(form: _Form, data: QuoteData, mark: marks.Mark) -> None:
    code = Image(io.BytesIO(marks.qr_png(mark)))
    code.width = code.height = _CODE_PIXELS
    form.sheet.add_image(code, "I1")
    letterhead = wording.letterhead(data.dealer)
    form.line(letterhead.name, _font(12, bold=True, colour=_ACCENT), _BESIDE_CODE)
    form.line(letterhead.contact, _font(9, colour=_SOFT), _BESIDE_CODE)
    form.line(quote_form.dateline(data), _font(), _BESIDE_CODE)
    form.line(quote_form.TITLE, _font(18, bold=True), _BESIDE_CODE)
    form.line(quote_form.subtitle(data), _font(11, colour=_SOFT), _BESIDE_CODE)
    form.line(quote_form.dates(data), _font(), _BESIDE_CODE)
    form.line(f"Znak formularza: {marks.text(mark)}", _font(9, colour=_SOFT), _BESIDE_CODE)
    footer = form.sheet.oddFooter
    footer.left.text, footer.right.text = f"{data.label} · {marks.text(mark)}", "Strona &P z &N"
    footer.left.size = footer.right.size = 8


def _parties(form: _Form, data: QuoteData) -> None:
    form.next()
    left, right = quote_form.parties(data)
    for card, columns in ((left, _LEFT), (right, _RIGHT)):
        form.across(card.title, _font(11, bold=True, colour=_ACCENT), columns, fill=_WASH)
    form.next(_LINE + 2)
    for pair in zip(left.rows, right.rows, strict=True):
        heights = [
            form.across(f"{label}: {value}", _font(bold=label == "Firma"), columns, fill=_WASH)
            for (label, value), columns in zip(pair, (_LEFT, _RIGHT), strict=True)
        ]
        form.next(max(heights))


def _points(form: _Form, data: QuoteData) -> None:
    if not data.points:
        return
    form.heading("Punkty i stanowiska")
    form.table_head(POINT_HEADS)
    for number, point in enumerate(data.points, 1):
        place = ", ".join(part for part in (plain(point.name), plain(point.address)) if part)
        form.table_row((number, place, point.point_id, point.buy, point.exchange))
    buy, exchange = (sum(getattr(point, part) for point in data.points) for part in ("buy", "exchange"))
    form.table_row((None, "Razem", None, buy, exchange), bold=True)


def _lines(form: _Form, data: QuoteData) -> None:
    form.heading(quote_form.LINES)
    form.sheet.print_title_rows = f"{form.row}:{form.row}"
    form.table_head(LINE_HEADS)
    for line in data.lines:
        form.table_row(
            (
                line.position,
                wording.blank_or(line.name),
                _quantity(line.quantity),
                plain(line.unit),
                plain(line.offer),
                line.list_net,
                line.unit_net,
                quote_form.rate(line.vat_rate),
                line.net,
            )
        )


def _quantity(quantity: Decimal) -> int | float:
    """Not a Decimal, which is how the form knows an amount of money."""
    return int(quantity) if quantity == int(quantity) else float(quantity)


def _totals(form: _Form, data: QuoteData) -> None:
    form.next()
    form.table_head(TOTAL_HEADS, _TOTALS_FROM)
    for total in data.vat_totals:
        form.table_row((quote_form.rate(total.rate), total.net, total.vat, total.gross), _TOTALS_FROM)
    form.table_row(("Razem", data.net, data.vat, data.gross), _TOTALS_FROM, bold=True)
    form.next(6)
    font = _font(12, bold=True)
    form.across(quote_form.PAYABLE, _font(12, bold=True, colour=_ACCENT), (1, _LAST - 2), fill=_WASH)
    form.across(data.gross, font, (_LAST - 1, _LAST), fill=_WASH, number_format=_MONEY)
    form.next(20)
    form.line(quote_form.words(data), _font())


def _texts(form: _Form, data: QuoteData) -> None:
    remark = plain(data.remark)
    if remark:
        form.heading(quote_form.REMARK)
        form.line(remark, _font())
    form.heading(quote_form.TERMS)
    for number, text in enumerate(quote_form.terms(data), 1):
        form.line(f"{number}. {text}", _font())


def _decision(form: _Form, data: QuoteData) -> None:
    """What the two sides fill in, on screen or on paper: the only cells that are not locked.

    On paper they stay on one page, whose height is known roughly: it is reduced until the columns fit.
    """
    open_cell = Protection(locked=False)
    if (form.filled + _DECISION) // _LEAST_PAGE > form.filled // _MOST_PAGE:
        form.sheet.row_breaks.append(Break(form.row - 1))
    form.heading(quote_form.DECISION)
    for text in quote_form.choices(data):
        form.put(1, BOX, _font(12), protection=open_cell)
        form.next(form.across(text, _font(), (2, _LAST)) + 3)
    form.next()
    signatories = (("Detalista", data.company, _LEFT), ("Dealer", data.dealer, _RIGHT))
    heights = [
        form.across(f"{role}: {wording.blank_or(party.name)}", _font(bold=True), columns)
        for role, party, columns in signatories
    ]
    form.next(max(heights))
    for columns in (_LEFT, _RIGHT):
        form.across(None, _font(), columns, border=_SIGNATURE_RULE, protection=open_cell)
    form.next(40)
    for columns in (_LEFT, _RIGHT):
        form.across("data i czytelny podpis", _font(8, colour=_SOFT), columns)
    form.next()
