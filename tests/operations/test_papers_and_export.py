"""Papers and their way to the backoffice: the ticket signs itself, only what is new goes out, a rejection reopens."""

import itertools
import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from exports.marks import Mark
from mikroserwis import access
from mikroserwis.errors import Blocker, Invalid, Refused
from mikroserwis.models import Delivery, Event, File, OutboxItem, Ticket
from mikroserwis.tickets import queries
from mikroserwis.tickets.operations import company, export, papers, taking
from mikroserwis.tickets.operations.papers import Upload
from tests.operations.desk import Desk
from tests.support.cast import ARKLITY, SAM

ARRIVALS = list(itertools.permutations(["confirmation", "quote", "contract", "power_of_attorney"]))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.blockers]


def press_export(desk: Desk, number: int = SAM, who: str = "alfa") -> Delivery:
    delivery: Delivery = desk.do(export.export_scans, number, who, "ticket.export")
    return delivery


def sent(desk: Desk, delivery: Delivery) -> list[str]:
    """The kinds of a package's files."""
    found = desk.do(lambda session, ticket, **_: export.deliveries(session, ticket), SAM, "operator", "ticket.see")
    return sorted(one.file.kind for one in next(each for each in found if each.id == delivery.id).files)


def refuse(desk: Desk, delivery: Delivery, reason: str, rejections: dict[str, str]) -> None:
    def answered(session: Session, _ticket: Ticket, **_: Any) -> None:
        export.refuse(session, delivery.id, reason, rejections, now=desk.now)
        session.get_one(OutboxItem, delivery.item_id).state = "rejected"

    desk.do(answered, SAM, "operator", "ticket.see")


def file_of(desk: Desk, kind: str) -> File:
    found: File = [one for one in desk.rows(File, SAM) if one.kind == kind][-1]
    return found


@pytest.mark.parametrize("order", ARRIVALS, ids=" ".join)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_ticket_becomes_a_contract_by_itself_in_whatever_order_things_arrive(desk: Desk, order: tuple[str, ...]):
    desk.take(SAM, "alfa")
    for arrived in order:
        assert desk.ticket(SAM).state == "taken"
        if arrived == "confirmation":
            desk.confirm(SAM, "alfa")
        else:
            desk.attach(SAM, arrived, "alfa")
    ticket = desk.ticket(SAM)
    assert (ticket.state, ticket.stage) == ("contract", "completion")
    assert desk.verbs(SAM).count("sign") == 1
    assert desk.tenures(SAM)[0].contract_at == desk.now


def test_a_fiscal_ticket_needs_no_quote(desk: Desk):
    desk.contract(ARKLITY, "beta")
    assert desk.ticket(ARKLITY).state == "contract"


def test_company_data_changed_after_the_confirmation_must_be_confirmed_again(desk: Desk):
    desk.take(SAM, "alfa")
    desk.confirm(SAM, "alfa")
    desk.do(company.save_company, SAM, "alfa", "company.edit", values={"city": "Radom"}, version=None)
    for kind in ("quote", "contract", "power_of_attorney"):
        desk.attach(SAM, kind, "alfa")
    assert desk.ticket(SAM).state == "taken"
    desk.confirm(SAM, "alfa")
    assert desk.ticket(SAM).state == "contract"
    (event,) = [one for one in desk.rows(Event, SAM) if one.verb == "company"]
    assert queries.events_data(event)["changes"] == {"city": ["Sieciechów", "Radom"]}


def test_incomplete_company_data_cannot_be_confirmed(desk: Desk):
    desk.take(SAM, "alfa")
    desk.do(company.save_company, SAM, "alfa", "company.edit", values={"phone": "", "street": ""}, version=None)
    with pytest.raises(Refused) as refused:
        desk.confirm(SAM, "alfa")
    assert refused.value.blockers == (
        Blocker("company_is_complete", {"fields": ["street", "phone"], "state": "taken"}),
    )


