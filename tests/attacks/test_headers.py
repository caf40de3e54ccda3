"""What protects an answer stands in its headers, and a name that isn't ours gets none."""

from flask.testing import FlaskClient

from config import Settings
from mikroserwis.app import create_app
from mikroserwis.edge import Parts


def test_every_answer_carries_the_headers_that_protect_it(client: FlaskClient):
    for path in ("/sign-in", "/tickets", "/nowhere", "/healthz", "/api/v1/tickets"):
        headers = client.get(path).headers
        assert "script" not in headers["Content-Security-Policy"].replace("default-src 'self'", "")
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert headers["Cache-Control"] == "no-store"


def test_over_tls_browsers_are_told_to_stay_there_and_the_cookie_with_them(settings: Settings, parts: Parts):
    app = create_app(settings.model_copy(update={"base_url": "https://dealer.example"}), parts)
    answer = app.test_client().get("/sign-in", base_url="https://dealer.example")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert all("Secure" in cookie for cookie in answer.headers.getlist("Set-Cookie"))


def test_without_tls_no_browser_is_told_that_there_is_some(client: FlaskClient):
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers


def test_another_host_name_is_not_answered(client: FlaskClient):
    assert client.get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
