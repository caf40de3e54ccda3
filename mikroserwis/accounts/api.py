"""Accounts over the API: whose token it is, everybody's for staff, and what is done to them."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import cast

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response, request

from mikroserwis import edge, history
from mikroserwis.accounts import operations, others, people, pictures, queries, second_factor
from mikroserwis.accounts.devices import device_words
from mikroserwis.accounts.others import company
from mikroserwis.accounts.queries import Account
from mikroserwis.accounts.shapes import (
    AccountChange,
    AccountList,
    AccountOut,
    AccountsQuery,
    Attempts,
    CompanyQuery,
    Me,
    OwnChange,
    PictureForm,
    SignInAttemptOut,
)
from mikroserwis.bodies import read_body
from mikroserwis.i18n import Reading

blueprint = APIBlueprint("accounts_api", __name__, url_prefix="/api/v1", tag="Account")
blueprint.before_request(read_body)

ACCOUNT = f"/accounts/<int(max={2**31 - 1}):user_id>"


@blueprint.get("/me")
@blueprint.output(Me)
@blueprint.doc(summary="Whose token this is", responses=[401])
def me() -> Me:
    """The account behind the token."""
    actor = edge.actor()
    reading = Reading.of(actor.reading)
    return Me(name=actor.name, role=actor.role, dealer=actor.dealer_name, **asdict(reading))


@blueprint.put("/me")
@blueprint.input(OwnChange)
@blueprint.output(AccountOut)
@blueprint.doc(summary="Change one's own data")
def change_me(json_data: OwnChange) -> AccountOut:
    """Passwords are set by a link, or on the account's page."""
    session, actor, version = edge.session(), edge.actor(), json_data.version
    user = queries.own(session, actor)
    people.change(session, user, json_data.values(), version=version, actor=actor, now=edge.now())
    return _account(Account(user, actor.dealer_name, None))


@blueprint.put("/me/picture")
@blueprint.input(PictureForm, location="files")
@blueprint.output({}, 204)
@blueprint.doc(summary="One's own picture, or the company's logo: JPEG or PNG, drawn anew")
def set_my_picture(files_data: PictureForm) -> tuple[str, int]:
    """Only how it looks is kept."""
    sha256, session, actor = pictures.receive(files_data.file), edge.session(), edge.actor()
    pictures.keep(session, queries.own(session, actor), sha256, actor=actor, now=edge.now())
    return "", 204


@blueprint.delete("/me/picture")
@blueprint.output({}, 204)
@blueprint.doc(summary="Remove one's own picture")
def remove_my_picture() -> tuple[str, int]:
    """None there: nothing happens."""
    session, actor = edge.session(), edge.actor()
    pictures.keep(session, queries.own(session, actor), None, actor=actor, now=edge.now())
    return "", 204


@blueprint.get(f"/accounts/<int(max={2**31 - 1}):owner_id>/picture")
@blueprint.output(FileSchema(type="string", format="binary"), content_type="image/webp", description="The picture.")
@blueprint.doc(summary="An account's picture (staff; one's own for everybody)")
def account_picture(owner_id: int) -> Response:
    """WebP, 320 pixels wide."""
    return cast(Response, others.picture(owner_id))


@blueprint.get("/accounts")
@blueprint.input(AccountsQuery, location="query")
@blueprint.output(AccountList)
@blueprint.doc(summary="Everybody's accounts: filtered, searched, sorted, by pages (staff)")
def accounts(query_data: AccountsQuery) -> AccountList:  # noqa: ARG001 - documents what `read` reads
    """Removed ones only where the address asks for them."""
    edge.require("accounts.see")
    wanted = queries.read(request.args)
    page = queries.fetch(edge.session(), wanted)
    items = [_account(one) for one in page.items]
    return AccountList(items=items, total=page.total, page=page.page, pages=page.pages, size=wanted.size)


@blueprint.post("/accounts")
@blueprint.input(CompanyQuery, location="query")
@blueprint.input(AccountChange)
@blueprint.output(AccountOut, 201)
@blueprint.doc(summary="Make an account; its person gets a link to activate it (staff; of the office the master)")
def add_account(query_data: CompanyQuery, json_data: AccountChange) -> AccountOut:  # noqa: ARG001 - read by `company`
    """No password is ever sent or seen."""
    session = edge.session()
    of = company(session)
    values = {"language": edge.parts().settings.default_language, **json_data.values()}
    made = people.add(session, values, of, actor=edge.actor(), now=edge.now())
    return _account(Account(made, of.name if of else "", None))


