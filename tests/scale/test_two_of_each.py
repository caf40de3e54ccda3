"""Whichever process answers, it is one service: nothing of value lies in a process or on its disk."""

import io
import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import requests
from openpyxl import load_workbook
from sqlalchemy import func, select

from mikroserwis.models import Assignment, JobRun, Note, Ticket
from mikroserwis.sweeps.schedule import DAILY
from tests.scale.conftest import FAILURES, Service
from tests.support.cast import ARKLITY, PASSWORD, PEOPLE, POOLED, SAM
from tests.support.way import plain_page

T = TypeVar("T")
PATIENCE = 3000


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found, page[:2000]
    return found[1]


def sign_in(browser: requests.Session, web: str, name: str, password: str = PASSWORD) -> requests.Response:
    page = browser.get(f"{web}/sign-in", timeout=30)
    data = {"csrf_token": token_of(page.text), "identifier": name, "password": password}
    return browser.post(f"{web}/sign-in", data=data, timeout=30, allow_redirects=False)


def at_once(*acts: Callable[[], T]) -> Sequence[T]:
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], T]) -> T:
        start.wait(20)
        return act()

    with ThreadPoolExecutor(len(acts)) as crowd:
        return list(crowd.map(run, acts))


def test_who_signs_in_at_one_goes_on_at_the_other(service: Service) -> None:
    with requests.Session() as browser:
        assert sign_in(browser, service.webs[0], PEOPLE["beta"].email).status_code == 303
        account = browser.get(f"{service.webs[1]}/account", timeout=30, allow_redirects=False)
        assert account.status_code == 200
        assert PEOPLE["beta"].name in account.text


def test_what_is_uploaded_at_one_is_downloaded_and_pictured_at_the_other(service: Service) -> None:
    assert service.call(0, "POST", f"/tickets/{SAM}/taking").status_code == 200
    content = plain_page()
    sent = service.call(
        0, "POST", f"/tickets/{SAM}/files", files={"file": ("szkic.pdf", content)}, data={"kind": "other"}
    )
    assert sent.status_code == 201, sent.text
    [file] = service.call(1, "GET", f"/tickets/{SAM}/files").json()["items"]
    back = service.call(1, "GET", f"/files/{file['id']}/content")
    assert (back.status_code, back.content) == (200, content)
    assert [path for path in service.data.rglob("*") if path.is_file() and path.stat().st_size == len(content)] == []


def test_a_list_is_asked_for_at_one_made_by_a_scheduler_and_fetched_at_the_other(service: Service) -> None:
    asked = service.call(0, "POST", "/exports", "operator", json={"query": "sort=-number"})
    path = f"/exports/{asked.json()['id']}"
    states = (service.call(1, "GET", path, "operator").json()["state"] for _turn in range(PATIENCE))
    assert next(state for state in states if state not in {"queued", "running"}) == "done"
    file = service.call(1, "GET", f"{path}/file", "operator")
    sheet = load_workbook(io.BytesIO(file.content)).worksheets[0]
    assert {row[1] for row in sheet.iter_rows(min_row=2, values_only=True)} == {SAM, ARKLITY, POOLED}


def test_of_two_dealers_who_press_at_each_one_at_once_exactly_one_gets_the_ticket(service: Service) -> None:
    path = f"/tickets/{POOLED}/taking"
    answers = at_once(
        lambda: service.call(0, "POST", path, "alfa").status_code,
        lambda: service.call(1, "POST", path, "beta").status_code,
    )
    assert sorted(answers) == [200, 409]
    with service.engine.connect() as connection:
        held = select(func.count()).join(Ticket, Ticket.id == Assignment.ticket_id).where(Ticket.number == POOLED)
        assert connection.scalar(held.select_from(Assignment)) == 1


def test_failed_sign_ins_at_both_are_counted_together(service: Service) -> None:
    answers = []
    for turn in range(FAILURES + 1):
        with requests.Session() as browser:
            answers.append(sign_in(browser, service.webs[turn % 2], PEOPLE["seller"].email, "wrong").status_code)
    assert answers[-1] == 429
    assert 429 not in answers[:-1]


def test_a_form_that_is_sent_to_both_at_once_acts_once(service: Service) -> None:
    with requests.Session() as browser:
        sign_in(browser, service.webs[0], PEOPLE["operator"].email)
        page = browser.get(f"{service.webs[0]}/tickets/{ARKLITY}", timeout=30)
        form = {"csrf_token": token_of(page.text), "note": "Detalista prosi o telefon.", "once": "pressed-at-both"}

        def send(web: str) -> int:
            cookies = browser.cookies.get_dict()
            address = f"{web}/tickets/{ARKLITY}/notes"
            return requests.post(address, form, cookies=cookies, timeout=30, allow_redirects=False).status_code

        assert at_once(*(lambda web=web: send(web) for web in service.webs * 2)) == [303] * 4
    with service.engine.connect() as connection:
        assert connection.scalar(select(func.count()).where(Note.text == form["note"])) == 1


def test_each_dated_job_is_run_once_by_one_of_the_schedulers(service: Service) -> None:
    ended = select(JobRun.job, func.count().label("number")).where(JobRun.ended_at.is_not(None)).group_by(JobRun.job)
    names = {job.name for job in DAILY}
    with service.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found: dict[str, int] = {}
        for _turn in range(PATIENCE):
            found = {row.job: row.number for row in connection.execute(ended)}
            if found.keys() == names:
                break
            service.call(0, "GET", "/tickets")
        assert found == dict.fromkeys(names, 1)
        assert connection.scalar(select(func.count()).select_from(JobRun)) == len(names)


def test_one_web_process_is_killed_and_the_others_go_on(service: Service) -> None:
    with service.another_web() as (address, program), requests.Session() as browser:
        assert sign_in(browser, address, PEOPLE["technician"].email).status_code == 303
        assert requests.get(f"{address}/healthz", timeout=30).json() == {"status": "ok"}
        program.process.kill()
        program.process.wait(30)
        for web in service.webs:
            assert requests.get(f"{web}/healthz", timeout=30).json() == {"status": "ok"}
            assert browser.get(f"{web}/account", timeout=30, allow_redirects=False).status_code == 200
