"""The machine's bad day: a full disk, a locked database, a backoffice that is away. Clear words, nothing half done."""

import gc
import io
import resource
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url

from mikroserwis.app import create_app
from mikroserwis.db import Database, make_engine
from mikroserwis.edge import Parts
from mikroserwis.models import File, Note
from tests.support.cast import PEOPLE, SAM
from tests.support.people import Api, Web
from tests.support.way import Way

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@contextmanager
def no_file_may_grow_past(size: int) -> Iterator[None]:
    """The kernel refuses every write past this size, as it does when a quota is used up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def impatient(parts: Parts) -> Iterator[Callable[[str], Api]]:
    """The same app with a database that waits a tenth of a second for a lock."""
    engine = make_engine(parts.settings.database, busy_seconds=0.1)
    app = create_app(parts.settings, Parts(parts.settings, Database(engine), parts.store, parts.backoffice))
    yield lambda name: Api(app.test_client(), PEOPLE[name].token)
    engine.dispose()


def multipart(csrf_token: str, content: bytes) -> tuple[bytes, str]:
    """A form with a file, made without a temporary file of the test's own."""
    fields = {"csrf_token": csrf_token, "kind": "contract"}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    return "".join([*parts, head]).encode() + content + b"\r\n--x--\r\n", "multipart/form-data; boundary=x"


def rows(parts: Parts, model: type[Note] | type[File]) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


@sqlite
def test_a_full_disk_is_told_as_that_and_no_file_is_half_there(api, way: Way, parts: Parts):
    way.taken(SAM)
    scan = io.BytesIO(b"%PDF-1.7\n" + b"x" * 400_000)
    with no_file_may_grow_past(300_000):
        answer = api("alfa").upload(f"/tickets/{SAM}/files", scan, kind="contract")
    assert (answer.status_code, answer.json["code"]) == (507, "disk_full")
    assert rows(parts, File) == 0
    stray = [path for path in (parts.settings.data / "files").rglob("*") if path.is_file()]
    assert stray == []


@sqlite
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the parser's own file, cut off by us
def test_no_room_for_an_upload_on_its_way_in_is_told_too(web: Callable[[str], Web], way: Way, parts: Parts):
    way.taken(SAM)
    alfa = web("alfa")
    body, content_type = multipart(alfa.csrf_token, b"%PDF-1.7\n" + b"x" * 900_000)
    with no_file_may_grow_past(300_000):
        answer = alfa.client.post(f"/tickets/{SAM}/files", data=body, content_type=content_type)
    assert answer.status_code == 507
    assert rows(parts, File) == 0
    gc.collect()


