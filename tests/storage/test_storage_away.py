"""What people see while the storage service is away, full or has lost a file: words, and nothing kept half."""

import io
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from mikroserwis import storage
from mikroserwis.app import create_app
from mikroserwis.edge import Parts
from mikroserwis.models import Event, File
from tests.storage.bad_peer import bad_peer
from tests.support.app import sqlite_only
from tests.support.cast import PEOPLE, SAM
from tests.support.people import Api, Web
from tests.support.s3 import settings_of
from tests.support.way import Way, plain_page

pytestmark = sqlite_only


@pytest.fixture(params=["silent", "full"])
def away(request: pytest.FixtureRequest, parts: Parts) -> Iterator[tuple[str, Parts]]:
    with bad_peer(request.param) as address:
        settings = parts.settings.model_copy(update=settings_of(address, "papers") | {"s3_timeout_seconds": 0.3})
        yield request.param, replace(parts, settings=settings, store=storage.shelf(settings, "files"))


def test_an_upload_is_refused_in_words_and_keeps_nothing(away: tuple[str, Parts], way: Way) -> None:
    way.taken(SAM)
    behaviour, parts = away
    with parts.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Event))
    api = Api(create_app(parts.settings, parts).test_client(), PEOPLE["alfa"].token)
    answer = api.upload(f"/tickets/{SAM}/files", io.BytesIO(plain_page()), "szkic.pdf", kind="other")
    expected = {"silent": (503, "storage_unavailable"), "full": (507, "disk_full")}[behaviour]
    assert (answer.status_code, answer.json["code"]) == expected
    assert behaviour == "full" or answer.headers["Retry-After"] == "10"
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(File)) == 0
        assert session.scalar(select(func.count()).select_from(Event)) == before


def test_whatever_needs_no_file_goes_on(away: tuple[str, Parts]) -> None:
    _behaviour, parts = away
    app = create_app(parts.settings, parts)
    assert app.test_client().get("/healthz").status_code == 200
    assert Web.signed_in(app, PEOPLE["alfa"]).post(f"/tickets/{SAM}/taking").status_code == 303


def test_a_file_that_is_lost_is_told_as_lost(parts: Parts, way: Way) -> None:
    way.taken(SAM)
    alfa = Api(create_app(parts.settings, parts).test_client(), PEOPLE["alfa"].token)
    alfa.upload(f"/tickets/{SAM}/files", io.BytesIO(plain_page()), "szkic.pdf", kind="other")
    [file] = alfa.get(f"/tickets/{SAM}/files").json["items"]
    parts.store.remove(file["sha256"])
    answer = alfa.get(f"/files/{file['id']}/content")
    assert (answer.status_code, answer.json["code"]) == (500, "file_lost")
