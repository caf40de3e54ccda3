"""How a person reads: the language, the calendar and the digits, in every date, number and sentence."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.messages.plurals import get_plural

from mikroserwis import i18n
from mikroserwis.i18n import Reading, speaking
from mikroserwis.textkeys import fold, sort_key
from mikroserwis.typed import latin_figures

WARSAW = ZoneInfo("Europe/Warsaw")
DAY = date(2026, 11, 22)
PERSIAN = "fa-u-ca-persian-nu-arabext"
FSI, PDI, RLM = "\u2068", "\u2069", "\u200f"


@pytest.mark.parametrize("code", ["pl", "en", "ro", "es", "fa"])
@pytest.mark.parametrize("calendar", i18n.CALENDARS)
@pytest.mark.parametrize("digits", i18n.DIGITS)
def test_a_reading_is_one_tag_that_reads_back(code: str, calendar: str, digits: str):
    reading = Reading(code, calendar, digits)
    assert Reading.of(reading.tag) == reading
    assert reading.tag.partition("-")[0] == code


@pytest.mark.parametrize("tag", ["", "xx", "de-u-ca-buddhist-nu-thai", "pl-u-ca", "-u-ca-x", "pl; DROP"])
def test_a_reading_nobody_knows_is_polish_gregorian_and_latin(tag: str):
    assert Reading.of(tag) == Reading()


@pytest.mark.parametrize(
    ("tag", "medium", "short", "iso"),
    [
        ("pl", "22 lis 2026", "22.11.2026", "2026-11-22"),
        ("en", "22 Nov 2026", "22/11/2026", "2026-11-22"),
        ("ro", "22 nov. 2026", "22.11.2026", "2026-11-22"),
        ("es", "22 nov 2026", "22/11/26", "2026-11-22"),
        ("fa", "22 نوامبر 2026", "2026/11/22", "2026-11-22"),
        ("fa-u-ca-persian", "1 آذر 1405", "1405/09/01", "1405/09/01"),
        (PERSIAN, "۱ آذر ۱۴۰۵", "۱۴۰۵/۰۹/۰۱", "۱۴۰۵/۰۹/۰۱"),
        ("fa-u-nu-arabext", "۲۲ نوامبر ۲۰۲۶", "۲۰۲۶/۱۱/۲۲", "۲۰۲۶-۱۱-۲۲"),
        ("pl-u-ca-persian", "1 Azar 1405", "1405/09/01", "1405/09/01"),
    ],
)
def test_a_day_is_said_as_its_reader_counts_days(tag: str, medium: str, short: str, iso: str):
    with speaking(tag):
        assert [i18n.say_date(DAY, style) for style in ("medium", "short", "iso")] == [medium, short, iso]


def test_a_moment_of_the_night_belongs_to_warsaws_day_in_both_calendars():
    night = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    with speaking("fa-u-ca-persian"):
        assert i18n.say_moment(night, WARSAW).startswith("1405/01/01")
    with speaking(PERSIAN):
        assert i18n.say_moment(night, WARSAW).endswith("۰:۳۰")


@pytest.mark.parametrize("day", [date(1, 1, 1), date(621, 12, 31), date.max])
def test_days_that_the_jalali_calendar_does_not_have_are_said_in_the_other(day: date):
    with speaking("fa-u-ca-persian"):
        assert i18n.say_date(day, "iso") == day.isoformat()


@pytest.mark.parametrize(
    ("tag", "said"),
    [("pl", "12\xa0345,6"), ("en", "12,345.6"), ("ro", "12.345,6"), ("es", "12.345,6"), (PERSIAN, "۱۲٬۳۴۵٫۶")],
)
def test_a_number_has_its_languages_signs(tag: str, said: str):
    with speaking(tag):
        assert i18n.say_number(12345.6) == said


def test_counts_take_the_readers_digits_and_codes_keep_theirs():
    with speaking("fa-u-nu-arabext"):
        assert i18n.gettext("Ticket %(number)s, %(days)s days", number=115, days=12) == "Ticket 115, ۱۲ days"
        assert "۱۲" in i18n.ngettext("%(n)s made-up page", "%(n)s made-up pages", 12)


def test_a_name_within_a_sentence_from_right_to_left_keeps_its_own_direction():
    with speaking("fa"):
        assert i18n.gettext("It is now %(name)s’s.", name="Sklep (2)") == f"It is now {FSI}Sklep (2){PDI}’s."
        assert i18n.gettext("Go to %(url)s now", url="https://x.example/a") == "Go to https://x.example/a now"
        assert i18n.gettext("made-up-%(day)s.xlsx", day="2026-11-22") == "made-up-2026-11-22.xlsx"
    with speaking("ro"):
        assert i18n.gettext("It is now %(name)s’s.", name="Sklep (2)") == "It is now Sklep (2)’s."


def test_each_line_of_a_mail_begins_on_the_side_of_its_language():
    text = "Sklep (2)\n\nhttps://x.example"
    with speaking("fa"):
        assert i18n.directed(text) == f"{RLM}Sklep (2)\n\n{RLM}https://x.example"
    with speaking("es"):
        assert i18n.directed(text) == text


@pytest.mark.parametrize(("code", "forms"), [("pl", 3), ("en", 2), ("ro", 3), ("es", 2), ("fa", 1)])
def test_the_plural_forms_are_babels(code: str, forms: int):
    assert get_plural(code).num_plurals == forms


def test_names_stand_in_the_order_of_their_alphabet():
    words = ["گلستان", "کرمان", "پارس", "بابل", "تهران", "قم", "هرمز", "ورامین", "یزد", "نور"]
    order = ["بابل", "پارس", "تهران", "قم", "کرمان", "گلستان", "نور", "ورامین", "هرمز", "یزد"]
    assert sorted(words, key=sort_key) == order
    assert sorted(["Țara", "Tulcea", "Șoimi", "Suceava"], key=sort_key) == ["Suceava", "Șoimi", "Tulcea", "Țara"]
    assert sorted(["ñandú", "nube", "oso"], key=sort_key) == ["nube", "ñandú", "oso"]


def test_arabic_letters_and_figures_find_the_persian_ones():
    assert fold("كاظمي ١٢") == fold("کاظمی ۱۲") == "کاظمی 12"
    assert fold("می‌شود") == fold("میشود")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("۷۹۷-۴۵۶-۹۴-۳۹", "797-456-94-39"),
        ("PL٧٩٧٤٥٦٩٤٣٩", "PL7974569439"),
        ("۱۲٬۳۴۵٫۵۰", "12345.50"),
        ("۲۰۲۶-۱۱-۲۲", "2026-11-22"),
        ("+۴۸ ۶۰۰ ۱۰۰ ۲۰۰", "+48 600 100 200"),
        ("۵ دستگاه در فروشگاه", "۵ دستگاه در فروشگاه"),
        ("Sklep ۵ łódź", "Sklep ۵ łódź"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_figures_become_ascii_unless_they_stand_among_words(typed: str, read: str):
    assert latin_figures(typed) == read
