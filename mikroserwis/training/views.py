"""The page of help, the material, and its keeping by staff."""

from typing import Any

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from mikroserwis import edge, file_answers
from mikroserwis.errors import Answer, Conflict, Invalid
from mikroserwis.i18n import gettext as _
from mikroserwis.models import Material
from mikroserwis.rulebook import RULES
from mikroserwis.training import files, forms, operations, presenting, queries, sample
from mikroserwis.training.queries import Shown

blueprint = Blueprint("training", __name__, url_prefix="/help")

MATERIAL = f"/materials/<int(max={2**31 - 1}):material_id>"
PICTURE_WIDTH = 640


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Hotline, installation page, quote form and the material that is for this person."""
    edge.require("training.see")
    return render_template("training/help.html", **presenting.help_page(edge.session(), edge.actor()))


@blueprint.get("/quote-form.pdf")
def quote_form() -> ResponseReturnValue:
    """A sample of the form that a quote is printed on."""
    edge.require("training.see")
    response = flask.Response(sample.quote_form(), mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="wzor-wyceny.pdf"'
    response.headers["Content-Security-Policy"] = file_answers.SHOWN
    return response


@blueprint.post("/opening")
def open_all() -> ResponseReturnValue:
    """Nothing is marked as new any more."""
    edge.require("training.see")
    operations.open_all(edge.session(), actor=edge.actor(), now=edge.now())
    flash(_("Nothing is marked as new any more."), "success")
    return redirect(url_for("training.index"), 303)


@blueprint.get(MATERIAL)
def show(material_id: int) -> ResponseReturnValue:
    """Whoever looks at it has opened it."""
    session, actor = edge.session(), edge.actor()
    material = queries.load(session, actor, material_id, "training.see")
    shown = Shown(material, queries.is_new(session, actor, material))
    if shown.is_new:
        # A page only reads; that it was looked at is written beside it, once.
        with edge.parts().database.transaction() as writing:
            operations.open_material(writing, material, actor=actor, now=edge.now())
    return render_template("training/material.html", **presenting.material_page(shown, actor))


@blueprint.get(f"{MATERIAL}/file")
def file(material_id: int) -> ResponseReturnValue:
    """The PDF opens in the browser unless a download is asked for."""
    material = queries.load(edge.session(), edge.actor(), material_id, "training.see")
    return files.serve(material, inline=not request.args.get("download"))


@blueprint.get(f"{MATERIAL}/pages/<int:page>")
def picture(material_id: int, page: int) -> ResponseReturnValue:
    """A small picture of one page of the PDF."""
    material = queries.load(edge.session(), edge.actor(), material_id, "training.see")
    return files.picture(material, page, PICTURE_WIDTH)


@blueprint.get("/materials")
def manage() -> ResponseReturnValue:
    """All of it in its order, drafts too."""
    edge.require("training.manage")
    return render_template("training/manage.html", **presenting.manage_page(edge.session(), edge.actor()))


@blueprint.get("/materials/new")
def new() -> ResponseReturnValue:
    """An empty form."""
    edge.require("training.manage")
    return render_template("training/form.html", **presenting.form(None, None))


@blueprint.post("/materials/new")
def create() -> ResponseReturnValue:
    """Write a material, or the form again with what is wrong."""
    edge.require("training.manage")
    edge.stay(lambda answer, error: _again(None, answer, error))
    content, pdf = _content(()), files.receive(request.files.get("file"))
    material = operations.add_material(edge.session(), content, pdf, actor=edge.actor(), now=edge.now())
    return _done(_("“%(title)s” is saved.", title=material.title))


@blueprint.get(f"{MATERIAL}/edit")
def edit(material_id: int) -> ResponseReturnValue:
    """The form with what it says now."""
    material = queries.load(edge.session(), edge.actor(), material_id, "training.manage")
    return render_template("training/form.html", **presenting.form(material, None))


@blueprint.post(f"{MATERIAL}/edit")
def change(material_id: int) -> ResponseReturnValue:
    """Save, or the form again with what is wrong or what was changed meanwhile."""
    with edge.parts().database.reading() as reading:
        there = queries.load(reading, edge.actor(), material_id, "training.manage")
    edge.stay(lambda answer, error: _again(there, answer, error))
    content, pdf = _content([one.type for one in there.types]), files.receive(request.files.get("file"))
    session, actor, now = edge.session(), edge.actor(), edge.now()
    material = queries.load(session, actor, material_id, "training.manage")
    version, renew = request.form.get("version", 0, type=int), "renew" in request.form
    operations.change_material(session, material, content, pdf, renew=renew, version=version, actor=actor, now=now)
    return _done(_("“%(title)s” is saved.", title=material.title))


@blueprint.post(f"{MATERIAL}/position")
def move(material_id: int) -> ResponseReturnValue:
    """One place up or down."""
    material = queries.load(edge.session(), edge.actor(), material_id, "training.manage")
    up = request.form.get("direction") == "up"
    operations.move_material(edge.session(), material, up=up, actor=edge.actor(), now=edge.now())
    return redirect(url_for("training.manage", _anchor=f"material-{material_id}"), 303)


@blueprint.post(f"{MATERIAL}/publication")
def publish(material_id: int) -> ResponseReturnValue:
    """In sight, or out of it."""
    material = queries.load(edge.session(), edge.actor(), material_id, "training.manage")
    published = request.form.get("published") != "no"
    operations.publish_material(edge.session(), material, published=published, actor=edge.actor(), now=edge.now())
    said = _("“%(title)s” is published.") if published else _("“%(title)s” is a draft now: only staff see it.")
    return _done(said % {"title": material.title})


@blueprint.post(f"{MATERIAL}/removal")
def remove(material_id: int) -> ResponseReturnValue:
    """Out of every list; asked for twice, it is done once."""
    material = queries.load(edge.session(), edge.actor(), material_id, "training.delete", removed=True)
    operations.remove_material(edge.session(), material, actor=edge.actor(), now=edge.now())
    return _done(_("“%(title)s” is removed.", title=material.title))


def _content(present: Any) -> forms.Content:
    """Read before the file is looked at, which takes seconds."""
    known = {*RULES.type_names, *present}
    return forms.read(request.form, request.form.getlist("types"), known, published="published" in request.form)


def _done(text: str) -> ResponseReturnValue:
    flash(text, "success")
    return redirect(url_for("training.manage"), 303)


def _again(material: Material | None, answer: Answer, error: Exception) -> flask.Response:
    """The form with everything that was typed; only a file has to be chosen again."""
    errors: dict[str, list[str]] = {}
    for one in answer.extra.get("errors", ()):
        errors.setdefault(one["field"], []).append(one["message"])
    if answer.status in {413, 422} and not errors:
        errors["file"] = [f"{answer.title}.", answer.detail]
    values = {name: request.form.get(name, "") for name in ("kind", "title", "summary", "text", "url")}
    typed = {**values, "types": request.form.getlist("types"), "published": "published" in request.form}
    version = error.params.get("version") if isinstance(error, Conflict) else request.form.get("version", 0, type=int)
    shown = presenting.form(material, typed, version)
    problems = [] if isinstance(error, Invalid) or errors else [answer.title, *answer.sentences]
    had_file = bool(request.files.get("file"))
    page = render_template("training/form.html", **shown, errors=errors, problems=problems, had_file=had_file)
    return flask.make_response(page, answer.status)
