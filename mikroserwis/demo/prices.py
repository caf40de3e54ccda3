"""The demo's price list: what an installation of PC-POS is made of, with the offer that the manual speaks of."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from mikroserwis.access import Actor
from mikroserwis.prices.operations import add_item, add_offer, change_item, switch_item
from mikroserwis.pricing import today


class Article(NamedTuple):
    """`net` is in PLN; `per` names the stations that its quantity is taken from."""

    code: str
    name: str
    unit: str
    net: str
    per: str = ""
    description: str = ""
    vat_rate: str = "23"


class Special(NamedTuple):
    """Runs from so many days before or after today to so many after; None: until it is withdrawn."""

    code: str
    name: str
    net: str
    begins: int
    ends: int | None


ARTICLES = (
    Article(
        "PCPOS-LIC",
        "Insoft PC-POS, licencja na stanowisko",
        "szt.",
        "1290,00",
        "buy",
        "Licencja bezterminowa na jedno stanowisko kasowe, z aktualizacjami przez 12 miesięcy.",
    ),
    Article(
        "PCPOS-WYM",
        "Insoft PC-POS, wymiana licencji na stanowisko",
        "szt.",
        "690,00",
        "exchange",
        "Za oddaną licencję starszego programu kasowego.",
    ),
    Article("PCPOS-MOD-PROM", "Insoft PC-POS, moduł promocji", "szt.", "240,00"),
    Article("INST-STAN", "Instalacja i konfiguracja stanowiska", "szt.", "250,00", "all"),
    Article("INST-SERW", "Instalacja serwera sklepu", "szt.", "480,00"),
    Article("PLATF", "Podłączenie sklepu do M/platformy", "szt.", "180,00"),
    Article("IMPORT-TOW", "Przeniesienie bazy towarów", "szt.", "320,00"),
    Article("SZKOL", "Szkolenie obsługi w sklepie", "godz.", "160,00"),
    Article("DOJAZD", "Dojazd do punktu", "km", "1,15"),
    Article("DRUK-FISK", "Drukarka fiskalna online", "szt.", "2150,00", "buy"),
    Article("SKANER", "Skaner kodów kreskowych, stacjonarny", "szt.", "410,00", "buy"),
    Article("MONITOR", "Monitor dotykowy 15 cali", "szt.", "1090,00", "buy"),
    Article("SZUFLADA", "Szuflada kasowa", "szt.", "259,00", "buy"),
    Article("OKABL", "Okablowanie stanowiska", "kpl.", "95,00", "all"),
    Article("INSTRUKCJA", "Instrukcja obsługi, wydanie drukowane", "szt.", "38,00", vat_rate="5"),
    Article("WAGA-KAL", "Legalizacja wagi sklepowej", "szt.", "140,00"),
)
SPECIALS = (
    Special("PCPOS-LIC", "Oferta specjalna Insoft", "990,00", -20, 40),
    Special("PCPOS-WYM", "Oferta specjalna Insoft", "490,00", -20, 40),
    Special("SKANER", "Jesienna obniżka", "369,00", -75, -46),
    Special("MONITOR", "Zima z nowym stanowiskiem", "949,00", 12, None),
)
OUT_OF_USE = "WAGA-KAL"


def enter(session: Session, actor: Actor, now: datetime) -> None:
    """As if staff had written the list three months ago, and each offer before it began."""
    then = now - timedelta(days=90)
    items = {}
    for one in ARTICLES:
        price = "239,00" if one.code == "INST-STAN" else one.net
        items[one.code] = add_item(session, {**one._asdict(), "net": price}, actor=actor, now=then)
    for special in SPECIALS:
        start, end = _day(now, special.begins), _day(now, special.ends) if special.ends is not None else None
        entered = now - timedelta(days=max(2 - special.begins, 3))
        given = {"name": special.name, "net": special.net, "valid_from": str(start), "valid_until": str(end or "")}
        add_offer(session, items[special.code], given, actor=actor, now=entered)
    raised = items["INST-STAN"]
    change_item(session, raised, {"net": "250,00"}, version=None, actor=actor, now=now - timedelta(days=31))
    switch_item(session, items[OUT_OF_USE], active=False, actor=actor, now=now - timedelta(days=12))


def _day(now: datetime, days: int) -> date:
    return today(now) + timedelta(days=days)
