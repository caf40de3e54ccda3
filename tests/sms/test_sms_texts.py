"""How a text is counted, and which number it goes to."""

import pytest

from mikroserwis import sms


@pytest.mark.parametrize(
    ("text", "places", "parts", "plain"),
    [
        ("", 0, 1, True),
        ("a" * 160, 160, 1, True),
        ("a" * 161, 161, 2, True),
        ("a" * 306, 306, 2, True),
        ("a" * 307, 307, 3, True),
        ("€" * 80, 160, 1, True),
        ("a" * 159 + "€", 161, 2, True),
        ("ą" * 70, 70, 1, False),
        ("ą" * 71, 71, 2, False),
        ("ą" * 134, 134, 2, False),
        ("😀" * 35, 70, 1, False),
        ("a" * 66 + "😀" + "a" * 5, 73, 2, False),
    ],
)
def test_a_text_is_counted_in_the_alphabet_that_it_needs(text: str, places: int, parts: int, plain: bool):
    assert sms.size(text) == sms.Size(places, parts, plain)


def test_a_sign_of_two_places_is_not_divided_between_two_parts():
    assert sms.size("a" * 152 + "€" + "a" * 152).parts == 3
    assert sms.size("a" * 151 + "€" + "a" * 153).parts == 2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("600 100 200", "+48600100200"),
        ("+48 600-100-200", "+48600100200"),
        ("0040 721 234 567", "+40721234567"),
        ("+98 912 345 6789", "+989123456789"),
        ("12", None),
        ("zadzwoń", None),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_written_as_the_gateway_knows_it(text: str | None, number: str | None):
    assert sms.number(text) == number
