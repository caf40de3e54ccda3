"""What comes next: said to whoever can do it, and told to whoever waits for it."""

from collections.abc import Callable
from typing import Any

from flask import url_for

from mikroserwis.errors import Blocker
from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import say_date
from mikroserwis.tickets import queries
from mikroserwis.tickets.clock import last_day
from mikroserwis.tickets.facts import needed_documents
from mikroserwis.tickets.operations.papers import KINDS
from mikroserwis.tickets.presenting.acts import anchor, link, ticket_act, ticket_url
from mikroserwis.tickets.presenting.scene import Scene
from mikroserwis.tickets.quote_words import STATES
from mikroserwis.tickets.quoting.queries import label
from mikroserwis.tickets.settlement import GUARD
from mikroserwis.tickets.wording import kind_label, sentence

Step = dict[str, Any]


def next_step(scene: Scene) -> Step:
    """title, text, checks [done, label, note, url], actions with the main one first."""
    return _STEPS[scene.ticket.state](scene)


def _step(
    title: str, text: str = "", checks: list[Step] | None = None, actions: list[Step | None] | None = None
) -> Step:
    return {"title": title, "text": text, "checks": checks or [], "actions": [one for one in actions or () if one]}


def _act(scene: Scene, trigger: str) -> Step | None:
    action = scene.actions.get(trigger)
    return ticket_act(scene.ticket, action) if action else None


def _caretaker(scene: Scene) -> str:
    return scene.ticket.dealer.name if scene.ticket.dealer else _("the open pool")


def _new(scene: Scene) -> Step:
    take, ticket = _act(scene, "take"), scene.ticket
    day = say_date(last_day(ticket.due_at)) if ticket.due_at else ""
    if take and ticket.dealer_id is None:
        return _step(_("This ticket is free"), _("The first dealer who takes it has it."), actions=[take])
    if take:
        text = _("It is kept for you until the end of %(day)s. After that it goes to another dealer.", day=day)
        return _step(_("Take this ticket"), text, actions=[take])
    if ticket.dealer_id is None:
        return _step(_("Nobody has it yet"), _("It lies in the open pool: the first dealer who takes it has it."))
    return _step(
        _("Waiting for %(dealer)s to take it", dealer=_caretaker(scene)), _("Until the end of %(day)s.", day=day)
    )


def _taken(scene: Scene) -> Step:
    checks = _papers_checks(scene)
    if not scene.may("files.add"):
        return _step(_("%(dealer)s is collecting the papers", dealer=_caretaker(scene)), "", checks)
    number = scene.ticket.number
    if scene.quote is not None and scene.quote.state == "declined":
        return _declined(scene, checks)
    text = _("As soon as everything below is here, the ticket becomes a contract by itself.")
    title = (
        _("Prepare the contract")
        if scene.is_mine
        else _("%(dealer)s is collecting the papers", dealer=_caretaker(scene))
    )
    if not checks[0]["done"]:
        main = link(_("Check the company's data"), url_for("tickets.company", number=number))
        return _step(title, text, checks, [main])
    scans = link(_("Add the signed scans"), ticket_url(number, "files"))
    if _wants_a_quote(scene):
        said = _("The first step is the quote: the retailer sees what the installation costs, on the formal form.")
        make = link(_("Prepare the quote"), url_for("tickets.new_quote", number=number))
        return _step(_("Prepare the quote") if scene.is_mine else title, f"{said} {text}", checks, [make, scans])
    return _step(title, text, checks, [link(_("Papers to print"), ticket_url(number, "documents")), scans])


def _wants_a_quote(scene: Scene) -> bool:
    """None is issued, and none was filed before quotes were made here."""
    return "quote" in needed_documents(scene.ticket) - scene.held.kinds() and scene.quote is None