@blueprint.get(ACCOUNT)
@blueprint.output(AccountOut)
@blueprint.doc(summary="An account (staff)")
def account(user_id: int) -> AccountOut:
    """Removed ones too."""
    return _account(queries.load(edge.session(), edge.actor(), user_id))


@blueprint.put(ACCOUNT)
@blueprint.input(AccountChange)
@blueprint.output(AccountOut)
@blueprint.doc(summary="Change an account; 409 names what somebody else changed meanwhile (staff)")
def change_account(user_id: int, json_data: AccountChange) -> AccountOut:
    """Fields that are left out stay as they are; the former address is told of a new one."""
    found, version = _held(user_id), json_data.version
    actor, values = edge.actor(), json_data.values()
    people.change(edge.session(), found.user, values, version=version, actor=actor, now=edge.now())
    return _account(found)


@blueprint.delete(ACCOUNT)
@blueprint.output({}, 204)
@blueprint.doc(summary="Remove an account; its history stays (staff; of the office the master)")
def remove_account(user_id: int) -> tuple[str, int]:
    """Its address is free for another one."""
    people.remove(edge.session(), _held(user_id).user, actor=edge.actor(), now=edge.now())
    return "", 204


@blueprint.post(f"{ACCOUNT}/link")
@blueprint.output(AccountOut)
@blueprint.doc(summary="Send a link to set the password (staff; of the office the master)")
def send_link(user_id: int) -> AccountOut:
    """Older links end."""
    found = _held(user_id)
    people.send_link(edge.session(), found.user, actor=edge.actor(), now=edge.now())
    return _account(found)


@blueprint.post(f"{ACCOUNT}/activation")
@blueprint.output(AccountOut)
@blueprint.doc(summary="Let an account sign in again (staff; of the office the master)")
def activate_account(user_id: int) -> AccountOut:
    """Done already: nothing happens."""
    return _switched(user_id, active=True)


@blueprint.post(f"{ACCOUNT}/deactivation")
@blueprint.output(AccountOut)
@blueprint.doc(summary="Block an account: its sessions and tokens end at once (staff; of the office the master)")
def deactivate_account(user_id: int) -> AccountOut:
    """Done already: nothing happens."""
    return _switched(user_id, active=False)


@blueprint.delete(f"{ACCOUNT}/sessions")
@blueprint.output({}, 204)
@blueprint.doc(summary="Sign an account out everywhere (staff; of the office the master)")
def end_sessions(user_id: int) -> tuple[str, int]:
    """Tokens stay."""
    session, found = edge.session(), _held(user_id)
    operations.close_all_sessions(session, found.user.id)
    history.record(session, "user_sessions", actor=edge.actor(), now=edge.now(), user=found.user)
    return "", 204


@blueprint.delete(f"{ACCOUNT}/second-factor")
@blueprint.output({}, 204)
@blueprint.doc(summary="Take the second step off, for a lost phone (staff; of the office the master)")
def reset_second_factor(user_id: int) -> tuple[str, int]:
    """Every session ends; done already: nothing happens."""
    second_factor.reset(edge.session(), _held(user_id).user, actor=edge.actor(), now=edge.now())
    return "", 204


@blueprint.get(f"{ACCOUNT}/sign-ins")
@blueprint.output(Attempts)
@blueprint.doc(summary="The last attempts to sign in to an account (staff)")
def sign_ins(user_id: int) -> Attempts:
    """Time, address, device and result."""
    session = edge.session()
    found = queries.load(session, edge.actor(), user_id)
    rows = operations.attempts_of(session, found.user.id)
    items = [
        SignInAttemptOut(at=one.at, address=one.address, device=device_words(one.device), result=one.result)
        for one in rows
    ]
    return Attempts(items=items)


def _held(user_id: int) -> Account:
    return queries.load(edge.session(), edge.actor(), user_id, "change")


def _switched(user_id: int, *, active: bool) -> AccountOut:
    found = _held(user_id)
    people.switch(edge.session(), found.user, active=active, actor=edge.actor(), now=edge.now())
    return _account(found)


def _account(one: Account) -> AccountOut:
    user, seen = one.user, one.signed_in_at
    kept = people.texts(user) | ({"email": ""} if user.removed_at else {})
    return AccountOut(
        id=user.id,
        **kept,
        company=one.company or "",
        state=user.state,
        signed_in_at=seen.astimezone(UTC) if isinstance(seen, datetime) else None,
        version=user.version,
    )
