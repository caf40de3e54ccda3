"""The rules that are data: what ships, what is refused, and a new type without code."""

import tomllib
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from config import load_rules

SHIPPED = files("config").joinpath("rules.toml").read_text("utf-8")

KIOSK = """
[ticket_types.kiosk]
label = { pl = "Kiosk", en = "Kiosk" }
about = { pl = "kasa samoobsługowa", en = "self-checkout" }
documents = ["contract"]
quote = false
connectivity = true
sla = { take = 1, contract = 2, completion = 0 }
"""


def test_the_two_types_of_the_manual_ship_with_its_deadlines() -> None:
    rules = load_rules()
    assert rules.type_names == ("insoft", "fiscal")
    for type_ in rules.ticket_types.values():
        assert (type_.sla.take, type_.sla.contract, type_.sla.completion) == (3, 7, 30)
        assert type_.sla.warn_at == (50, 75, 90)
        assert type_.sla.calendar == "days"
        assert set(type_.sla.on_breach.model_dump().values()) == {"reassign"}


def test_insoft_needs_a_quote_and_the_gate_fiscal_neither() -> None:
    types = load_rules().ticket_types
    assert types["insoft"].documents == ("quote", "contract", "power_of_attorney")
    assert (types["insoft"].quote, types["insoft"].connectivity) == (True, True)
    assert types["fiscal"].documents == ("contract", "power_of_attorney")
    assert (types["fiscal"].quote, types["fiscal"].connectivity) == (False, False)


def test_deadlines_are_decided_in_warsaw_and_business_days_are_poland_s() -> None:
    assert load_rules().tz == ZoneInfo("Europe/Warsaw")
    assert load_rules().country == load_rules(SHIPPED.replace('country = "PL"', "")).country == "PL"


def test_a_type_may_count_business_days_of_a_country_and_choose_what_a_breach_does_at_each_stage() -> None:
    own = KIOSK.replace("completion = 0", 'completion = 0, calendar = "business", on_breach = { take = "pool" }')
    rules = load_rules(SHIPPED.replace('country = "PL"', 'country = "DE"') + own)
    kiosk = rules.ticket_types["kiosk"].sla
    assert (rules.country, kiosk.calendar) == ("DE", "business")
    assert kiosk.on_breach.model_dump() == {"take": "pool", "contract": "reassign", "completion": "reassign"}


def test_a_new_type_needs_data_only() -> None:
    rules = load_rules(SHIPPED + KIOSK)
    assert rules.type_names == ("insoft", "fiscal", "kiosk")
    kiosk = rules.ticket_types["kiosk"]
    assert (kiosk.label["en"], kiosk.documents, kiosk.connectivity) == ("Kiosk", ("contract",), True)
    assert (kiosk.sla.completion, kiosk.sla.warn_at) == (0, (50, 75, 90))


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        (('documents = ["contract"]', 'documents = ["invoice"]'), ("ticket_types", "kiosk", "documents", 0)),
        (("take = 1", "take = -1"), ("ticket_types", "kiosk", "sla", "take")),
        (("take = 1", "take = 367"), ("ticket_types", "kiosk", "sla", "take")),
        (("take = 1", 'take = "soon"'), ("ticket_types", "kiosk", "sla", "take")),
        (("take = 1, ", ""), ("ticket_types", "kiosk", "sla", "take")),
        (("completion = 0", "completion = 0, warn_at = [0]"), ("ticket_types", "kiosk", "sla", "warn_at", 0)),
        (("completion = 0", "completion = 0, warn_at = [50, 100]"), ("ticket_types", "kiosk", "sla", "warn_at", 1)),
        (("completion = 0", "completion = 0, warn_at = [75, 50]"), ("ticket_types", "kiosk", "sla", "warn_at")),
        (("completion = 0", "completion = 0, warn_at = [50, 50]"), ("ticket_types", "kiosk", "sla", "warn_at")),
        (("completion = 0", 'completion = 0, calendar = "lunar"'), ("ticket_types", "kiosk", "sla", "calendar")),
        (
            ("completion = 0", 'completion = 0, on_breach = { take = "shout" }'),
            ("ticket_types", "kiosk", "sla", "on_breach", "take"),
        ),
        (
            ("completion = 0", 'completion = 0, on_breach = { sign = "pool" }'),
            ("ticket_types", "kiosk", "sla", "on_breach", "sign"),
        ),
        (('country = "PL"', 'country = "Polska"'), ("country",)),
        (("connectivity = true", "conectivity = true"), ("ticket_types", "kiosk", "connectivity")),
        (("quote = false", "quote = false\nprice = 3"), ("ticket_types", "kiosk", "price")),
        (("quote = false", "quote = true"), ("ticket_types", "kiosk")),
        (('documents = ["contract"]', 'documents = ["quote"]'), ("ticket_types", "kiosk")),
        ((', en = "Kiosk"', ""), ("ticket_types", "kiosk", "label")),
        (('pl = "kasa samoobsługowa"', 'pl = " "'), ("ticket_types", "kiosk", "about")),
        (('zone = "Europe/Warsaw"', 'zone = "Europe/Sieciechow"'), ("zone",)),
        (('zone = "Europe/Warsaw"', ""), ("zone",)),
        (("own_tickets_from = 5_000_001", 'own_tickets_from = "many"'), ("numbers", "own_tickets_from")),
    ],
)
def test_a_wrong_rule_is_refused_and_its_place_named(wrong: tuple[str, str], place: tuple[str | int, ...]) -> None:
    text = SHIPPED + KIOSK
    assert wrong[0] in text
    with pytest.raises(ValidationError) as refused:
        load_rules(text.replace(*wrong))
    assert place in [error["loc"] for error in refused.value.errors()]
    assert str(place[-1]) in str(refused.value)


def test_broken_toml_is_refused_with_line_and_column() -> None:
    with pytest.raises(tomllib.TOMLDecodeError, match=r"line 2, column \d+"):
        load_rules('zone = "Europe/Warsaw"\nticket_types = \n')


def test_an_empty_file_is_not_taken_for_the_shipped_rules() -> None:
    with pytest.raises(ValidationError):
        load_rules("")
