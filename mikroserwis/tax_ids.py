"""Tax ids by country: read, checked by their country's own rule, and the words for what is wrong with one."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from stdnum import get_cc_module
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.ro import cui
from stdnum.ua import edrpou

from mikroserwis.i18n import country_label
from mikroserwis.i18n import gettext as _

HOME = "PL"
# ISO 3166 codes of those whose companies may be entered.
COUNTRIES = (
    *("PL", "RO", "VE"),
    *("AT", "BE", "BG", "BY", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR"),
    *("GB", "GR", "HR", "HU", "IE", "IS", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PT", "RS", "SE"),
    *("SI", "SK", "TR", "UA"),
    *("AR", "AU", "BR", "CL", "CO", "CR", "DO", "EC", "GT", "MX", "PE", "PY", "SV", "UY"),
)
# Where the library's usual number is another one: Romania's is also that of persons.
_RULES: dict[str, Any] = {"RO": cui, "UA": edrpou}


def number_name(country: str) -> str:
    """What the number is called there: NIP, CUI, RIF …"""
    name: str = _rule(country).__name__
    return name.rpartition(".")[2].upper()


def read(country: str, text: str) -> str:
    """As it is kept: with the country in front, unless it is Poland's, so that no two countries' are alike.

    Raises ValueError(code, params).
    """
    rule, plain = _rule(country), "".join(text.upper().split())
    bare = plain.removeprefix(country)
    for candidate in (plain, bare):
        if rule.is_valid(candidate):
            compact: str = rule.compact(candidate)
            return compact if country == HOME or compact.startswith(country) else f"{country}{compact}"
    raise ValueError(_fault(rule, bare), {"number": number_name(country), "country": country})


def _fault(rule: Any, text: str) -> str:
    try:
        rule.validate(text)
    except InvalidLength:
        return "tax_id_length"
    except InvalidChecksum:
        return "tax_id_check_digit"
    except ValidationError:
        pass
    return "tax_id_format"


@cache
def _rule(country: str) -> Any:
    return _RULES.get(country) or get_cc_module(country.lower(), "vat")


def _said(params: Mapping[str, Any]) -> dict[str, str]:
    return {"number": params["number"], "country": country_label(params["country"])}


FIELD_ERRORS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "tax_id_length": lambda p: _("A %(number)s (%(country)s) has another length. Check the number.", **_said(p)),
    "tax_id_check_digit": lambda p: _(
        "This %(number)s's check digit does not fit (%(country)s): one of the characters is wrong.", **_said(p)
    ),
    "tax_id_format": lambda p: _("This is no %(number)s (%(country)s). Check the number.", **_said(p)),
    "regon_of_poland": lambda _p: _("Only companies in Poland have a REGON: leave it empty."),
}