def test_files_are_added_only_to_a_ticket_that_somebody_works_on(desk: Desk):
    with pytest.raises(Refused) as refused:
        desk.attach(SAM, "quote", "alfa")
    assert codes(refused) == ["ticket_is_taken"]
    desk.close_all(ARKLITY, "beta")
    with pytest.raises(Refused) as refused:
        desk.attach(ARKLITY, "other", "beta")
    assert codes(refused) == ["ticket_is_taken"]


def attach_marked(
    desk: Desk, marks: tuple[Mark | None, ...], kind: str = "other", content_type: str = "application/pdf"
) -> File:
    upload = Upload("skan.pdf", "b" * 64, 9, content_type, len(marks), marks)
    attached: tuple[File, bool] = desk.do(papers.attach, SAM, "alfa", "files.add", upload=upload, kind=kind)
    return attached[0]


def test_our_code_says_what_a_scan_is_whatever_was_chosen(desk: Desk):
    desk.take(SAM, "alfa")
    marks = tuple(Mark(SAM, "contract", 1, page, 2) for page in (1, 2))
    filed = attach_marked(desk, marks)
    assert (filed.kind, json.loads(filed.marks or "")) == ("contract", [["contract", 1, 2, 1], ["contract", 2, 2, 1]])


@pytest.mark.parametrize("state", ["taken", "contract"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_scan_of_papers_older_than_the_confirmed_data_is_refused(desk: Desk, state: str):
    desk.contract(SAM, "alfa") if state == "contract" else desk.take(SAM, "alfa")
    desk.do(company.save_company, SAM, "alfa", "company.edit", values={"city": "Radom"}, version=None)
    desk.confirm(SAM, "alfa")
    current = desk.ticket(SAM).customer.version
    with pytest.raises(Invalid) as invalid:
        attach_marked(desk, (Mark(SAM, "contract", current - 1, 1, 1),))
    [error] = invalid.value.errors
    assert (error.code, error.params["current"]) == ("outdated_version", current)
    assert attach_marked(desk, (Mark(SAM, "contract", current, 1, 1),)).kind == "contract"


@pytest.mark.parametrize(
    ("marks", "kind", "field", "code"),
    [
        ((Mark(80, "contract", 1, 1, 1),), "contract", "file", "belongs_to_another_ticket"),
        (
            (Mark(SAM, "contract", 1, 1, 1), Mark(SAM, "power_of_attorney", 1, 1, 1)),
            "contract",
            "file",
            "several_papers",
        ),
        ((Mark(SAM, "contract", 1, 1, 2), Mark(SAM, "contract", 2, 2, 2)), "contract", "file", "several_versions"),
        ((Mark(SAM, "contract", 1, 1, 3), Mark(SAM, "contract", 1, 3, 3)), "contract", "file", "pages_missing"),
        ((None,), "by_code", "kind", "no_code_found"),
        ((None,), "umowa", "kind", "unknown_kind"),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_scan_that_cannot_be_what_it_is_filed_as_is_refused(desk: Desk, marks, kind, field, code):
    desk.take(SAM, "alfa")
    with pytest.raises(Invalid) as invalid:
        attach_marked(desk, marks, kind)
    assert [(one.field, one.code) for one in invalid.value.errors] == [(field, code)]
    assert desk.rows(File, SAM) == []


def test_a_spreadsheet_is_no_scan_of_a_contract(desk: Desk):
    desk.take(SAM, "alfa")
    with pytest.raises(Invalid) as invalid:
        attach_marked(desk, (None,), "contract", content_type="application/vnd.ms-excel")
    assert [one.code for one in invalid.value.errors] == ["not_a_scan"]


def test_a_newer_version_replaces_and_the_old_one_stays(desk: Desk):
    desk.take(SAM, "alfa")
    for content in ("a", "b", "b", "c"):
        desk.attach(SAM, "contract", "alfa", content)
    found = [(one.version, one.replaced_at is not None) for one in desk.rows(File, SAM)]
    assert found == [(1, True), (2, True), (3, False)]


def test_only_what_is_new_goes_out(desk: Desk):
    desk.contract(SAM, "alfa")
    first = press_export(desk)
    assert sent(desk, first) == ["contract", "power_of_attorney", "quote"]
    with pytest.raises(Refused) as refused:
        press_export(desk)
    assert codes(refused) == ["something_is_new_to_export"]
    desk.receipt(first.id)
    with pytest.raises(Refused):
        press_export(desk)
    desk.attach(SAM, "contract", "alfa", "nowa")
    second = press_export(desk)
    assert sent(desk, second) == ["contract"]
    assert first.package_id != second.package_id


def test_a_sub_ticket_waits_for_the_receipt_and_again_for_that_of_a_newer_scan(desk: Desk):
    desk.contract(SAM, "alfa")
    (shop,) = desk.subticket_ids(SAM)
    delivery = press_export(desk)
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            desk.do_sub(taking.take_subticket, shop, "alfa", "subticket.take")
        assert codes(refused) == ["scans_are_acknowledged"]
        desk.receipt(delivery.id)
        desk.attach(SAM, "contract", "alfa", "nowa")
        delivery = press_export(desk) if _ == 0 else delivery
    desk.receipt(delivery.id, "R-2")
    desk.do_sub(taking.take_subticket, shop, "alfa", "subticket.take")
    assert desk.ticket(SAM).subtickets[0].state == "taken"


def test_an_acknowledgement_that_comes_twice_counts_once(desk: Desk):
    desk.contract(SAM, "alfa")
    delivery = press_export(desk)
    desk.receipt(delivery.id, "R-1")
    desk.receipt(delivery.id, "R-2")
    assert desk.verbs(SAM).count("acknowledged") == 1
    assert [one.receipt for one in desk.rows(Delivery, SAM)] == ["R-1"]


def test_a_rejected_scan_bears_its_reason_and_reopens_that_document_alone(desk: Desk):
    desk.contract(SAM, "alfa")
    delivery = press_export(desk)
    refuse(desk, delivery, "Nieczytelne", {file_of(desk, "contract").sha256: "Brak \x00podpisu\ud800"})
    rejected = file_of(desk, "contract")
    assert (rejected.rejection, file_of(desk, "quote").rejected_at) == ("Brak podpisu", None)
    assert "Brak podpisu" in desk.mails(SAM, "scan_rejected")[0].body
    with pytest.raises(Refused) as refused:
        press_export(desk)
    assert codes(refused) == ["contract_is_uploaded", "no_scan_is_rejected"]
    desk.attach(SAM, "contract", "alfa", "podpisana")
    assert desk.ticket(SAM).state == "contract"
    assert sent(desk, press_export(desk)) == ["contract", "power_of_attorney", "quote"]


def test_a_rejection_without_a_reason_is_kept_all_the_same(desk: Desk):
    desk.contract(SAM, "alfa")
    refuse(desk, press_export(desk), " ", {file_of(desk, "contract").sha256: "\x00"})
    assert file_of(desk, "contract").rejection == "—"


def test_staff_send_a_refused_package_again_but_not_one_under_way(desk: Desk):
    desk.contract(SAM, "alfa")
    delivery = press_export(desk)

    def again() -> None:
        def retry(session: Session, ticket: Ticket, **given: Any) -> None:
            export.try_again(session, export.deliveries(session, ticket)[0], **given)

        desk.do(retry, SAM, "operator", "deliveries.retry")

    with pytest.raises(Refused) as refused:
        again()
    assert codes(refused) == ["delivery_is_stuck"]
    refuse(desk, delivery, "Zły numer", {})
    again()
    (item,) = [one for one in desk.rows(OutboxItem, SAM) if one.topic == "package"]
    assert (item.state, item.attempts, item.due_at) == ("queued", 0, desk.now)
    with pytest.raises(Refused):
        press_export(desk)


def test_a_replaced_scan_cannot_be_rejected_any_more(desk: Desk):
    desk.take(SAM, "alfa")
    old, _known = desk.attach(SAM, "contract", "alfa", "a")
    desk.attach(SAM, "contract", "alfa", "b")
    with desk.database.transaction() as session:
        operator = desk.actor("operator")
        file, ticket = access.file(session, operator, old.id, "files.reject")
        papers.reject(session, ticket, file, "Stare", actor=operator, now=desk.now)
    assert all(one.rejected_at is None for one in desk.rows(File, SAM))
