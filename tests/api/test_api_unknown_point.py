"""A platform that says it doesn't know the point at all: a wrong id, which is told as that."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from backoffice_client import BackofficeClient
from config import Settings
from mikroserwis.app import create_app
from mikroserwis.edge import Parts
from tests.support.cast import PEOPLE, POINT, SAM
from tests.support.other_side import TOKEN
from tests.support.people import Api, Web
from tests.support.way import Way

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class KnowsNoPoint(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = json.dumps({"code": "unknown_point", "detail": "nie ma takiego punktu"}).encode()
        self.send_response(404)
        self.send_header("Content-Type", "application/problem+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def strange_platform() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), KnowsNoPoint) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_point_that_the_platform_does_not_know_is_told_with_its_id(
    settings: Settings, parts: Parts, way: Way, strange_platform: str
) -> None:
    way.points_saved(SAM)
    [subticket] = way.subtickets(SAM)
    asked = BackofficeClient(strange_platform, TOKEN, timeout=(1, 2), deadline=3, retries=0)
    app = create_app(settings, Parts(parts.settings, parts.database, parts.store, asked))
    alfa = Api(app.test_client(), PEOPLE["alfa"].token)
    answer = alfa.post(f"/subtickets/{subticket}/closure")
    [blocker] = answer.json["blockers"]
    assert (answer.status_code, blocker["code"]) == (409, "platform_knows_the_point")
    assert blocker["message"] == f"M/platform nie zna punktu {POINT}. Sprawdź Id punktu w Backoffice."
    check = alfa.get(f"/subtickets/{subticket}").json["last_check"]
    assert (check["verdict"], check["silent"], check["message"]) == ("point_unknown", [], blocker["message"])
    assert blocker["message"] in Web.signed_in(app, PEOPLE["alfa"]).get(f"/tickets/{SAM}").text
