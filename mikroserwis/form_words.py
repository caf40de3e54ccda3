"""What is wrong with a form of a paper, in words: what, where, and what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from exports.forms import Code, Place, Problem
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy

PAPERS = {
    "quote": lazy("Quote"),
    "contract": lazy("Contract (document)"),
    "power_of_attorney": lazy("Power of attorney"),
}
_CASES = {
    "few_points": lazy("a ticket with one point"),
    "many_points": lazy("a ticket with many points"),
    "no_points": lazy("a ticket without points"),
    "few_points_no_quote": lazy("a ticket with one point and without a quote"),
    "many_points_no_quote": lazy("a ticket with many points and without a quote"),
}
_PLAIN: dict[Code, Any] = {
    Code.UNREADABLE: lazy("The file can't be read as a Word document. Save it as DOCX anew."),
    Code.TRACKED_CHANGES: lazy("There are tracked changes. Accept or reject them all, then save."),
    Code.SHAPE: lazy("Text boxes, shapes, charts and SmartArt can't be printed. Write their text as paragraphs."),
    Code.OBJECT: lazy("An embedded object or file can't be printed. Put in its text, or a picture of it."),
    Code.NESTED_TABLE: lazy("A table within a table can't be printed. Use one table."),
    Code.MERGED_ROWS: lazy(
        "Cells merged over several rows can't be printed. Split them; cells of one row may be merged."
    ),
    Code.FOOTNOTE: lazy("Footnotes and endnotes can't be printed. Put their text into the paragraph."),
    Code.EQUATION: lazy("Equations can't be printed. Write them as text."),
    Code.SYMBOL: lazy("A symbol of a special font can't be printed. Type a common sign such as ☐ or •."),
    Code.PICTURE: lazy("A picture can't be used. Put it in as PNG or JPEG of at most 25 million pixels."),
    Code.TOO_MANY_COLUMNS: lazy("A table has more columns than a page can hold. At most 14 are possible."),
    Code.ROW_TOO_TALL: lazy("A row of a table is taller than a page. Make several rows of it."),
    Code.HEADER: lazy("The form's own header or footer isn't printed: Mikroserwis sets head, foot and page marks."),
    Code.LINK: lazy("A link is printed as plain text."),
    Code.COMMENT: lazy("Comments aren't printed."),
    Code.FLOATING: lazy("A floating picture is printed where it is anchored."),
    Code.PICTURE_IN_TEXT: lazy("A picture within a line of text is printed above it."),
    Code.TAB: lazy("Tabs are printed as a wide space. Use a table to put things under each other."),
    Code.HIDDEN: lazy("Hidden text isn't printed."),
    Code.COLUMNS: lazy("Text in several columns is printed in one."),
}


def _unknown(problem: Problem) -> str:
    if problem.hint:
        return _("There is no placeholder “%(name)s”. Did you mean “%(hint)s”?", name=problem.found, hint=problem.hint)
    return _("There is no placeholder “%(name)s”. The table names those that there are.", name=problem.found)


def _missing(problem: Problem) -> str:
    if problem.hint:
        case = str(_CASES[problem.hint])
        return _("{{ %(name)s }} is required, but isn't printed for %(case)s.", name=problem.found, case=case)
    return _("{{ %(name)s }} is required, but it is missing.", name=problem.found)


_TOLD: dict[Code, Callable[[Problem], str]] = {
    Code.TOO_LARGE: lambda p: _("The file is too large: at most %(limit)s MB are possible.", limit=p.found),
    Code.ACTIVE_FIELD: lambda p: _("The field %(field)s fetches or runs something. Remove it.", field=p.found),
    Code.FIELD: lambda p: _(
        "The field %(field)s can't be kept. Turn it into text (in Word: Ctrl+Shift+F9).", field=p.found or "?"
    ),
    Code.UNSUPPORTED: lambda p: _("“%(what)s” can't be printed. Remove it.", what=p.found),
    Code.TOO_MUCH_TEXT: lambda _p: _("There is too much text for a paper."),
    Code.SYNTAX: lambda p: _(
        "“%(tag)s” can't be understood. A placeholder is written {{ company.name }}, in one paragraph.", tag=p.found
    ),
    Code.UNKNOWN: _unknown,
    Code.FORBIDDEN: lambda p: _(
        "“%(tag)s” isn't allowed: only the placeholders of the table are, in conditions (if) and loops (for) too.",
        tag=p.found,
    ),
    Code.UNBALANCED: lambda p: _(
        "“%(tag)s” has no counterpart. What begins in a paragraph, cell or table has to end in the same one.",
        tag=p.found,
    ),
    Code.NESTED_TAGS: lambda p: _("“%(tag)s” stands too deep within other conditions or loops.", tag=p.found),
    Code.NOT_ALONE: lambda p: _(
        "{{ %(name)s }} has to stand alone in a paragraph of its own, outside of tables.", name=p.found
    ),
    Code.MISSING: _missing,
    Code.FAILED: lambda p: _("A placeholder can't be filled (%(reason)s).", reason=p.found),
    Code.TOO_MANY_PAGES: lambda p: _("The paper would have more than %(limit)s pages.", limit=p.found),
}


def problem_sentence(problem: Problem) -> str:
    """What is wrong, and where."""
    told = _TOLD.get(problem.code)
    sentence = told(problem) if told else str(_PLAIN[problem.code])
    where = place_words(problem.place)
    return f"{where}: {sentence}" if where else sentence


def place_words(place: Place) -> str:
    """Empty for a problem of the whole form."""
    if place.table and place.column:
        where = _("Table %(table)s, row %(row)s, column %(column)s", **_numbers(place))
    elif place.table:
        where = _("Table %(table)s, row %(row)s", **_numbers(place))
    else:
        return _("Paragraph “%(text)s”", text=place.excerpt) if place.excerpt else ""
    return f"{where} (“{place.excerpt}”)" if place.excerpt else where


def _numbers(place: Place) -> dict[str, int]:
    return {"table": place.table, "row": place.row, "column": place.column}


def field_sentence(code: str, params: Mapping[str, Any]) -> str:
    """What is wrong with an uploaded form; empty for codes of others."""
    if code == "form_refused":
        return problem_sentence(params["problem"])
    return _file_sentence(params["unusable"], params["detail"]) if code == "form_file" else ""


def _file_sentence(code: str, detail: Mapping[str, Any]) -> str:
    """Why a file isn't even looked at as a form."""
    if code == "active_content":
        return _(
            "The file carries content that can run or fetch something (%(found)s). Save it as DOCX without macros, "
            "embedded files and linked templates or pictures.",
            found=detail.get("found", "?"),
        )
    return str(_FILES.get(code, _FILES["broken"]))


_FILES: dict[str, Any] = {
    "encrypted": lazy("The file is locked with a password. Save it without one."),
    "not_what_its_name_says": lazy("The file isn't what its name says. A form is a Word document saved as DOCX."),
    "unsupported_type": lazy("A form is a Word document saved as DOCX."),
    "too_complex": lazy("The file unpacks to far more than a form needs. Save it anew without large pictures."),
    "blank": lazy("There is nothing in the file."),
    "broken": lazy("The file can't be read as a Word document. Save it as DOCX anew."),
}


def _trial_fails(params: Mapping[str, Any]) -> str:
    return _(
        "%(paper)s: version %(number)s of the form can't be filled for this ticket. %(why)s",
        paper=PAPERS[params["paper"]],
        number=params["number"],
        why=" ".join(map(problem_sentence, params["problems"])),
    )


def _form_fails(params: Mapping[str, Any]) -> str:
    told = _("Please tell the back office: it can mend the form or go back to the shipped one under “Paper forms”.")
    return f"{_trial_fails(params)} {told}"


# What stands in the way, by code.
BLOCKERS: dict[str, Callable[[Mapping[str, Any]], str]] = {"paper_form_fails": _form_fails, "trial_fails": _trial_fails}
