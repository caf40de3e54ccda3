"""The pages that are walked in another language, and a language that exists in tests alone."""

import re
import unicodedata
from collections.abc import Iterator

from apiflask import APIFlask
from babel import Locale
from babel.support import NullTranslations
from werkzeug.exceptions import HTTPException

from mikroserwis import i18n
from mikroserwis.models import User
from tests.support.cast import ARKLITY, PEOPLE, POINT, POOLED, SAM

PSEUDO = "xa"
ENTRANCE = ("/sign-in", "/account/forgotten")
DEALERS = (
    "/tickets",
    f"/tickets/{SAM}",
    f"/tickets/{POOLED}",
    f"/tickets/{SAM}/company",
    f"/tickets/{SAM}/resignation",
    f"/tickets/{SAM}/quotes/new",
    f"/tickets/{SAM}/extension-requests",
    f"/points/{POINT}",
    "/tickets/new",
    "/account",
    "/account/second-factor",
    "/my-company",
    "/exports",
    "/help",
    "/prices",
    "/tickets/999999",
)
MASTERS = (
    f"/tickets/{ARKLITY}",
    f"/tickets/{SAM}/extension",
    f"/tickets/{SAM}/cancellation",
    "/tickets/import",
    "/tickets/extensions",
    "/tickets/bulk/acts",
    "/messages",
    "/messages/1",
    "/people",
    "/people/1",
    "/people/1/edit",
    "/people/new",
    "/dealers",
    "/dealers/1",
    "/dealers/1/edit",
    "/dealers/areas",
    "/dealers/contacts",
    "/dealers/contacts/1",
    "/dealers/contacts/new",
    "/dealers/new",
    "/customers",
    "/customers/1",
    *(f"/customers/1?tab={tab}" for tab in ("account", "orders", "documents", "files", "history")),
    "/customers/1/contacts/new",
    "/customers/1/edit",
    "/customers/1/points/new",
    "/customers/new",
    "/supervision",
    "/supervision/audit",
    "/supervision/dealers",
    "/supervision/jobs",
    "/supervision/simulator",
    "/supervision/tonight",
    "/prices/2",
    "/prices/new",
    "/paper-forms",
    "/paper-forms/contract",
    "/help/materials",
    "/help/materials/new",
    "/consents/texts",
    "/clients",
    "/clients/new",
    "/messages/events",
    "/notifications",
    "/personal-data",
    "/texts",
    "/texts/account_activation/email/pl",
)
# Files, moves to another page, and forms that only stand while something else does: their parts are on pages walked.
LEFT_OUT = frozenset(
    {"static", "pages.home", "pages.health", "people.picture", "exports.download", "second_factor.codes_text"}
    | {f"{room}.sheet" for room in ("tickets", "customers", "dealers", "comparison")}
    | {"audit.list_sheet", "simulator.sheet_of_differences", "tickets.bulk_sheet", "tickets.bad_rows"}
    | {f"tickets.{file}" for file in ("package", "file", "thumbnail", "document", "quote_paper", "import_template")}
    | {f"training.{file}" for file in ("file", "picture", "quote_form")}
    | {f"paper_forms.{file}" for file in ("content", "trial", "shipped", "preview")}
    | {"recovery.choose", "second_factor.codes", "accounts.code", "consents.ask"}
    | {"dealers.absence", "my_company.absence", "ledger.show", "customers.contact", "customers.point"}
    | {"training.show", "training.edit", "tickets.reject_form", "tickets.subticket_act_form"}
    | {f"tickets.{page}" for page in ("bulk", "bulk_act", "import_draft", "undo_form", "quote_decision")}
    | {"tickets.extension_decision", "tickets.invoice_form", "notifications.show", "sms_reports.sms_report"}
    | {f"clients.{page}" for page in ("show", "edit", "secret", "webhook", "new_webhook", "edit_webhook", "delivery")}
    | {"personal.person"}
)
_KEPT = re.compile(r"%\(\w+\)s|%%|\{\{.*?\}\}|<[^>]*>|&\w+;")
_MARKS = "\u0301\u0308\u0302\u0300\u0303"


class Pseudo(NullTranslations):
    """Every message between brackets, with accents, and as much longer as German or Romanian may be."""

    def ugettext(self, message: str) -> str:
        return _longer(message)

    def ungettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return _longer(msgid1 if n == 1 else msgid2)


def _longer(message: str) -> str:
    text = message.strip()
    lead, tail = message[: len(message) - len(message.lstrip())], message[len(message.rstrip()) :]
    words, more = len(text.split()), len(text) * 2 // 5
    longer = "".join(" bla"[n % 4] for n in range(more + 1))[1:] if words > 1 else "o" * more
    return f"{lead}⟦{''.join(_accented(text))}{' ' * (words > 1)}{longer}⟧{tail}"


def _accented(text: str) -> Iterator[str]:
    last = 0
    for kept in _KEPT.finditer(text):
        yield from (_accent(sign) for sign in text[last : kept.start()])
        yield kept[0]
        last = kept.end()
    yield from (_accent(sign) for sign in text[last:])


def _accent(sign: str) -> str:
    if not (sign.isascii() and sign.isalpha()):
        return sign
    return unicodedata.normalize("NFC", sign + _MARKS[ord(sign) % len(_MARKS)])


def teach_pseudo() -> None:
    i18n.learn(PSEUDO, Pseudo(), Locale("en", "GB"))


def reads(app: APIFlask, who: str, language: str, calendar: str = "gregory", digits: str = "latn") -> None:
    """From now on this person of the cast reads so."""
    with app.extensions["mikroserwis"].database.transaction() as session:
        user = session.query(User).filter_by(email=PEOPLE[who].email).one()
        user.language, user.calendar, user.digits = language, calendar, digits


def endpoint(app: APIFlask, address: str) -> str:
    """Of the page at an address of the lists above; empty where there is none."""
    try:
        return str(app.url_map.bind("localhost").match(address.partition("?")[0])[0])
    except HTTPException:
        return ""
