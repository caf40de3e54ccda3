"""What the pages of the forms show."""

import json
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from exports.forms import VOCABULARIES, Placeholder
from mikroserwis.form_words import PAPERS
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import language
from mikroserwis.models import Event, PaperForm
from mikroserwis.paper_forms import queries
from mikroserwis.printing import PAPERS as ORDER


def list_page(session: Session) -> dict[str, Any]:
    """Each paper with the form in force."""
    present = queries.all_in_force(session)
    return {
        "rows": [
            {"url": url_for("paper_forms.paper", paper=one), "label": PAPERS[one], "form": present.get(one)}
            for one in ORDER
        ]
    }


def paper_page(session: Session, paper: str) -> dict[str, Any]:
    """The versions, what a form may say, what was done."""
    versions = queries.versions(session, paper)
    present = next((one for one in versions if one.in_force), None)
    return {
        **_about(paper),
        "present": present,
        "present_url": _content_url(present) if present else url_for("paper_forms.shipped", paper=paper),
        "shipped_url": url_for("paper_forms.shipped", paper=paper),
        "upload_url": url_for("paper_forms.upload", paper=paper),
        "back_url": url_for("paper_forms.back_to_shipped", paper=paper),
        "versions": [_version(one) for one in versions],
        "groups": _groups(paper),
        "events": [_event(one) for one in queries.events(session, paper)],
        "errors": {},
        "problems": [],
        "remark": "",
    }


def preview_page(form: PaperForm | None, paper: str, ticket: str) -> dict[str, Any]:
    """The form's own page with a ticket to try it on; None is the shipped form."""
    number = form.number if form else 0
    addresses = {
        suffix: url_for("paper_forms.trial", paper=paper, form_number=number, suffix=suffix, ticket=ticket)
        for suffix in ("pdf", "docx")
    }
    return {
        **_about(paper),
        "form": form,
        "number": number,
        "ticket": ticket,
        "trial": addresses,
        "paper_url": url_for("paper_forms.paper", paper=paper),
        "here_url": url_for("paper_forms.preview", paper=paper, form_number=number),
        "problems": [],
        "errors": {},
        "made": False,
    }


def meaning(of: Placeholder) -> str:
    """In the reader's language."""
    return of.pl if language() == "pl" else _(of.en)


def _about(paper: str) -> dict[str, Any]:
    return {"paper": paper, "label": PAPERS[paper], "list_url": url_for("paper_forms.index")}


def _version(form: PaperForm) -> dict[str, Any]:
    return {
        "form": form,
        "url": _content_url(form),
        "preview_url": url_for("paper_forms.preview", paper=form.paper, form_number=form.number),
        "force_url": url_for("paper_forms.put_in_force", paper=form.paper, form_number=form.number),
    }


def _content_url(form: PaperForm) -> str:
    return url_for("paper_forms.content", paper=form.paper, form_number=form.number)


def _groups(paper: str) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """(title, [(as it is written, meaning, required)])."""
    words = VOCABULARIES[paper]
    groups = [
        (_("Ready blocks, each alone in a paragraph"), _rows(words.blocks, "{{{{ {} }}}}")),
        (_("Within text"), _rows(words.values, "{{{{ {} }}}}")),
        (
            _("Conditions, each line alone in a paragraph or both within one"),
            _rows(words.facts, "{{% if {} %}} … {{% endif %}}"),
        ),
    ]
    for name, fields in words.lists.items():
        loop = f"{{% for item in {name} %}} … {{% endfor %}}"
        groups.append((_("Within %(loop)s", loop=loop), _rows(fields, "{{{{ item.{} }}}}")))
    return groups


def _rows(words: tuple[Placeholder, ...], pattern: str) -> list[tuple[str, str, bool]]:
    return [(pattern.format(one.name), meaning(one), one.required) for one in words]


def _event(event: Event) -> dict[str, Any]:
    said = json.loads(event.data)
    what = {
        "form_add": lambda: _("Version %(number)s uploaded: %(name)s", **said),
        "form_in_force": lambda: _("Version %(number)s put in force", **said),
        "form_shipped": lambda: _("Back to the shipped form; version %(number)s was in force", **said),
    }[event.verb]()
    return {"at": event.at, "who": event.actor, "what": what}
