"""Consents over the API: of a customer's people, one's own, and the wordings."""

from typing import Annotated, Any, Literal

from apiflask import APIBlueprint
from pydantic import BaseModel, Field

from mikroserwis import access, edge
from mikroserwis.bodies import Body, Moment, Text, Whole, read_body
from mikroserwis.consenting import KINDS, Kind, Person
from mikroserwis.consents import operations, presenting, queries
from mikroserwis.consents.queries import Decision
from mikroserwis.i18n import LANGUAGES
from mikroserwis.models import Customer

blueprint = APIBlueprint("consents_api", __name__, url_prefix="/api/v1", tag="Consents")
blueprint.before_request(read_body)
CUSTOMER = f"/customers/<int(max={2**31 - 1}):customer_id>"
Code = Annotated[str, Field(examples=["c7"], description="c and a contact's id, or u and a user's.", max_length=12)]


class ConsentDecisionOut(BaseModel):
    """One giving or withdrawing; `text` is the wording agreed to, `version` its number."""

    kind: Kind
    given: bool
    at: Moment
    source: str = Field(description="office, account, link, api or import.")
    by: str
    address: str
    note: str
    language: str | None
    version: int | None
    text: str | None


class PersonConsents(BaseModel):
    """The newest decision of each kind counts; a kind without one was never asked."""

    person: Code
    name: str
    decisions: list[ConsentDecisionOut]


class CustomerConsents(BaseModel):
    items: list[PersonConsents]


class OwnDecision(Body):
    kind: Kind
    given: bool = Field(description="false withdraws.")


class ReadAndDecided(OwnDecision):
    """Language and version of the wording that the person read: 409 if it isn't in force any more."""

    language: Text | None = Field(None, examples=["pl"], description="Left out: the person's own, as it is in force.")
    version: Whole | None = None

    def seen(self) -> tuple[str, int] | None:
        return (self.language, self.version or 0) if self.language is not None else None


class RecordedDecision(OwnDecision):
    """What one of the customer's people has said."""

    person: Code
    note: Text = Field("", description="How it came, such as by phone. An import has to say so.")
    source: Literal["api", "import"] = "api"


class ConsentTextOut(BaseModel):
    kind: Kind
    language: str
    version: int
    text: str


class ConsentTexts(BaseModel):
    """Those in force."""

    items: list[ConsentTextOut]


class NewConsentText(Body):
    kind: Kind
    language: Text = Field(examples=["pl"])
    text: Text
    version: Whole = Field(description="The one in force, as it was read: 409 if another was published since.")


@blueprint.get(f"{CUSTOMER}/consents")
@blueprint.output(CustomerConsents)
@blueprint.doc(summary="What the customer's people have consented to (staff; a seller's own)")
def customer_consents(customer_id: int) -> CustomerConsents:
    """Contacts, then those with an account."""
    people = queries.of_customer(edge.session(), _customer(customer_id, "customers.see"))
    return CustomerConsents(items=[_shown(one.person, one.name, one.decisions) for one in people])


@blueprint.post(f"{CUSTOMER}/consents")
@blueprint.input(RecordedDecision)
@blueprint.output(PersonConsents, 201)
@blueprint.doc(summary="Record that one of them gave or withdrew a consent (staff; a seller's own)")
def record_customer_consent(customer_id: int, json_data: RecordedDecision) -> PersonConsents:
    """It stands so already: nothing is recorded."""
    session, sent = edge.session(), json_data
    customer = _customer(customer_id, "customers.edit")
    person = queries.person_of(session, customer, sent.person)
    kept: dict[str, Any] = {"source": sent.source, "note": sent.note, "actor": edge.actor(), "now": edge.now()}
    operations.decide(session, person, sent.kind, given=sent.given, **kept)
    found = next(one for one in queries.of_customer(session, customer) if one.person == person)
    return _shown(person, found.name, found.decisions)


@blueprint.get("/me/consents")
@blueprint.output(PersonConsents)
@blueprint.doc(summary="What I have consented to")
def my_consents() -> PersonConsents:
    """Every decision, the newest first."""
    edge.require("account.own")
    return _own()


@blueprint.post("/me/consents")
@blueprint.input(ReadAndDecided)
@blueprint.output(PersonConsents, 201)
@blueprint.doc(summary="Give or withdraw a consent of mine")
def decide_my_consent(json_data: ReadAndDecided) -> PersonConsents:
    """It stands so already: nothing is recorded."""
    edge.require("account.own")
    kept: dict[str, Any] = {"source": "api", "actor": edge.actor(), "now": edge.now(), "seen": json_data.seen()}
    person = Person(user_id=edge.actor().user_id)
    operations.decide(edge.session(), person, json_data.kind, given=json_data.given, **kept)
    return _own()


@blueprint.get("/consent-texts")
@blueprint.output(ConsentTexts)
@blueprint.doc(summary="The wordings of consents in force (staff)")
def consent_texts() -> ConsentTexts:
    """In every language."""
    edge.require("consent_texts.see")
    pairs = [(kind, code, presenting.in_force(edge.session(), kind, code)) for kind in KINDS for code in LANGUAGES]
    items = [
        ConsentTextOut(kind=kind, language=code, version=number, text=body) for kind, code, (number, body) in pairs
    ]
    return ConsentTexts(items=items)


@blueprint.post("/consent-texts")
@blueprint.input(NewConsentText)
@blueprint.output(ConsentTextOut, 201)
@blueprint.doc(summary="Put another wording in force; what was agreed to before keeps its own (admin)")
def publish_consent_text(json_data: NewConsentText) -> ConsentTextOut:
    """409 if another was published since it was read."""
    edge.require("consent_texts.publish")
    session, sent = edge.session(), json_data
    kept: dict[str, Any] = {"was": sent.version, "actor": edge.actor(), "now": edge.now()}
    operations.publish(session, sent.kind, sent.language, sent.text, **kept)
    number, body = presenting.in_force(session, sent.kind, sent.language)
    return ConsentTextOut(kind=sent.kind, language=sent.language, version=number, text=body)


def _customer(customer_id: int, permission: str) -> Customer:
    return access.customer(edge.session(), edge.actor(), customer_id, permission)


def _own() -> PersonConsents:
    person = Person(user_id=edge.actor().user_id)
    return _shown(person, edge.actor().name, queries.of_person(edge.session(), person))


def _shown(person: Person, name: str, decisions: Any) -> PersonConsents:
    return PersonConsents(person=person.code, name=name, decisions=[_decision(one) for one in decisions])


def _decision(one: Decision) -> ConsentDecisionOut:
    kept, text = one
    return ConsentDecisionOut(
        kind=next(kind for kind in KINDS if kind == kept.kind),
        given=kept.given,
        at=kept.at,
        source=kept.source,
        by=kept.actor,
        address=kept.address,
        note=kept.note,
        language=text.language if text else None,
        version=text.number if text else None,
        text=text.body if text else None,
    )
