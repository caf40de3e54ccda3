"""Amounts as they stand on Polish papers: in figures, and in words that can't be altered with a pen."""

from decimal import Decimal

_SPACE = "\u00a0"
_UNITS = (
    "",
    "jeden",
    "dwa",
    "trzy",
    "cztery",
    "pięć",
    "sześć",
    "siedem",
    "osiem",
    "dziewięć",
    "dziesięć",
    "jedenaście",
    "dwanaście",
    "trzynaście",
    "czternaście",
    "piętnaście",
    "szesnaście",
    "siedemnaście",
    "osiemnaście",
    "dziewiętnaście",
)
_TENS = (
    "",
    "",
    "dwadzieścia",
    "trzydzieści",
    "czterdzieści",
    "pięćdziesiąt",
    "sześćdziesiąt",
    "siedemdziesiąt",
    "osiemdziesiąt",
    "dziewięćdziesiąt",
)
_HUNDREDS = (
    "",
    "sto",
    "dwieście",
    "trzysta",
    "czterysta",
    "pięćset",
    "sześćset",
    "siedemset",
    "osiemset",
    "dziewięćset",
)
_SCALES = (("milion", "miliony", "milionów"), ("tysiąc", "tysiące", "tysięcy"), ("złoty", "złote", "złotych"))


def money(amount: Decimal) -> str:
    """`1 234,50 zł`, never broken over lines."""
    return f"{_figures(amount, 2)}{_SPACE}zł"


def number(value: Decimal) -> str:
    """`1 234,5`: no more decimals than there are."""
    return _figures(value, max(0, -int(value.normalize().as_tuple().exponent)))


def _figures(value: Decimal, decimals: int) -> str:
    return f"{value:,.{decimals}f}".replace(",", _SPACE).replace(".", ",")


def in_words(amount: Decimal) -> str:
    """`jeden tysiąc dwieście trzydzieści cztery złote 50/100`, for 0 to 999 999 999,99; ValueError beyond."""
    grosze = int(amount * 100)
    if not 0 <= amount < 10**9 or grosze != amount * 100:
        raise ValueError(f"no amount that words are known for: {amount}")
    zlote, grosze = divmod(grosze, 100)
    words: list[str] = []
    for at, forms in enumerate(_SCALES):
        group = zlote // 1000 ** (2 - at) % 1000
        if group:
            words += _below_thousand(group)
        if at == 2:
            words.append(_form(zlote, forms))
        elif group:
            words.append(_form(group, forms))
    return f"{'' if zlote else 'zero '}{' '.join(words)} {grosze:02}/100"


def _below_thousand(number: int) -> list[str]:
    tens, units = (number % 100 // 10, number % 10) if number % 100 >= 20 else (0, number % 100)
    return [word for word in (_HUNDREDS[number // 100], _TENS[tens], _UNITS[units]) if word]


def _form(number: int, forms: tuple[str, str, str]) -> str:
    """The noun's form after `number`: 1 złoty, 2 złote, 5 złotych, 12 złotych, 22 złote."""
    one, few, many = forms
    if number == 1:
        return one
    return few if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else many
