"""What a text may say: words, variables, and whether there is something to say. Whatever else is tried is refused."""

import time
from typing import Any

import pytest
from jinja2 import UndefinedError

from mikroserwis.i18n import LANGUAGES, speaking
from mikroserwis.messages.wording import EVENTS as LABELS
from mikroserwis.telling import EMAIL, EVENTS, PDF, SMS, Rendered
from mikroserwis.telling.grammar import LONGEST, faults, fill, subject_faults
from mikroserwis.telling.rendering import Own, Unusable, broken, filled, shipped

OFFERED = EVENTS["offered"]
RECOVERY = EVENTS["account_recovery"]
BLANK = {"news": "", "facts": ""}


def codes(text: str, channel: str = SMS) -> list[str]:
    return [one.code for one in faults(OFFERED, channel, text) if one.code != "text_missing"]


def told(body: str, **values: Any) -> Rendered:
    return filled(
        OFFERED, EMAIL, Own("Temat", f"{body}{{{{ news }}}}{{{{ facts }}}}"), {**OFFERED.samples(), **BLANK, **values}
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_text_can_be_sent_in_every_language(language: str):
    with speaking(language):
        wrong = {
            (event.code, channel): found
            for event in EVENTS.values()
            for channel in event.texts
            if (found := broken(event, channel, shipped(event, channel))) and channel != PDF
        }
        said = [
            (event.code, channel)
            for event in EVENTS.values()
            for channel in event.texts
            if channel != PDF and not filled(event, channel, shipped(event, channel), event.samples()).body
        ]
    assert (wrong, said) == ({}, [])


def test_whatever_a_message_is_about_has_a_text():
    mails = {code for code, event in EVENTS.items() if EMAIL in event.texts}
    assert mails <= set(LABELS)
    assert not [code for code, event in EVENTS.items() if not str(event.label) or not str(event.audience)]
    assert [str(EVENTS[code].label) for code in mails] == [str(LABELS[code]) for code in mails]


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ ticket.__class__ }}",
        "{{ ticket['x'] }}",
        "{{ ticket() }}",
        "{{ ticket|upper }}",
        "{{ ticket | attr('__class__') }}",
        "{{ ticket ~ company }}",
        "{{ 7 * 7 }}",
        "{{ 9**9**9 }}",
        "{{ 'x' * 10**9 }}",
        "{{ [1, 2] }}",
        "{{ ticket if new else company }}",
        "{% if ticket == '115' %}x{% endif %}",
        "{% if not new %}x{% endif %}",
        "{% if new and ticket %}x{% endif %}",
        "{% if ticket is defined %}x{% endif %}",
        "{% set ticket = 1 %}",
        "{% for sign in ticket %}{{ sign }}{% endfor %}",
        "{% for a in range(10**9) %}x{% endfor %}",
        "{% include 'layout.html' %}",
        "{% extends 'layout.html' %}",
        "{% import 'macros/base.html' as base %}",
        "{% macro x() %}{% endmacro %}",
        "{% filter upper %}x{% endfilter %}",
        "{% block x %}{% endblock %}",
        "{% call x() %}{% endcall %}",
        "{% with %}x{% endwith %}",
        "{% autoescape true %}x{% endautoescape %}",
    ],
)
def test_nothing_but_variables_and_questions_gets_through(text: str):
    assert codes(text)
    assert set(codes(text)) <= {"text_forbidden", "text_unknown", "text_syntax"}
    with pytest.raises(Unusable):
        told(text)


@pytest.mark.parametrize("name", ["self", "loop", "range", "lipsum", "cycler", "namespace", "request", "config", "g"])
def test_what_other_templates_know_is_unknown_here(name: str):
    assert codes(f"{{{{ {name} }}}}") == ["text_unknown"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ ticket",
        "{% if new %}x",
        "{% endif %}",
        "{{ }}",
        "{% nonsense %}",
        "{{ 1" + "1" * 5000 + " }}",
        "{% if new %}" * 400 + "{% endif %}" * 400,
        "{% if new %}" * 5 + "{% endif %}" * 5,
        "{{ " + "(" * 3000 + "ticket" + ")" * 3000 + " }}",
        "{{ '\\ud800' }}",
        "{{ '\\N{x}' }}",
    ],
)
def test_what_cannot_be_read_is_refused_and_breaks_nothing(text: str):
    begun = time.monotonic()
    assert set(codes(text)) & {"text_syntax", "text_too_deep", "text_forbidden"}
    assert time.monotonic() - begun < 2


def test_an_unknown_variable_is_named_with_its_place_and_the_nearest_known_one():
    [first, second] = faults(OFFERED, SMS, "{{ ticket }}\nDla {{ compny }}: {{ xyz }}")
    assert (first.code, dict(first.params)) == (
        "text_unknown",
        {"line": 2, "column": 8, "name": "compny", "near": "company"},
    )
    assert second.params == {"line": 2, "column": 22, "name": "xyz", "near": ""}


def test_what_is_not_possible_is_quoted_with_its_place():
    [fault] = faults(OFFERED, SMS, "{{ ticket }}\n\nAla {{ company }} {{ city|upper }}")
    assert (fault.code, fault.params) == ("text_forbidden", {"line": 3, "column": 19, "found": "{{ city|upper }}"})