@sqlite
def test_a_full_database_is_told_and_what_was_typed_comes_back(web: Callable[[str], Web], way: Way, parts: Parts):
    way.taken(SAM)
    with parts.database.reading() as session:
        pages = session.scalar(text("PRAGMA page_count"))

    def no_more_pages(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(parts.database.engine, "checkout", no_more_pages)
    words = "Detalista prosi o telefon po 15. " * 100
    answer = None
    for _ in range(40):
        answer = web("alfa").post(f"/tickets/{SAM}/notes", {"note": words})
        if answer.status_code != 303:
            break
    assert answer is not None
    assert answer.status_code == 507
    assert words.strip() in answer.get_data(as_text=True)


@sqlite
def test_a_locked_database_is_told_as_busy_and_nothing_is_saved(impatient, way: Way, parts: Parts):
    way.taken(SAM)
    before = rows(parts, Note)
    other = sqlite3.connect(str(make_url(parts.settings.database).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = impatient("alfa").post(f"/tickets/{SAM}/notes", {"note": "Czekam"})
    other.execute("ROLLBACK")
    other.close()
    assert (answer.status_code, answer.json["code"]) == (503, "database_busy")
    assert int(answer.headers["Retry-After"]) > 0
    assert rows(parts, Note) == before
    assert impatient("alfa").post(f"/tickets/{SAM}/notes", {"note": "Czekam"}).status_code == 201


@postgresql
def test_a_row_locked_for_long_is_told_as_busy_on_postgresql_too(impatient, way: Way, parts: Parts):
    way.taken(SAM)
    with parts.database.engine.begin() as other:
        other.execute(text("SELECT id FROM tickets WHERE number = :number FOR UPDATE"), {"number": SAM})
        answer = impatient("alfa").post(f"/tickets/{SAM}/suspension", {"note": "Czekam"})
    assert (answer.status_code, answer.json["code"]) == (503, "database_busy")


def test_a_backoffice_that_is_away_leaves_the_sub_ticket_open_and_says_so(api, way: Way, platform):
    way.points_saved(SAM)
    platform.faults(drop_rate=1.0)
    answer = api("alfa").post(f"/subtickets/{way.subtickets(SAM)[0]}/closure")
    assert answer.status_code == 409
    assert [one["code"] for one in answer.json["blockers"]] == ["platform_has_answered"]
    assert api("alfa").get(f"/tickets/{SAM}").json["subtickets"][0]["state"] == "taken"


def test_a_backoffice_that_is_slow_does_not_hold_the_database(api, way: Way, platform, parts: Parts):
    way.points_saved(SAM)
    platform.faults(delay_ms=900)
    closing = threading.Thread(target=lambda: api("alfa").post(f"/subtickets/{way.subtickets(SAM)[0]}/closure"))
    closing.start()
    answer = api("beta").get("/tickets")
    noted = api("alfa").post(f"/tickets/{SAM}/notes", {"note": "Zamykam"})
    still_asking = closing.is_alive()
    closing.join(10)
    assert (answer.status_code, noted.status_code) == (200, 201)
    assert still_asking


def test_a_note_sent_twice_is_one_note(web: Callable[[str], Web], way: Way, parts: Parts):
    way.taken(SAM)
    before = rows(parts, Note)
    alfa = web("alfa")
    first = alfa.post(f"/tickets/{SAM}/notes", {"note": "Raz", "once": "abc123"})
    second = alfa.post(f"/tickets/{SAM}/notes", {"note": "Raz", "once": "abc123"})
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location
    assert rows(parts, Note) == before + 1


def test_a_form_changed_before_it_was_sent_again_is_another_one(web: Callable[[str], Web], way: Way, parts: Parts):
    way.taken(SAM)
    before = rows(parts, Note)
    alfa = web("alfa")
    for words in ("Raz", "Raz, z poprawką"):
        assert alfa.post(f"/tickets/{SAM}/notes", {"note": words, "once": "abc123"}).status_code == 303
    assert rows(parts, Note) == before + 2


def test_a_key_with_another_body_is_refused_and_nothing_is_lost_in_silence(api, way: Way, parts: Parts):
    way.taken(SAM)
    headers = {"Idempotency-Key": "k"}
    assert api("alfa").post(f"/tickets/{SAM}/notes", {"note": "pierwsza"}, headers=headers).status_code == 201
    answer = api("alfa").post(f"/tickets/{SAM}/notes", {"note": "druga"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (409, "key_used_for_something_else")


def test_two_people_may_use_the_same_key(api, way: Way, parts: Parts):
    way.taken(SAM)
    before = rows(parts, Note)
    for name in ("alfa", "operator"):
        headers = {"Idempotency-Key": "same"}
        assert api(name).post(f"/tickets/{SAM}/notes", {"note": name}, headers=headers).status_code == 201
    assert rows(parts, Note) == before + 2


def test_a_note_sent_six_times_at_the_same_moment_is_one_note(app, way: Way, parts: Parts):
    way.taken(SAM)
    before = rows(parts, Note)
    gate = threading.Barrier(6)
    answers: list[int] = []

    def send() -> None:
        alfa = Api(app.test_client(), PEOPLE["alfa"].token)
        gate.wait(10)
        headers = {"Idempotency-Key": "k"}
        answers.append(alfa.post(f"/tickets/{SAM}/notes", {"note": "Raz"}, headers=headers).status_code)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [201] * 6
    assert rows(parts, Note) == before + 1


def test_a_key_cannot_be_used_for_something_else(api, way: Way):
    way.taken(SAM)
    headers = {"Idempotency-Key": "k"}
    api("alfa").post(f"/tickets/{SAM}/notes", {"note": "Raz"}, headers=headers)
    answer = api("alfa").post(f"/tickets/{SAM}/suspension", {"note": "Raz"}, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (409, "key_used_for_something_else")


def test_the_data_folder_is_its_owners_alone(parts: Parts, app):
    key = Path(parts.settings.data) / "secret_key"
    assert key.stat().st_mode & 0o077 == 0
