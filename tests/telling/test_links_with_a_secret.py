"""The link that bears a secret: whatever the office writes around it, it leads where it leads, or it isn't sent."""

import pytest

from mikroserwis.i18n import LANGUAGES, speaking
from mikroserwis.telling import EMAIL, EVENTS, SMS
from mikroserwis.telling.grammar import faults, subject_faults
from mikroserwis.telling.rendering import Own, filled, shipped

RECOVERY = EVENTS["account_recovery"]
LINK = "http://localhost/account/links/x"
EVIL = "https://evil.example/?u="
WITH_ONE = [event for event in EVENTS.values() if any(one.alone for one in event.variables)]


def wrong(body: str) -> list[str]:
    return [one.code for one in faults(RECOVERY, EMAIL, f"{body}\n{{{{ until }}}}")]


def lines(body: str) -> list[str]:
    made = filled(RECOVERY, EMAIL, Own("Hasło", f"{body}\n{{{{ until }}}}"), {**RECOVERY.samples(), "url": LINK})
    return [line.strip() for line in made.body.split("\n") if LINK in line]


@pytest.mark.parametrize(
    "body",
    [
        EVIL + "{{ url }}",
        EVIL + "{{url}} do",
        "Hasło: {{ url }}",
        "{{ url }}.",
        "{{ url }}@evil.example",
        "{{ name }}{{ url }}",
        "{{ url }} {{ url }}",
        "(\u00a0{{ url }})",
        EVIL + "\n{{- url }}",
        "{{ url -}}\n.evil.example",
        EVIL + "{#-\n-#}\n{{ url }}",
        EVIL + "{# #}{{ url }}",
        EVIL + "{% if name -%}\n{{ url }}\n{% endif %}",
        EVIL + "{% if name %}{{ url }}{% endif %}",
        "{% if name %}" + EVIL + "{% endif %}{{ url }}",
        "{% if name %}\n" + EVIL + "\n{%- endif -%}\n{{ url }}",
        "\n{{ url }}\n{%- if name %}.evil.example{% endif %}",
        "{% if name %}\n{{ url }}{% else %}{{ url }}\n{% endif %}",
        EVIL + "{% raw %}{% endraw %}{{ url }}",
    ],
)
def test_nothing_may_touch_a_link_that_bears_a_secret(body: str):
    assert "text_link_alone" in wrong(body)


@pytest.mark.parametrize(
    "body",
    [
        "{{ url }}",
        "Dzień dobry,\n\n{{url}}\n\nWażne do:",
        "Dzień dobry,\r\n\r\n{{url}}\r\n\r\nWażne do:",
        "Tutaj:\n \t{{ url }}\t \n",
        "{% if name %}{{ name }}{% endif %}\n{{ url }}\n{% if name %}x{% endif %}",
        "{% if name %}\n{{ url }}\n{% else %}\n{{ url }}\n{% endif %}",
        "Tutaj:\n{# the link #}{{ url }}{# ends #}\n",
        "{{ name }}\n{{ url }}",
    ],
)
def test_a_link_alone_on_its_line_is_sent_alone_on_its_line(body: str):
    assert wrong(body) == []
    assert set(lines(body)) == {LINK}


def test_where_a_link_stands_wrong_is_told_with_its_place():
    [fault] = faults(RECOVERY, EMAIL, "Hasło do {{ until }}:\n{{ name }} {{ url }}")
    assert (fault.code, fault.params) == ("text_link_alone", {"line": 2, "column": 15, "name": "url"})


def test_a_subject_never_bears_the_link():
    [fault] = subject_faults(RECOVERY, "Hasło {{ url }}")
    assert (fault.code, fault.params) == ("text_link_in_subject", {"line": 1, "column": 10, "name": "url"})
    assert [one.code for one in subject_faults(RECOVERY, "{{ url }}")] == ["text_link_in_subject"]


def test_a_page_that_asks_for_the_password_may_stand_in_a_sentence():
    assert faults(EVENTS["password_changed"], EMAIL, "Jeśli to nie Ty: {{ url }}.") == []
    assert subject_faults(EVENTS["new_device"], "{{ url }}") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_shipped_texts_keep_the_rule_in_every_language(language: str):
    assert [event.code for event in WITH_ONE] == ["account_activation", "account_recovery"]
    with speaking(language):
        for event in WITH_ONE:
            made = filled(event, EMAIL, shipped(event, EMAIL), {**event.samples(), "url": LINK})
            assert LINK in made.body.split("\n")
            assert [one.code for one in faults(event, SMS, "{{ until }} {{ url }}")] == ["text_unknown"]
