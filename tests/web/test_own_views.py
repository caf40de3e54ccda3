"""Own views of the list: saved under a name, opened, changed and removed by the person they belong to."""

import re
from datetime import UTC, datetime
from html import unescape

from sqlalchemy import event, select, update

from mikroserwis.models import SavedView, User
from tests.support.app import sqlite_only
from tests.support.cast import ARKLITY, PEOPLE, POOLED, SAM

NUMBERS = re.compile(r'<th scope="row"><a href="/tickets/(\d+)">')
CHIP = re.compile(r'<a href="([^"]*)"(?: aria-current="(\w+)")?>(?:<svg.*?</svg>)?<bdi>([^<]*)</bdi>( <em>)?')


def numbers(page: str) -> list[int]:
    return [int(number) for number in NUMBERS.findall(page)]


def chips(page: str) -> dict[str, tuple[str, str, bool]]:
    """Address, whether current, and whether changed, by name."""
    own = page.partition('<section class="own"')[2].partition("</section>")[0]
    return {unescape(name): (unescape(url), current, bool(em)) for url, current, name, em in CHIP.findall(own)}


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match is not None, pattern
    return unescape(match[1])


def save(person, name: str, query: str, **more: str):
    return person.post("/tickets/views", {"name": name, "query": query, **more})


def forms(page: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in re.findall(r'name="(version|query|shown)" value="([^"]*)"', page)}


def test_a_view_keeps_filters_search_order_and_size_but_no_page(web):
    operator = web("operator")
    answer = save(operator, "Sieciechów", "q=sieciechow&type=insoft&sort=number&size=10&page=3&utm=x&state=new")
    assert answer.status_code == 303
    assert "page=" not in answer.location
    assert "utm" not in answer.location
    page = operator.get(answer.location).text
    assert numbers(page) == [SAM]
    assert "Widok „Sieciechów” został zapisany." in page
    assert re.search(r'<option value="insoft" selected>', page)
    assert chips(page)["Sieciechów"][1] == "page"


def test_a_view_is_open_also_when_its_parameters_come_in_another_order(web):
    operator = web("operator")
    save(operator, "Nowe Insoft", "type=insoft&state=new")
    page = operator.get("/tickets?state=new&page=1&type=insoft").text
    assert chips(page)["Nowe Insoft"][1] == "page"
    assert "Zapisz ten widok" not in page
    assert chips(operator.get("/tickets?state=new").text)["Nowe Insoft"][1] == ""


def test_a_changed_view_says_so_and_is_saved_or_kept_as_another(web, parts):
    operator = web("operator")
    address = save(operator, "Nowe", "state=new").location
    page = operator.get(f"{address}&type=fiscal").text
    assert chips(page)["Nowe"][1:] == ("true", True)
    assert numbers(page) == [ARKLITY]
    for words in ("Zapisz zmiany", "Porzuć zmiany", "Zapisz jako inny widok"):
        assert words in page
    view_id = found(r"saved=(\d+)", address)
    answer = operator.post(f"/tickets/views/{view_id}", {"version": "1", "query": forms(page)["query"]})
    assert numbers(operator.get(answer.location).text) == [ARKLITY]
    with parts.database.reading() as session:
        assert session.scalars(select(SavedView.query)).one() == "type=fiscal&state=new"


def test_links_and_filters_of_the_list_keep_where_somebody_came_from(web):
    operator = web("operator")
    address = save(operator, "Wszystkie typy", "state=new&size=10").location
    page = operator.get(address).text
    view_id = found(r"saved=(\d+)", address)
    assert f'<input type="hidden" name="saved" value="{view_id}">' in page
    assert f"saved={view_id}" in found(r'class="c-company"[^>]*><a href="([^"]*)"', page)


def test_names_are_one_line_short_and_unique_whatever_their_case_and_accents(web):
    alfa = web("alfa")
    assert save(alfa, " Łódź \n  pilne ", "q=lodz").status_code == 303
    again = save(alfa, "LODZ PILNE", "q=x")
    assert again.status_code == 422
    assert "Widok o tej nazwie już istnieje" in again.text
    assert 'value="LODZ PILNE"' in again.text
    assert '<details class="ask pop" open>' in again.text
    for wrong in ("", " \u200b ", "x" * 81):
        assert save(alfa, wrong, "q=x").status_code == 422
    assert save(web("beta"), "Łódź pilne", "q=x").status_code == 303
    assert list(chips(alfa.get("/tickets").text)) == ["Łódź pilne"]