def test_a_flag_is_asked_for_and_never_written():
    assert codes("{{ new }}") == ["text_flag"]
    assert codes("{% if new %}x{% elif due %}y{% else %}z{% endif %}") == []


def test_a_required_variable_must_be_written_whatever_the_values_are():
    def missing(text: str) -> list[str]:
        return [one.params["name"] for one in faults(RECOVERY, EMAIL, text)]

    assert missing("Hasło") == ["until", "url"]
    assert missing("{{ email }} {{ until }}") == ["url"]
    assert missing("{{ url }}\n{{ until }}") == []
    assert missing("{% if name %}\n{{ url }}\n{% endif %} {{ until }}") == ["url"]
    assert missing("{% if name %}\n{{ url }}\n{% else %}\n{{ url }}\n{% endif %} {{ until }}") == []
    assert missing("{% if url %}\n{{ url }}\n{% endif %} {{ until }}") == []
    assert missing("{# {{ url }} #}{% raw %}{{ url }}{% endraw %} {{ until }}") == ["url"]
    assert [one.params["name"] for one in faults(OFFERED, SMS, "Nowe zgłoszenie")] == ["ticket"]
    assert subject_faults(RECOVERY, "Hasło") == []


@pytest.mark.parametrize(
    ("text", "is_always_said"),
    [
        ("{% if new %}{{ ticket }}{% elif due %}{{ ticket }}{% else %}{{ ticket }}{% endif %}", True),
        ("{% if new %}{{ ticket }}{% elif due %}{{ ticket }}{% elif company %}{{ ticket }}{% endif %}", False),
        ("{% if new %}{{ ticket }}{% elif due %}x{% else %}{{ ticket }}{% endif %}", False),
        ("{% if new %}x{% elif due %}{{ ticket }}{% else %}{{ ticket }}{% endif %}", False),
        # Wherever there is a ticket, it is written; where there is none, there is nothing to write.
        ("{% if new %}{{ ticket }}{% elif ticket %}{{ ticket }}{% endif %}", True),
        ("{% if ticket %}{{ ticket }}{% elif new %}x{% else %}y{% endif %}", True),
        ("{% if new %}x{% elif ticket %}{{ ticket }}{% endif %}", False),
        ("{% if new %}{{ ticket }}{% elif ticket %}x{% else %}{{ ticket }}{% endif %}", False),
    ],
)
def test_of_a_chain_of_questions_every_answer_must_say_it(text: str, is_always_said: bool):
    assert [one.code for one in faults(OFFERED, SMS, text)] == ([] if is_always_said else ["text_missing"])


def test_what_is_wrong_in_a_chain_is_told_in_the_order_of_the_text():
    text = "{{ ticket }}{% if a %}{{ b }}{% elif c %}{{ d }}{% elif e %}{{ f }}{% else %}{{ g }}{% endif %}"
    assert [one.params["name"] for one in faults(OFFERED, SMS, text)] == list("abcdefg")


def test_values_are_plain_text_and_never_read_as_a_template():
    evil = "{{ ''.__class__ }}{% for a in b %}<script>"
    assert told("{{ company }}", company=evil).body == evil


def test_where_a_value_is_empty_no_gap_is_left():
    assert told("A\n\n{{ news }}\n\n{{ company }}\n\n", news="", company="B").body == "A\n\nB"
    assert told("A{% if due %} do {{ due }}{% endif %}.", due=None).body == "A."


def test_a_subject_stays_one_short_line():
    made = filled(
        OFFERED,
        EMAIL,
        Own("A {{ company }}", "{{ news }}{{ facts }}"),
        {**OFFERED.samples(), "company": "x\r\nBcc: y\u202e"},
    )
    assert made.subject == "A x Bcc: y"
    assert (
        len(
            filled(
                OFFERED,
                EMAIL,
                Own("{{ company }}" * 9, "{{ news }}{{ facts }}"),
                {**OFFERED.samples(), "company": "x" * 99},
            ).subject
        )
        == 300
    )


def test_a_message_is_cut_before_it_grows_out_of_hand():
    made = fill("{{ company }}" * 1000, {"company": "x" * 100_000})
    assert len(made) == LONGEST


def test_a_text_that_says_nothing_with_these_values_is_not_sent():
    with pytest.raises(Unusable):
        told("{% if due %}{{ due }}{% endif %}", due="")


def test_a_missing_value_is_an_error_and_not_a_blank():
    with pytest.raises(UndefinedError):
        fill("{{ company }}", {})


def test_twenty_thousand_messages_compile_their_text_once():
    text = "Zgłoszenie {{ ticket }}: {{ company }}{% if due %} do {{ due }}{% endif %}"
    values = {"ticket": "115", "company": "SAM", "due": ""}
    fill(text, values)
    begun = time.process_time()
    for _each in range(20_000):
        fill(text, values)
    assert time.process_time() - begun < 5


def test_the_link_that_only_its_mail_completes_is_unknown_to_an_sms():
    assert [one.code for one in faults(RECOVERY, SMS, "{{ url }}\n{{ until }}")] == ["text_unknown"]
    assert faults(RECOVERY, EMAIL, "{{ url }}\n{{ until }}") == []
