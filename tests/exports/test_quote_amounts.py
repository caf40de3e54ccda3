from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exports.papers.amounts import in_words, money, number


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "zero złotych 00/100"),
        ("0.01", "zero złotych 01/100"),
        ("1", "jeden złoty 00/100"),
        ("2.05", "dwa złote 05/100"),
        ("4", "cztery złote 00/100"),
        ("5", "pięć złotych 00/100"),
        ("10", "dziesięć złotych 00/100"),
        ("12", "dwanaście złotych 00/100"),
        ("19", "dziewiętnaście złotych 00/100"),
        ("20", "dwadzieścia złotych 00/100"),
        ("21", "dwadzieścia jeden złotych 00/100"),
        ("22", "dwadzieścia dwa złote 00/100"),
        ("100", "sto złotych 00/100"),
        ("101", "sto jeden złotych 00/100"),
        ("112", "sto dwanaście złotych 00/100"),
        ("123", "sto dwadzieścia trzy złote 00/100"),
        ("999", "dziewięćset dziewięćdziesiąt dziewięć złotych 00/100"),
        ("1000", "jeden tysiąc złotych 00/100"),
        ("1001", "jeden tysiąc jeden złotych 00/100"),
        ("1002", "jeden tysiąc dwa złote 00/100"),
        ("2000", "dwa tysiące złotych 00/100"),
        ("2229.49", "dwa tysiące dwieście dwadzieścia dziewięć złotych 49/100"),
        ("5000", "pięć tysięcy złotych 00/100"),
        ("12000", "dwanaście tysięcy złotych 00/100"),
        ("13004", "trzynaście tysięcy cztery złote 00/100"),
        ("21000", "dwadzieścia jeden tysięcy złotych 00/100"),
        ("22000", "dwadzieścia dwa tysiące złotych 00/100"),
        ("1000000", "jeden milion złotych 00/100"),
        ("3000001.10", "trzy miliony jeden złotych 10/100"),
        ("5021013", "pięć milionów dwadzieścia jeden tysięcy trzynaście złotych 00/100"),
        (
            "999999999.99",
            "dziewięćset dziewięćdziesiąt dziewięć milionów dziewięćset dziewięćdziesiąt dziewięć tysięcy "
            "dziewięćset dziewięćdziesiąt dziewięć złotych 99/100",
        ),
    ],
)
def test_an_amount_in_words_declines_as_polish_does(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


@given(st.integers(0, 99_999_999_999))
def test_no_two_amounts_read_alike_and_no_word_is_lost(grosze: int) -> None:
    words = in_words(Decimal(grosze) / 100)
    assert words == words.strip()
    assert "  " not in words
    assert words != in_words(Decimal((grosze + 1) % 10**11) / 100)


@pytest.mark.parametrize("amount", ["-0.01", "1000000000", "0.005"])
def test_an_amount_without_words_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        in_words(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "shown"), [("1234.5", "1 234,50 zł"), ("0", "0,00 zł"), ("9999999.99", "9 999 999,99 zł")]
)
def test_money_is_written_as_in_poland_and_never_breaks(amount: str, shown: str) -> None:
    assert money(Decimal(amount)) == shown.replace(" ", "\u00a0")


@pytest.mark.parametrize(("value", "shown"), [("3", "3"), ("2.50", "2,5"), ("1E+3", "1 000"), ("0.25", "0,25")])
def test_a_quantity_has_no_more_decimals_than_it_needs(value: str, shown: str) -> None:
    assert number(Decimal(value)) == shown.replace(" ", "\u00a0")