def test_a_refused_name_leaves_the_list_as_it_was(web):
    operator = web("operator")
    address = save(operator, "Pula", "view=pool").location
    save(operator, "Inny", "state=closed")
    view_id = found(r"saved=(\d+)", address)
    kept = {"version": "1", "shown": "view=pool", "saved": view_id}
    answer = operator.post(f"/tickets/views/{view_id}", {"name": "inny", **kept})
    assert answer.status_code == 422
    assert numbers(answer.text) == [POOLED]
    assert 'value="inny"' in answer.text


def test_the_list_opens_with_the_default_view_and_all_tickets_are_one_click_away(web, parts):
    operator = web("operator")
    save(operator, "Pula", "view=pool", is_default="yes")
    opened = operator.get("/tickets")
    assert opened.status_code == 302
    page = operator.get(opened.location).text
    assert numbers(page) == [POOLED]
    everything = found(r'<a href="([^"]*)">Wszystkie <b>', page)
    shown = operator.get(everything)
    assert sorted(numbers(shown.text)) == [ARKLITY, SAM, POOLED]
    assert re.search(r'aria-current="page">Wszystkie', shown.text)
    assert '<input type="hidden" name="view" value="all">' in shown.text
    assert web("admin").get("/tickets").status_code == 200
    save(operator, "Nowe", "state=new", is_default="yes")
    with parts.database.reading() as session:
        assert session.scalars(select(SavedView.name).where(SavedView.is_default)).all() == ["Nowe"]


def test_the_list_opens_plainly_again_when_the_default_view_is_no_default_or_gone(web):
    operator = web("operator")
    one, another = (
        found(r"saved=(\d+)", save(operator, name, "view=pool", is_default="yes").location) for name in "ab"
    )
    assert operator.post(f"/tickets/views/{another}", {"version": "9", "is_default": "no"}).status_code == 409
    version = forms(operator.get(operator.get("/tickets").location).text)["version"]
    assert operator.post(f"/tickets/views/{another}", {"version": version, "is_default": "no"}).status_code == 303
    assert operator.get("/tickets").status_code == 200
    operator.post(f"/tickets/views/{one}", {"version": "1", "is_default": "yes"})
    answer = operator.post(f"/tickets/views/{one}/removal")
    assert "Widok „a” został usunięty." in operator.get(answer.location).text
    assert operator.get("/tickets").status_code == 200


def test_a_view_that_was_changed_meanwhile_is_not_overwritten(web):
    operator = web("operator")
    view_id = found(r"saved=(\d+)", save(operator, "Pula", "view=pool").location)
    assert operator.post(f"/tickets/views/{view_id}", {"version": "1", "name": "Otwarta"}).status_code == 303
    late = operator.post(f"/tickets/views/{view_id}", {"version": "1", "name": "Późno", "shown": "view=pool"})
    assert late.status_code == 409
    assert "Ktoś to w międzyczasie zmienił" in late.text
    assert list(chips(late.text)) == ["Otwarta"]


@sqlite_only
def test_a_form_sent_twice_saves_one_view(web, parts):
    sent = {"name": "Raz", "query": "state=new", "once": "a" * 32}
    answers = [web("operator").post("/tickets/views", sent) for _ in range(2)]
    assert {answer.location for answer in answers} == {answers[0].location}
    with parts.database.reading() as session:
        assert session.scalars(select(SavedView.name)).all() == ["Raz"]


@sqlite_only
def test_there_is_a_limit_and_it_is_told_before_and_after(web, parts):
    operator = web("operator")
    for index in range(20):
        save(operator, f"Widok {index}", f"q={index}")
    assert "Masz 20 widoków" in operator.get("/tickets?q=more").text
    refused = save(operator, "Jeszcze jeden", "q=more")
    assert refused.status_code == 422
    assert "Masz 20 widoków" in refused.text


