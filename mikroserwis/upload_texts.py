"""Why a file can't be used, and what to do about it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import ngettext

_NAMES = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}


def _name(content: Any) -> str:
    return _NAMES.get(str(content), str(content) if content else _("unknown"))


def _accepted(detail: Mapping[str, Any]) -> str:
    return ", ".join(_name(one) for one in detail.get("accepted", ()))


_SENTENCES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "empty": lambda _d: _("The file is empty. Choose it again, or scan it anew."),
    "not_what_its_name_says": lambda d: _(
        "Its name says .%(name)s, but its content is %(content)s. Save it in the right format and send it again.",
        name=d.get("name", "?"),
        content=_name(d.get("content")),
    ),
    "unsupported_type": lambda d: _(
        "Files of this kind (%(content)s) are not accepted here. Possible: %(accepted)s.",
        content=_name(d.get("content")),
        accepted=_accepted(d),
    ),
    "broken": lambda _d: _("The file is damaged and cannot be read. Scan or save it anew."),
    "encrypted": lambda _d: _("The file is locked with a password. Save it without one."),
    "too_many_pages": lambda d: _("%(pages)s pages are too many; at most %(limit)s are possible.", **d),
    "too_many_pixels": lambda _d: _("The picture is too large. Scan with 200 or 300 dpi."),
    "too_complex": lambda _d: _("The file is too complex to be checked. Print it to PDF anew, or scan it."),
    "active_content": lambda d: _(
        "The file carries content that can run (%(found)s). Print it to PDF anew, or scan it.",
        found=d.get("found", "?"),
    ),
    "blank": lambda _d: _("Every page is empty. Did the paper lie the wrong way round in the scanner?"),
    "no_such_page": lambda _d: _("There is no such page."),
}


def unusable_sentence(code: str, detail: Mapping[str, Any]) -> str:
    """What is wrong with the file, and how to mend it."""
    return _SENTENCES[str(code)](detail)


Sentence = Callable[[Mapping[str, Any]], str]
_FILES: dict[str, Sentence] = {
    "outdated_version": lambda p: _(
        "“%(name)s” is version %(version)s of the paper, made before the company's data changed. Version "
        "%(current)s is current: print it again and have it signed.",
        **p,
    ),
    "no_code_found": lambda p: _("No code of ours was found in “%(name)s”. Choose what kind of file it is.", **p),
    "send_again": lambda _p: _("Files without a place are kept for a day. Send this one again."),
    "too_many_files": lambda p: _("At most %(limit)s files can be sent at once. Send them in two turns.", **p),
    "file_refused": lambda p: _("%(name)s: %(why)s", **p),
    "not_a_scan": lambda p: _("“%(name)s” is no scan. Upload a PDF, JPEG or PNG of the signed paper.", **p),
}


def paper_sentences(label: Callable[[str], str]) -> dict[str, Sentence]:
    """Why pages are no papers of the ticket, by code; `label` names a kind of paper."""

    def paper(p: Mapping[str, Any]) -> str:
        return label(p["paper"])

    return {
        "belongs_to_another_ticket": _of_another_ticket,
        "several_papers": lambda p: _several_papers(p["name"], ", ".join(map(label, p["kinds"]))),
        "several_versions": lambda p: _(
            "%(paper)s: pages of several versions lie in “%(name)s” (%(list)s). Scan the pages of one version.",
            paper=paper(p),
            name=p["name"],
            list=_numbers(p["versions"]),
        ),
        "several_prints": lambda p: _(
            "%(paper)s: “%(name)s” mixes two printouts, of %(list)s pages. Scan the pages of one printout.",
            paper=paper(p),
            name=p["name"],
            list=_("%(these)s and %(those)s", these=_numbers(p["totals"][:-1]), those=p["totals"][-1]),
        ),
        "page_twice": lambda p: (
            _(
                "%(paper)s: page %(page)s is there more than once: %(at)s. Leave one in, and send it again.",
                paper=paper(p),
                page=p["page"],
                at=_places(p["at"]),
            )
            + _nothing_filed(p)
        ),
        "pages_missing": lambda p: (
            ngettext(
                "%(paper)s: page %(pages)s of %(of)s is missing. Scan or photograph it too.",
                "%(paper)s: pages %(pages)s of %(of)s are missing. Scan or photograph them too.",
                len(p["pages"]),
                paper=paper(p),
                pages=_numbers(p["pages"]),
                of=p["of"],
            )
            + _nothing_filed(p)
        ),
        "page_unread": _unread,
        **_FILES,
    }


def _several_papers(name: str, kinds: str) -> str:
    return _("“%(name)s” holds several papers (%(list)s). Upload each as a file of its own.", name=name, list=kinds)


def _unread(p: Mapping[str, Any]) -> str:
    text = _(
        "The code cannot be read, and so it is unclear which paper it belongs to: %(at)s. Scan it more clearly "
        "and in whole, or each paper as a file of its own.",
        at=_places(p["at"]),
    )
    return text + _nothing_filed(p)


def _nothing_filed(p: Mapping[str, Any]) -> str:
    """Where other papers lie in the same file."""
    return " " + _("Nothing of the file was filed.") if p.get("several") else ""


def _of_another_ticket(p: Mapping[str, Any]) -> str:
    if not p.get("pages"):
        return _("“%(name)s” belongs to ticket %(ticket)s: our code on its page says so. It was not filed here.", **p)
    return ngettext(
        "Page %(pages)s of “%(name)s” belongs to ticket %(ticket)s: our code on it says so. Take it out, and send "
        "the rest again.",
        "Pages %(pages)s of “%(name)s” belong to ticket %(ticket)s: our codes on them say so. Take them out, and "
        "send the rest again.",
        len(p["pages"]),
        pages=_numbers(p["pages"]),
        name=p["name"],
        ticket=p["ticket"],
    )


def _numbers(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _places(at: Sequence[tuple[str, int]]) -> str:
    """Pages of uploaded files."""
    return ", ".join(_("page %(page)s of “%(name)s”", page=page, name=name) for name, page in at)
