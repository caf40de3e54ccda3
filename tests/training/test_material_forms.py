"""What a material may say, and how its text becomes HTML."""

import pytest

from mikroserwis.errors import Invalid
from mikroserwis.training import forms
from mikroserwis.training.writing import html

TYPES = ("insoft", "fiscal")


def read(types: tuple[str, ...] = (), **changed: str) -> forms.Content:
    values = {"kind": "link", "title": "Film", "url": "https://wideo.example/1", **changed}
    return forms.read(values, types, TYPES, published=True)


def refused(types: tuple[str, ...] = (), **changed: str) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        read(types, **changed)
    return {one.field: one.code for one in caught.value.errors}


@pytest.mark.parametrize(
    "url",
    [
        "http://wideo.example/1",
        "javascript:alert(1)",
        "JaVaScRiPt://wideo.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//wideo.example/1",
        "/tickets",
        "https:wideo.example",
        "https://",
        "https://localhost/",
        "https://bank.example@wideo.example/",
        "https://wideo.example\\@bank.example/",
        'https://wideo.example/"onmouseover=alert(1)',
        "https://wideo.example/a b",
        "https://[::1/",
        "ftp://wideo.example",
        "vbscript:x",
    ],
)
def test_a_link_that_is_no_plain_https_address_is_refused(url):
    assert refused(url=url) == {"url": "https_only"}


@pytest.mark.parametrize(
    "url", ["https://wideo.example/1?v=2#t=3", "https://żółw.example:8443/", " https://a.example "]
)
def test_a_plain_https_address_is_taken(url):
    assert read(url=url).url == url.strip()


def test_every_wrong_value_is_named():
    assert refused(("scales",), kind="film", title=" \n", summary="x" * 501) == {
        "kind": "unknown_value",
        "title": "required",
        "summary": "too_long",
        "types": "unknown_type",
    }
    assert refused(kind="text", text="\u200b") == {"text": "required"}
    assert refused(url="") == {"url": "required"}


def test_only_what_belongs_to_its_kind_is_kept():
    content = read(("insoft", "fiscal", "insoft"), kind="text", text="Uwaga", url="javascript:alert(1)")
    assert (content.text, content.url, content.types) == ("Uwaga", "", ("fiscal", "insoft"))


def test_a_text_has_paragraphs_lists_headings_bold_and_links():
    text = """## Kroki
Najpierw **zadzwoń**.
Potem [strona](https://a.example/x?y=1&z=2).

- jeden
- dwa

1. raz
2. dwa
Zob. https://b.example/c."""
    assert str(html(text)) == (
        "<h2>Kroki</h2>\n"
        "<p>Najpierw <strong>zadzwoń</strong>.<br>"
        'Potem <a href="https://a.example/x?y=1&amp;z=2" rel="noopener noreferrer">strona</a>.</p>\n'
        "<ul><li>jeden</li><li>dwa</li></ul>\n"
        '<ol start="1"><li>raz</li><li>dwa</li></ol>\n'
        '<p>Zob. <a href="https://b.example/c" rel="noopener noreferrer">https://b.example/c</a>.</p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**<img src=x onerror=alert(1)>**",
        "[<b>x</b>](https://a.example/)",
        "[x](javascript:alert(1))",
        '[x](https://a.example/"onclick="alert(1))',
        'https://a.example/"onclick="alert(1)',
        "- <svg/onload=alert(1)>",
        "## <iframe src=//evil.example>",
    ],
)
def test_nothing_that_was_typed_is_taken_for_html(text):
    made = str(html(text))
    assert not any(one in made for one in ("<script", "<img", "<b>", "<svg", "<iframe", 'href="javascript', '"onclick'))
    assert "&lt;" in made or "javascript" not in made.replace("(javascript:", "")


@pytest.mark.parametrize("text", ["[" * 20_000, "**" * 10_000, "[x](" * 5_000, "https://" * 2_500, "- " * 10_000])
def test_a_text_made_to_take_long_is_soon_done(text):
    assert len(html(text)) >= len("<p></p>")