@sqlite_only
def test_a_filter_that_no_longer_exists_is_left_out_in_words(web, parts):
    operator = web("operator")
    with parts.database.transaction() as session:
        user = session.scalars(select(User).where(User.email == PEOPLE["operator"].email)).one()
        query = "view=mine_once&type=scales&state=new&caretaker=4711"
        now = datetime.now(UTC)
        session.add(SavedView(user_id=user.id, name="Wagi", name_key="wagi", query=query, created_at=now))
    url, *_rest = chips(operator.get("/tickets").text)["Wagi"]
    page = operator.get(url).text
    assert sorted(numbers(page)) == [ARKLITY, SAM, POOLED]
    assert "szybki widok, Typ zgłoszenia, Opiekun zgłoszenia" in page
    assert chips(page)["Wagi"][2]


@sqlite_only
def test_a_view_whose_filter_is_a_known_dealer_keeps_it(web):
    operator = web("operator")
    page = operator.get(save(operator, "Alfy", "caretaker=1").location).text
    assert chips(page)["Alfy"][1:] == ("page", False)
    assert numbers(page) == [SAM]


@sqlite_only
def test_own_views_cost_the_list_one_query(web, parts):
    asked: list[str] = []
    event.listen(parts.database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    operator = web("operator")
    save(operator, "Nowe", "state=new")
    counts = []
    for address in ("/tickets?view=all", "/tickets?state=new"):
        asked.clear()
        operator.get(address)
        counts.append(len([one for one in asked if "saved_views" in one]))
    assert counts == [1, 1]


def test_another_persons_view_is_not_there(web, parts):
    view_id = found(r"saved=(\d+)", save(web("alfa"), "Moje", "view=mine").location)
    beta = web("beta")
    for path in (f"/tickets/views/{view_id}", f"/tickets/views/{view_id}/removal"):
        assert beta.post(path, {"version": "1", "name": "Cudze"}).status_code == 404
    page = beta.get(f"/tickets?saved={view_id}&view=mine").text
    assert chips(page) == {}
    assert f'name="saved" value="{view_id}"' not in page
    with parts.database.reading() as session:
        assert session.scalars(select(SavedView.name)).all() == ["Moje"]


@sqlite_only
def test_what_is_kept_and_shown_of_a_hostile_query_is_harmless(web, parts):
    operator = web("operator")
    hostile = "q=%3Cscript%3Ealert(1)%3C/script%3E&sort=;drop&size=999999&next=//evil.example&city=%ff%00&" * 40
    assert save(operator, "<b>x</b>", hostile).status_code == 303
    page = operator.get("/tickets").text
    assert "<b>x</b>" not in page
    assert "<script>alert" not in page
    with parts.database.transaction() as session:
        kept = session.scalars(select(SavedView.query)).one()
        assert kept == "q=%3Cscript%3Ealert%281%29%3C%2Fscript%3E&city=%EF%BF%BD"
        session.execute(update(SavedView).values(query="&&==%%%"))
    assert operator.get("/tickets").status_code == 200


def test_views_are_kept_and_changed_over_the_api(api):
    operator = api("operator")
    made = operator.post("/views", {"name": "Pula", "query": "?view=pool&page=7&x=y", "is_default": True})
    assert made.status_code == 201
    assert (made.json["query"], made.json["is_default"], made.json["version"]) == ("view=pool", True, 1)
    path = f"/views/{made.json['id']}"
    changed = operator.send("PATCH", path, json={"query": "state=new", "version": 1})
    assert (changed.json["name"], changed.json["query"], changed.json["is_default"]) == ("Pula", "state=new", True)
    assert operator.send("PATCH", path, json={"name": "x", "version": 1}).json["code"] == "changed_meanwhile"
    assert operator.send("PATCH", path, json={"is_default": False}).json["is_default"] is False
    taken = operator.post("/views", {"name": "PULA", "query": ""})
    assert [one["code"] for one in taken.json["errors"]] == ["view_name_taken"]
    assert api("admin").get("/views").json["items"] == []
    assert api("admin").send("DELETE", path).status_code == api("admin").send("PATCH", path, json={}).status_code == 404
    assert operator.send("DELETE", path).status_code == 204
    assert operator.get("/views").json["items"] == []
    assert operator.send("DELETE", path).status_code == 404
