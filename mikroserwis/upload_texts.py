"""Why a file can't be used, and what to do about it."""

from collections.abc import Callable, Mapping
from typing import Any

from mikroserwis.i18n import gettext as _

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
