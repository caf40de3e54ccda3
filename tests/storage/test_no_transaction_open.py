"""A store may lie behind a network: it is asked while the process holds no transaction open."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, QueuePool

from mikroserwis.app import create_app
from mikroserwis.edge import Parts
from mikroserwis.storage import LocalStore, Stored
from tests.support.cast import PEOPLE, SAM
from tests.support.people import Api, Web
from tests.support.way import Way, plain_page


class Watching(LocalStore):
    """Notes how many connections are in use whenever it is asked for bytes."""

    def __init__(self, root: Path, engine: Engine) -> None:
        super().__init__(root)
        self._engine = engine
        self.seen: list[tuple[str, int]] = []

    def _note(self, what: str) -> None:
        assert isinstance(self._engine.pool, QueuePool)
        self.seen.append((what, self._engine.pool.checkedout()))

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        self._note("put")
        return super().put(stream, limit=limit)

    def open(self, sha256: str) -> BinaryIO:
        self._note("open")
        return super().open(sha256)

    @contextmanager
    def at_hand(self, sha256: str) -> Iterator[Path]:
        self._note("at hand")
        with super().at_hand(sha256) as path:
            yield path


def test_files_are_stored_served_pictured_and_packed_with_no_transaction_open(parts: Parts, way: Way) -> None:
    way.exported(SAM)
    store = Watching(parts.settings.data / "files", parts.database.engine)
    app = create_app(parts.settings, replace(parts, store=store))
    alfa, browser = Api(app.test_client(), PEOPLE["alfa"].token), Web.signed_in(app, PEOPLE["alfa"])
    alfa.upload(f"/tickets/{SAM}/files", io.BytesIO(plain_page()), "szkic.pdf", kind="other")
    file = max(one["id"] for one in alfa.get(f"/tickets/{SAM}/files").json["items"])
    [delivery] = alfa.get(f"/tickets/{SAM}/deliveries").json["items"]
    addresses = (f"/files/{file}", f"/files/{file}/pages/1", f"/deliveries/{delivery['id']}/package.zip")
    assert [browser.get(address).status_code for address in addresses] == [200, 200, 200]
    assert [what for what, _in_use in store.seen] == ["put", "at hand", "at hand", "at hand", *["open"] * 3]
    assert [one for one in store.seen if one[1]] == []
