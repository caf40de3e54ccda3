"""People at work: a program with a token, and a browser that is signed in."""

import secrets
from datetime import UTC, datetime
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from mikroserwis.accounts import operations
from mikroserwis.accounts.identity import SECRET
from mikroserwis.accounts.operations import Source
from mikroserwis.edge import Parts
from tests.support.cast import Person


class Api:
    """JSON over /api/v1 with a person's token; an `Accept-Language` or any other header goes into `headers`."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client = client
        self._token = token

    def get(self, path: str, **options: Any) -> Any:
        return self.send("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Any:
        return self.send("POST", path, **({"json": json} if json is not None else {}), **options)

    def put(self, path: str, json: Any, **options: Any) -> Any:
        return self.send("PUT", path, json=json, **options)

    def upload(self, path: str, content: Any, name: str = "scan.pdf", **fields: Any) -> Any:
        """A multipart form; `content` is a binary stream."""
        return self.send("POST", path, **_form({"file": (content, name), **fields}))

    def send(self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any) -> Any:
        authorised = {"Authorization": f"Bearer {self._token}", **(headers or {})}
        return self._client.open(f"/api/v1{path}", method=method, headers=authorised, buffered=True, **options)


class Web:
    """A browser with a person signed in."""

    def __init__(self, client: FlaskClient, csrf_token: str) -> None:
        self.client = client
        self.csrf_token = csrf_token

    @classmethod
    def signed_in(cls, app: APIFlask, person: Person) -> "Web":
        """Without the form, whose password takes its time."""
        parts: Parts = app.extensions["mikroserwis"]
        now = datetime.now(UTC)
        with parts.database.transaction() as session:
            user = operations.find_user(session, person.email)
            assert user is not None
            source = Source("127.0.0.1", "tests")
            secret = operations.open_session(session, user, source, parts.settings, now, remember=False)
        client, raw = app.test_client(), secrets.token_hex(20)
        with client.session_transaction() as cookie:
            cookie[SECRET], cookie["csrf_token"] = secret, raw
        signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
        return cls(client, str(signer.dumps(raw)))

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, buffered=True, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> Any:
        return self.client.post(
            path, **_form({"csrf_token": self.csrf_token, **(data or {})}), buffered=True, **options
        )


def _form(fields: dict[str, Any]) -> dict[str, Any]:
    """A multipart body, in memory: the test client would leave a large one's temporary file open."""
    parts = {
        name: FileStorage(value[0], filename=value[1]) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }
    boundary, body = encode_multipart(parts)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}
