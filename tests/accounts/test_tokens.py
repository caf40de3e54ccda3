"""Personal tokens: the API knows nobody else, and they can be taken back."""

from datetime import UTC, datetime

from flask.testing import FlaskClient
from sqlalchemy import select, update

from mikroserwis.accounts import operations
from mikroserwis.edge import Parts
from mikroserwis.models import ApiToken, User
from tests.accounts.browser_client import sign_in
from tests.support.cast import PASSWORD, PEOPLE


def me(client: FlaskClient, authorization: str) -> int:
    return client.get("/api/v1/me", headers={"Authorization": authorization}).status_code


def test_a_token_stands_for_its_person(client: FlaskClient):
    answer = client.get("/api/v1/me", headers={"Authorization": f"Bearer {PEOPLE['alfa'].token}"})
    reading = {"language": "pl", "calendar": "gregory", "digits": "latn"}
    assert answer.json == {"name": "Łukasz Gąska", "role": "dealer", "dealer": "Dealer Alfa"} | reading


def test_without_a_right_token_the_api_answers_401(client: FlaskClient):
    token = PEOPLE["alfa"].token
    for wrong in ("", "Bearer", "Bearer x", f"Basic {token}", f"Bearer {token}x", token):
        assert me(client, wrong) == 401


def test_a_browsers_session_is_no_key_to_the_api(client: FlaskClient):
    sign_in(client, "alfa", PASSWORD)
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_is_no_key_to_the_pages(client: FlaskClient):
    answer = client.get("/account", headers={"Authorization": f"Bearer {PEOPLE['alfa'].token}"})
    assert answer.status_code == 302


def test_a_new_token_works_until_it_is_revoked_and_only_its_hash_is_kept(client: FlaskClient, parts: Parts):
    with parts.database.transaction() as session:
        user = operations.find_user(session, "alfa")
        assert user
        secret = operations.issue_token(session, user, "kasa", datetime.now(UTC))
    assert me(client, f"Bearer {secret}") == 200
    with parts.database.transaction() as session:
        kept = session.scalars(select(ApiToken).where(ApiToken.name == "kasa")).one()
        assert secret not in (kept.token_hash, kept.name)
        assert kept.used_at is not None
        kept.revoked_at = datetime.now(UTC)
    assert me(client, f"Bearer {secret}") == 401


def test_a_deactivated_persons_token_ends_at_once(client: FlaskClient, parts: Parts):
    with parts.database.transaction() as session:
        session.execute(update(User).where(User.email == "alfa@dealer.example").values(active=False))
    assert me(client, f"Bearer {PEOPLE['alfa'].token}") == 401
