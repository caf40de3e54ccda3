"""A dealer's invoice as its own program would print it; made up, like everything here."""

from datetime import date
from decimal import Decimal
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from exports.papers.measure import FONT_FILES
from mikroserwis.models import Ticket
from mikroserwis.pricing import say_amount

_PAGE = (827, 1169)
_FONT = str(FONT_FILES / "Inter[opsz,wght].ttf")


def invoice_pdf(ticket: Ticket, number: str, issued_on: date, gross: Decimal) -> bytes:
    """One A4 page at 100 dpi."""
    page = Image.new("L", _PAGE, 255)
    pen, customer, dealer = ImageDraw.Draw(page), ticket.customer, ticket.dealer
    lines = (
        (34, f"Faktura VAT {number}"),
        (20, f"Data wystawienia: {issued_on:%d.%m.%Y}"),
        (20, f"Sprzedawca: {dealer.name if dealer else ''}"),
        (20, f"Nabywca: {customer.name}, NIP {customer.tax_id}"),
        (20, f"{customer.street}, {customer.postal_code} {customer.city}"),
        (20, f"Instalacja PC-POS, zgłoszenie {ticket.number}"),
        (26, f"Do zapłaty brutto: {say_amount(gross)} PLN"),
    )
    top = 90
    for size, text in lines:
        pen.text((80, top), text, fill=0, font=ImageFont.truetype(_FONT, size, layout_engine=ImageFont.Layout.BASIC))
        top += 2 * size + 14
    out = BytesIO()
    page.save(out, "PDF", resolution=100)
    return out.getvalue()