def _declined(scene: Scene, checks: list[Step]) -> Step:
    """As the manual has it: only the quote is filed, then the ticket is suspended with the retailer's words."""
    number = scene.ticket.number
    text = _("Leave only the quote among the files, suspend the ticket with a note, and speak to the account manager.")
    make = link(_("New version of the quote"), url_for("tickets.new_quote", number=number))
    file = link(_("Add the quote to the files"), ticket_url(number, "files"))
    first = _act(scene, "suspend") if "quote" in scene.held.kinds() else file
    return _step(_("The retailer has declined the quote"), text, checks, [first, make])


def _papers_checks(scene: Scene) -> list[Step]:
    """The company's confirmation and each document that the type needs."""
    ticket = scene.ticket
    missing = {one.code for one in queries.missing_for_contract(scene.facts)}
    company = {
        "label": _("The company's data is checked and confirmed"),
        "done": "company_is_confirmed" not in missing,
        "url": url_for("tickets.company", number=ticket.number) if scene.may("company.edit") else None,
    }
    may_add, to_make = scene.may("files.add"), "quote" if _wants_a_quote(scene) else ""
    needed = [kind for kind in KINDS if kind in needed_documents(ticket)]
    papers = [
        {
            "label": _PAPERS[kind](),
            "done": f"{kind}_is_uploaded" not in missing,
            "url": ticket_url(ticket.number, "quotes" if kind == to_make else "files") if may_add else None,
            "note": _rejected(scene, kind) or _quote_note(scene, kind),
        }
        for kind in needed
    ]
    return [company, *papers]


_PAPERS: dict[str, Callable[[], str]] = {
    "quote": lambda: _("Quote on the formal template"),
    "contract": lambda: _("Signed contract"),
    "power_of_attorney": lambda: _("Signed power of attorney"),
}


def _quote_note(scene: Scene, kind: str) -> str:
    """Which version there is to be filed."""
    if kind != "quote" or scene.quote is None:
        return ""
    return f"{label(scene.ticket.number, scene.quote.number)}, {str(STATES[scene.quote.state]).lower()}"


def _rejected(scene: Scene, kind: str) -> str:
    """Why the backoffice wants a paper anew."""
    file = next((one for one in scene.held.current if one.kind == kind and one.rejected_at is not None), None)
    return _("rejected: %(reason)s", reason=file.rejection or "") if file else ""


def _contract(scene: Scene) -> Step:
    if not scene.may("files.see"):
        return _shops(scene)
    held, export = scene.held, _act(scene, "export")
    needed = needed_documents(scene.ticket)
    files = ticket_url(scene.ticket.number, "files")
    rejected = sorted(held.rejected() & needed)
    if rejected:
        labels = ", ".join(kind_label(kind) for kind in rejected)
        text = _("Rejected: %(papers)s. Upload a new scan, then export it again.", papers=labels)
        return _step(
            _("The backoffice wants a scan anew"),
            text,
            _papers_checks_done(scene),
            [link(_("Add the new scan"), files)],
        )
    if held.acknowledges(needed):
        return _shops(scene)
    if export and export["allowed"]:
        text = _("The sub-tickets can be taken once the backoffice has acknowledged the scans.")
        return _step(_("Send the scans to the backoffice"), text, _papers_checks_done(scene), [export])
    if held.under_way:
        text = _("The sub-tickets can be taken as soon as the backoffice acknowledges them; mostly that takes seconds.")
        here = link(_("Look again"), ticket_url(scene.ticket.number))
        return _step(_("The scans are on their way"), text, _papers_checks_done(scene), [here])
    text = _("The scans have not reached the backoffice yet.")
    return _step(
        _("Waiting for %(dealer)s to export the scans", dealer=_caretaker(scene)),
        text,
        _papers_checks_done(scene),
        [export],
    )


