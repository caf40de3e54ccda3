"""The office's own texts: sent from the moment they are saved, in versions, and never at the price of a message."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from mikroserwis.errors import Conflict, Invalid
from mikroserwis.models import Event
from mikroserwis.telling import EVENTS, render
from mikroserwis.texts import operations
from mikroserwis.texts.slots import slot
from tests.support.app import sqlite_only
from tests.texts.conftest import OFFERED, OWN, Pen

SMS = ("offered", "sms", "pl")


def codes(error: Invalid) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in error.errors]


def test_what_the_office_wrote_is_sent_from_then_on(pen: Pen):
    assert pen.told().subject == "Nowe zgłoszenie 115: PPHU SAM"
    pen.save()
    assert pen.told().subject == "Nowość: 115"
    assert pen.told().body.startswith("Dzień dobry!\n\n")
    assert pen.told(("offered", "email", "en")).subject == "New ticket 115: PPHU SAM", "each language has its own"


def test_each_save_is_a_version_and_the_history_tells_old_and_new(pen: Pen):
    changed = pen.save()
    assert changed["subject"][1] == OWN["subject"]
    pen.save(body="{{ facts }} {{ news }}")
    assert [(number, in_force) for number, _body, _shipped, in_force in pen.versions()] == [(2, True), (1, False)]
    with pen.database.reading() as session:
        [first, second] = session.scalars(select(Event).where(Event.verb == "text_change").order_by(Event.id))
    assert json.loads(second.changes) == {"body": [OWN["body"], "{{ facts }} {{ news }}"]}
    assert json.loads(first.data) == {"event": "offered", "channel": "email", "language": "pl", "number": 1}


def test_what_is_saved_already_makes_no_new_version(pen: Pen):
    pen.save()
    assert pen.save() == {}
    assert len(pen.versions()) == 1


def test_the_shipped_text_comes_back_and_the_own_one_too(pen: Pen):
    pen.save()
    pen.restore()
    pen.restore()
    assert pen.told().subject == "Nowe zgłoszenie 115: PPHU SAM"
    pen.bring_back(1)
    assert pen.told().subject == "Nowość: 115"
    assert [(number, shipped) for number, _body, shipped, _in_force in pen.versions()] == [
        (3, False),
        (2, True),
        (1, False),
    ]


def test_whoever_read_an_older_version_is_told_what_was_written_since(pen: Pen):
    pen.save(version=0)
    with pytest.raises(Conflict) as caught:
        pen.save(version=0, subject="Moje")
    assert caught.value.params == {"fields": {"subject": (OWN["subject"], "Moje")}, "version": 1}
    with pytest.raises(Conflict):
        pen.restore(version=0)
    pen.save(version=1, subject="Moje")


def test_of_two_who_save_at_once_one_is_told(pen: Pen):
    both = Barrier(2)

    def write(name: str) -> str:
        both.wait(10)
        try:
            pen.save(version=0, subject=name)
        except Conflict as error:
            return f"told: {error.params['fields']['subject'][0]}"
        return name

    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(write, ("Jeden", "Dwa"))
    assert {first, second} in ({"Jeden", "told: Jeden"}, {"Dwa", "told: Dwa"})
    assert [(number, in_force) for number, *_rest, in_force in pen.versions()] == [(1, True)]


@sqlite_only
def test_what_is_wrong_is_said_with_its_place(pen: Pen):
    with pytest.raises(Invalid) as caught:
        pen.save(subject="{{ compny }}", body="Bez danych\n{{ facts|upper }}")
    assert codes(caught.value) == [
        ("subject", "text_unknown"),
        ("body", "text_forbidden"),
        ("body", "text_missing"),
        ("body", "text_missing"),
    ]
    assert caught.value.errors[1].params == {"line": 2, "column": 1, "found": "{{ facts|upper }}"}
    wrong_ones: tuple[tuple[dict[str, Any], tuple[str, str]], ...] = (
        ({"subject": " "}, ("subject", "required")),
        ({"subject": "x" * 301}, ("subject", "too_long")),
        ({"body": "\u200b"}, ("body", "required")),
        ({"body": "x" * 20_001}, ("body", "too_long")),
    )
    for given, wrong in wrong_ones:
        with pytest.raises(Invalid) as caught:
            pen.save(**given)
        assert wrong in codes(caught.value)


@sqlite_only
def test_the_subject_that_the_manual_prescribes_stays(pen: Pen):
    quote = ("quote", "email", "pl")
    with pytest.raises(Invalid) as caught:
        pen.save(quote, subject="Koszty", body="{{ note }} {{ facts }}")
    assert codes(caught.value) == [("subject", "subject_is_prescribed")]
    pen.save(quote, subject="Wycena", body="{{ note }} {{ facts }}")


@sqlite_only
@pytest.mark.parametrize(
    "body",
    [
        "{{ news }}{{ facts }}{{ gone }}",
        "{{ news",
        "{{ ''.__class__ }}",
        "{% for a in facts %}{% endfor %}",
        "",
        "Tylko to",
    ],
)
def test_a_broken_own_text_loses_no_message(pen: Pen, body: str):
    pen.plant(body, subject="Cudzy")
    assert pen.told().subject == "Nowe zgłoszenie 115: PPHU SAM"


@sqlite_only
def test_an_own_text_that_would_say_nothing_gives_way_to_the_shipped_one(pen: Pen):
    pen.save(SMS, body="{% if due %}{{ ticket }}, {{ due }}{% else %}{{ ticket }}{% endif %}")
    assert pen.told(SMS).body.startswith("115, ")
    pen.plant("{% if new %}{{ ticket }}{% endif %}{% if ticket %}{{ ticket }}{% endif %}", at=("overdue", "sms", "pl"))
    assert "po terminie" in pen.told(("overdue", "sms", "pl")).body


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """The statements about texts."""
    seen: list[str] = []

    def see(*given: Any) -> None:
        seen.extend([given[2]] if "message_texts" in given[2] else [])

    event.listen(engine, "before_cursor_execute", see)
    yield seen
    event.remove(engine, "before_cursor_execute", see)


@sqlite_only
def test_own_texts_are_read_once_in_a_transaction(pen: Pen):
    pen.save()
    values = EVENTS["offered"].samples()
    with counted(pen.database.engine) as seen, pen.database.reading() as session:
        for language in ("pl", "en") * 50:
            render(session, "offered", "email", values, language)
            render(session, "offered", "sms", values, language)
    assert len(seen) == 1


@sqlite_only
def test_a_text_saved_in_a_transaction_is_the_one_that_it_sends(pen: Pen):
    values, of = EVENTS["offered"].samples(), slot(*OFFERED)
    with pen.database.transaction() as session:
        before = render(session, *OFFERED[:2], values, "pl").subject
        operations.save(session, of, OWN, version=None, actor=pen.actor, now=pen.now)
        after = render(session, *OFFERED[:2], values, "pl").subject
    assert (before, after) == ("Nowe zgłoszenie 115: PPHU SAM", "Nowość: 115")
