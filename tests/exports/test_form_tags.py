import pytest
from docx.document import Document
from docx.shared import Pt
from jinja2 import nodes

from exports import forms
from exports.forms import UnusableForm, tags
from exports.papers.rich import Grid, GridCell, Rich
from tests.exports.form_cast import flow, form, found, made
from tests.exports.paper_cast import docx_text, paper

HOSTILE = [
    "{{ ''.__class__.__mro__ }}",
    "{{ company.__class__ }}",
    "{{ company['name'] }}",
    "{{ company.name.upper() }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ self }}",
    "{{ 7 * 7 }}",
    "{{ 'text' }}",
    "{{ company.name ~ dealer.name }}",
    "{{ company.name if by_quote else dealer.name }}",
    "{{ company.name|attr('x') }}",
    "{{ company.name|replace('a', 'b') }}",
    "{% for i in range(10**9) %}x{% endfor %}",
    "{% for company in points %}x{% endfor %}",
    "{% for a, b in points %}x{% endfor %}",
    "{% for p in points if p.buy %}x{% endfor %}",
    "{% for p in points recursive %}x{% endfor %}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% set x = 1 %}",
    "{% raw %}{{ company.name }}{% endraw %}",
    "{% macro x() %}{% endmacro %}",
    "{% if company.name in dealer.name %}x{% endif %}",
    "{% if company.name is string %}x{% endif %}",
    "{% if 1 < 2 < 3 %}x{% endif %}",
    "{{ '%s' % company }}",
    "{{ " + "company.name or " * 20 + "company.name }}",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_no_placeholder_condition_or_loop_is_refused_with_its_place(text: str) -> None:
    problems = forms.check(form(f"Tekst {text}"), "contract")
    assert problems[0].refused
    assert problems[0].code in {"forbidden", "unknown", "syntax"}
    assert problems[0].place.excerpt.startswith("Tekst {")
    with pytest.raises(UnusableForm):
        forms.render("contract", paper(), form(f"Tekst {text}"))


def test_a_tag_cut_off_as_a_typed_number_lets_nothing_else_into_the_template() -> None:
    """Judged, the expression is a text within a condition; without the condition's head it would be a tag."""

    def build(document: Document) -> None:
        document.add_paragraph("{% if points_count %}")
        for text in ("{%\tif place == '{{ 7 * 191 }}{#' %}x{% endif %}", "{%\tif place == '#}' %}x{% endif %}"):
            clause = document.add_paragraph(text).paragraph_format
            clause.left_indent, clause.first_line_indent = Pt(20), Pt(-20)
        document.paragraphs[1]._p.addnext(document.add_paragraph("{% endif %}")._p)

    assert "1337" not in docx_text(forms.render("contract", paper(), made(build)).docx)


@pytest.mark.parametrize(
    "text",
    ["{{ company.name", "company.name }}", "{{ }}", "{{ company. }}", "{% if %}x{% endif %}", "{# note #}", "a {% b",
     "{{ company.name }} {{", "{{{ company.name }}}"],
)  # fmt: skip
def test_what_cannot_be_read_is_named(text: str) -> None:
    assert found(form(text))[0][0] == "syntax"


def test_an_unknown_placeholder_is_named_with_one_that_is_like_it() -> None:
    problem = forms.check(form("{{ company.nmae }}"), "contract")[0]
    assert (problem.code, problem.found, problem.hint) == ("unknown", "company.nmae", "company.name")
    assert found(form("{{ quote.gross }}")) == [("unknown", "quote.gross")]
    problem = forms.check(form("{% for p in points %}{{ p.nane }}{% endfor %}"), "contract")[0]
    assert (problem.found, problem.hint) == ("p.nane", "p.name")
    assert found(form("{% for p in pionts %}{% endfor %}"))[0] == ("unknown", "pionts")


def test_every_problem_is_named_not_only_the_first() -> None:
    codes = found(form("{{ a }}", "{{ b }} i {{ 1 + 1 }}"))
    assert codes == [("unknown", "a"), ("unknown", "b"), ("forbidden", "{{ 1 + 1 }}")]


def test_required_placeholders_that_are_missing_are_named() -> None:
    assert found(form("Treść bez pól", needed=())) == [
        ("missing", name) for name in ("company.name", "company.tax_id", "dealer.name", "points", "signatures")
    ]


def test_a_required_placeholder_that_is_printed_for_some_tickets_only_is_named_with_the_case() -> None:
    content = form("{% if annex %}", "{{ points }}", "{% endif %}", needed=("{{ parties }}", "{{ signatures }}"))
    problems = forms.check(content, "contract")
    assert [(one.found, one.hint) for one in problems] == [("points", "few_points")]


def test_parties_and_points_may_be_written_out_instead_of_the_ready_blocks() -> None:
    text = "{{ company.name|upper }}, {{ company.tax_id }}, {{ dealer.name }}"
    loop = "{% for p in points %}{{ loop.index }}. {{ p.name }}{% if not loop.last %}; {% endif %}{% endfor %}"
    content = form(text, loop, needed=("{{ signatures }}",))
    assert found(content) == []
    said = docx_text(forms.render("contract", paper(2), content).docx)
    assert "PPHU SAM BOŻENA ŚLĄZAK, 7974569439" in said
    assert "1. Sklep SAM nr 1; 2. Sklep SAM nr 2" in said


def test_conditions_compare_and_join() -> None:
    first, second = "points_count > 1 and not by_quote", "ticket.type == 'Insoft' or version >= 7"
    content = form(f"{{% if {first} %}}A{{% elif {second} %}}B{{% else %}}C{{% endif %}}")
    assert found(content) == []
    assert "B" in docx_text(forms.render("contract", paper(), content).docx).split("\n")
    assert "A" in docx_text(forms.render("contract", paper(2, by_quote=False), content).docx).split("\n")
    assert "C" in docx_text(forms.render("contract", paper(ticket_type_label="Fiskalny"), content).docx).split("\n")


def test_a_comparison_that_cannot_be_made_is_named_where_it_stands() -> None:
    problem = forms.check(form("Na początku", "{% if company.name > 4 %}x{% endif %}"), "contract")[0]
    assert (problem.code, problem.place.excerpt) == ("failed", "{% if company.name > 4 %}x{% endif %}")


@pytest.mark.parametrize(
    "texts",
    [
        ("{% if by_quote %}",),
        ("{% endif %}",),
        ("{% else %}",),
        ("{% if by_quote %}", "{% endfor %}"),
        ("{% if by_quote %}tekst", "{% endif %}"),
        ("{% for p in points %}", "{% if annex %}", "{% endfor %}", "{% endif %}"),
        ("tekst {% endif %}",),
    ],
)
def test_a_condition_ends_where_it_began(texts: tuple[str, ...]) -> None:
    assert "unbalanced" in {code for code, _ in found(form(*texts))}


def test_loops_within_loops_and_deep_conditions_are_refused() -> None:
    loops = ("{% for p in points %}", "{% for q in points %}", "{% endfor %}", "{% endfor %}")
    assert found(form(*loops))[0][0] == "nested_tags"
    assert found(form(*["{% if annex %}"] * 4, *["{% endif %}"] * 4))[0][0] == "nested_tags"


def test_a_ready_block_stands_alone() -> None:
    assert found(form("Punkty: {{ points }}"))[0] == ("not_alone", "points")
    document_with_cell = made(lambda document: document.add_table(1, 1).cell(0, 0).add_paragraph("{{ points }}"))
    assert found(document_with_cell)[0] == ("not_alone", "points")


def test_a_name_that_word_has_split_over_runs_is_one_name() -> None:
    def split(document: Document) -> None:
        paragraph = document.add_paragraph("NIP ")
        for piece in ("{", "{ comp", "any.tax", "_id }", "}"):
            paragraph.add_run(piece).bold = piece == "any.tax"

    assert found(made(split)) == []
    assert "NIP 7974569439" in docx_text(forms.render("contract", paper(), made(split)).docx)


def texts_of(cell: GridCell) -> list[str]:
    return [one.text for one in cell.content if isinstance(one, Rich)]


def test_rows_between_tags_are_repeated_and_a_table_may_be_left_out() -> None:
    def build(document: Document) -> None:
        table = document.add_table(0, 2)
        for left, right in (
            ("Punkt", "Stanowiska"),
            ("{% for p in points %}", ""),
            ("{{ p.name }}", "{{ p.buy }} + {{ p.exchange }}"),
            ("{% endfor %}", ""),
        ):
            cells = table.add_row().cells
            cells[0].text, cells[1].text = left, right
        document.add_paragraph("{% if annex %}")
        document.add_table(1, 1).cell(0, 0).text = "tylko załącznik"
        document.add_paragraph("{% endif %}")

    assert found(made(build)) == []
    grids = [block for block in flow(made(build), paper(3)) if isinstance(block, Grid)]
    texts = [[text.replace("\u00a0", " ") for cell in row for text in texts_of(cell)] for row in grids[0].rows]
    assert len(grids) == 1
    assert texts == [["Punkt", "Stanowiska"], *([f"Sklep SAM nr {at}", "2 + 1"] for at in (1, 2, 3))]


def test_a_loop_that_ends_in_another_cell_is_refused() -> None:
    def build(document: Document) -> None:
        cells = document.add_table(1, 2).rows[0].cells
        cells[0].text, cells[1].text = "{% for p in points %}{{ p.name }}", "{{ p.buy }}{% endfor %}"

    problems = forms.check(made(build), "contract")
    assert ("unbalanced", 1, 1) in {(one.code, one.place.row, one.place.column) for one in problems}


def test_text_of_a_form_cannot_pass_for_its_structure() -> None:
    content = form("\ue0009\ue001\ue0027\ue003tekst")
    assert "97tekst" in docx_text(forms.render("contract", paper(), content).docx)


def test_two_values_may_be_compared() -> None:
    assert found(form("{% if company.name == dealer.name %}sam sobie{% endif %}")) == []


def test_a_tag_is_judged_by_all_that_it_holds() -> None:
    with pytest.raises(tags._NotOne):
        tags._one("{% if a %}{% endif %}{{ b }}", nodes.If)