def _papers_checks_done(scene: Scene) -> list[Step]:
    """Each needed paper and whether the backoffice has it."""
    files = ticket_url(scene.ticket.number, "files")
    had = {file.kind for file in scene.held.valid if file.id in scene.held.acknowledged}
    refused = scene.held.rejected()
    return [
        {
            "label": kind_label(kind),
            "done": kind in had,
            "url": files if kind in refused else None,
            "note": _rejected(scene, kind) or (_("acknowledged") if kind in had else _("not yet at the backoffice")),
        }
        for kind in KINDS
        if kind in needed_documents(scene.ticket)
    ]


def _shops(scene: Scene) -> Step:
    """From here on the work is in the shops; after the last one the invoice may still be missing."""
    checks: list[Step] = [
        {
            "label": _("Point %(point)s, %(name)s", point=one.point_id, name=one.point.name),
            "done": one.state == "closed",
            "url": ticket_url(scene.ticket.number, anchor(one)),
            "note": _("withdrawn") if one.outcome == "withdrawn" else "",
        }
        for one in scene.subtickets
    ]
    missing = queries.missing_for_closing(scene.facts, scene.settlement)
    if scene.may("quotes.see"):
        if [one.code for one in missing] == [GUARD]:
            return _invoice(scene, missing[0], checks)
        checks += _invoice_check(scene)
    text = _("Take each sub-ticket, check its retail point, install, close it. The last one closes the ticket too.")
    following = next((one for one in checks if not one["done"]), None)
    actions = [link(_("To the sub-tickets"), following["url"])] if following else []
    title = _("Install in the shops") if scene.relations & {"caretaker", "holder"} else _("Installation in the shops")
    return _step(title, text, checks, [*actions])


def _invoice(scene: Scene, missing: Blocker, checks: list[Step]) -> Step:
    """Every shop is done: the ticket waits for the invoice alone."""
    number, checks = scene.ticket.number, [*checks, *_invoice_check(scene)]
    if not scene.may("invoice.give"):
        title = _("Waiting for %(dealer)s to add the final invoice", dealer=_caretaker(scene))
        return _step(title, sentence(missing), checks)
    if missing.params.get("why") == "no_accepted_quote":
        return _step(
            _("Have a quote accepted"),
            sentence(missing),
            checks,
            [link(_("To the quote"), ticket_url(number, "quotes"))],
        )
    closes = _("The ticket closes by itself as soon as it is here.")
    main = link(_("Add the final invoice"), url_for("tickets.invoice_form", number=number))
    title = (
        _("Add the final invoice")
        if scene.is_mine
        else _("Waiting for %(dealer)s to add the final invoice", dealer=_caretaker(scene))
    )
    return _step(title, f"{sentence(missing)} {closes}", checks, [main])


def _invoice_check(scene: Scene) -> list[Step]:
    found = scene.settlement
    if not found.needed:
        return []
    url = ticket_url(scene.ticket.number, "invoice")
    return [{"label": _("Final invoice"), "done": found.is_settled, "url": url, "note": ""}]


def _suspended(scene: Scene) -> Step:
    resume = _act(scene, "resume")
    text = _("The clock stands. When somebody resumes the work, it goes on with the time that was left.")
    return _step(_("The ticket is suspended"), text, actions=[resume])


def _closed(scene: Scene) -> Step:
    day = say_date(scene.ticket.closed_on)
    if scene.ticket.outcome == "withdrawn":
        return _step(_("This ticket was withdrawn"), _("On %(day)s. The reason stands among the notes.", day=day))
    sent = [one for one in scene.deliveries if one.purpose == "closing"]
    if sent and sent[0].acknowledged_at is not None:
        return _step(_("All done"), _("Closed on %(day)s. The backoffice has the closing package.", day=day))
    return _step(_("All done"), _("Closed on %(day)s. The closing package goes to the backoffice by itself.", day=day))


_STEPS: dict[str, Callable[[Scene], Step]] = {
    "new": _new,
    "taken": _taken,
    "contract": _contract,
    "suspended": _suspended,
    "closed": _closed,
}
