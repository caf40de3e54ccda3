"""Pages under *Paper forms*: what is in force, versions, a trial on a real ticket. Staff only."""

from io import BytesIO

import flask
from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from exports import forms
from mikroserwis import access, edge, file_answers
from mikroserwis.errors import Answer, NotFound
from mikroserwis.form_words import PAPERS, problem_sentence
from mikroserwis.i18n import gettext as _
from mikroserwis.models import PaperForm, Ticket
from mikroserwis.paper_forms import files, operations, presenting, queries
from mikroserwis.printing import PAPERS as NAMES
from mikroserwis.refused_forms import told
from mikroserwis.scans import DOCX, PDF

blueprint = Blueprint("paper_forms", __name__)

PAPER = f"/paper-forms/<any({', '.join(NAMES)}):paper>"
FORM = f"{PAPER}/<int(max={2**31 - 1}):form_number>"


@blueprint.get("/paper-forms")
def index() -> ResponseReturnValue:
    """Each paper with the form in force."""
    _require_admin()
    return render_template("paper_forms/list.html", **presenting.list_page(edge.session()))


@blueprint.get(PAPER)
def paper(paper: str) -> ResponseReturnValue:
    """Its versions, what a form may say, and what was done."""
    _require_admin()
    return render_template("paper_forms/paper.html", **presenting.paper_page(edge.session(), paper))


@blueprint.post(PAPER)
def upload(paper: str) -> ResponseReturnValue:
    """A new version, checked before the transaction begins; not in force yet."""
    _require_admin()
    edge.stay(lambda answer, _error: _paper_again(paper, answer))
    received, warnings = files.receive(request.files.get("file"), paper)
    session, remark = edge.session(), request.form.get("remark", "")
    form, known = operations.add(session, paper, received, remark, actor=edge.actor(), now=edge.now())
    if known:
        flash(_("This is version %(number)s already; nothing was changed.", number=form.number), "message")
    else:
        flash(_("Version %(number)s is here. Try it on a ticket, then put it in force.", number=form.number), "success")
    for one in warnings:
        flash(problem_sentence(one), "warning")
    return redirect(url_for("paper_forms.preview", paper=paper, form_number=form.number), 303)


@blueprint.get(f"{PAPER}/shipped")
def shipped(paper: str) -> ResponseReturnValue:
    """The shipped form, to be changed in Word."""
    _require_admin()
    return _download(forms.shipped(paper), f"{paper}-wzor.docx")


@blueprint.get(f"{FORM}/content")
def content(paper: str, form_number: int) -> ResponseReturnValue:
    """A version as it was uploaded."""
    _require_admin()
    form = queries.load(edge.session(), paper, form_number)
    return file_answers.serve(form.sha256, form.name, DOCX, inline=False)


@blueprint.get(FORM)
def preview(paper: str, form_number: int) -> ResponseReturnValue:
    """A version, 0 being the shipped form, and the paper of a ticket on it."""
    _require_admin()
    form, typed = _form(paper, form_number), request.args.get("ticket", "").strip()
    page = presenting.preview_page(form, paper, typed)
    if typed:
        try:
            files.tried(paper, files.content(form) if form else forms.shipped(paper), _ticket(typed))
        except NotFound:
            page["errors"] = {"ticket": [_("There is no ticket with this number.")]}
        except forms.UnusableForm as error:
            page["problems"] = [problem_sentence(one) for one in error.problems]
        else:
            page["made"] = True
    return render_template("paper_forms/preview.html", **page)


@blueprint.get(f"{FORM}/trial.<any(pdf, docx):suffix>")
def trial(paper: str, form_number: int, suffix: str) -> ResponseReturnValue:
    """The paper of a ticket on this form, marked as not to be signed."""
    _require_admin()
    form = _form(paper, form_number)
    made = files.trial(paper, form, _ticket(request.args.get("ticket", "")), suffix)
    if suffix == "docx":
        return _download(made, f"{paper}-podglad.docx")
    response = send_file(BytesIO(made), mimetype=PDF, download_name=f"{paper}-podglad.pdf", max_age=0)
    response.headers["Content-Security-Policy"] = file_answers.SHOWN
    return response


@blueprint.post(f"{FORM}/in-force")
def put_in_force(paper: str, form_number: int) -> ResponseReturnValue:
    """Papers are made on this version from now on."""
    _require_admin()
    edge.stay(lambda answer, _error: _paper_again(paper, answer))
    with edge.parts().database.reading() as reading:
        files.refuse(files.recheck(queries.load(reading, paper, form_number)))
    form = queries.load(edge.session(), paper, form_number)
    operations.put_in_force(edge.session(), form, instead_of=_instead_of(), actor=edge.actor(), now=edge.now())
    return _back(paper, _("%(paper)s: version %(number)s is in force.", paper=PAPERS[paper], number=form.number))


@blueprint.post(f"{PAPER}/shipped")
def back_to_shipped(paper: str) -> ResponseReturnValue:
    """Papers are made on the shipped form again."""
    _require_admin()
    edge.stay(lambda answer, _error: _paper_again(paper, answer))
    operations.back_to_shipped(edge.session(), paper, instead_of=_instead_of(), actor=edge.actor(), now=edge.now())
    return _back(paper, _("%(paper)s: the shipped form is in force.", paper=PAPERS[paper]))


def _require_admin() -> None:
    edge.require("paper_forms.manage")


def _instead_of() -> int:
    """What the page named as being in force; a page that names nothing is as good as stale."""
    return request.form.get("instead_of", -1, type=int)


def _form(paper: str, number: int) -> PaperForm | None:
    """None for 0, the shipped form. Raises NotFound."""
    return queries.load(edge.session(), paper, number) if number else None


def _ticket(number: str) -> Ticket:
    return access.ticket(edge.session(), edge.actor(), files.parse_number(number), "documents.make")


def _download(content: bytes, name: str) -> flask.Response:
    return send_file(BytesIO(content), mimetype=DOCX, as_attachment=True, download_name=name, max_age=0)


def _back(paper: str, text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("paper_forms.paper", paper=paper), 303)


def _paper_again(paper: str, answer: Answer) -> flask.Response:
    with edge.parts().database.reading() as session:
        page = presenting.paper_page(session, paper)
    typed = {"remark": request.form.get("remark", "")}
    return flask.make_response(
        render_template("paper_forms/paper.html", **{**page, **told(answer), **typed}), answer.status
    )
