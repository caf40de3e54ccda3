"""Personal data over the API: what is kept how long, one person's data as a file, and a person made anonymous."""

from apiflask import APIBlueprint
from apiflask.schemas import FileSchema
from flask import Response
from pydantic import BaseModel, Field

from mikroserwis import edge
from mikroserwis.bodies import Body, Moment, Text, read_body
from mikroserwis.consents import personal, retention, subjects
from mikroserwis.consents.personal_views import PERSON, exported
from mikroserwis.rulebook import RULES

blueprint = APIBlueprint("personal_api", __name__, url_prefix="/api/v1", tag="Personal data")
blueprint.before_request(read_body)


class RetentionRule(BaseModel):
    """`days` is 0 for what is kept for good; `found` are past their days and go with the next run."""

    kind: str
    days: int
    found: int


class RetentionRules(BaseModel):
    items: list[RetentionRule]


class AnonymousPerson(BaseModel):
    """`label` stands for the name everywhere."""

    label: str
    at: Moment
    by: str


class AnonymousPersons(BaseModel):
    items: list[AnonymousPerson]


class RemovedContact(BaseModel):
    """`code` leads to its data."""

    code: str
    name: str
    customer: str
    removed_at: Moment


class RemovedContacts(BaseModel):
    items: list[RemovedContact]


class Anonymisation(Body):
    confirmation: Text = Field(description="The person's present name or e-mail, as a person would have to type it.")


@blueprint.get("/personal-data")
@blueprint.output(RetentionRules)
@blueprint.doc(summary="What personal data are kept how long (staff)")
def retention_rules() -> RetentionRules:
    """By kind, with how many are past their days."""
    edge.require("personal.see")
    found = retention.due(edge.session(), RULES, edge.now())
    return RetentionRules(items=[RetentionRule(kind=one.kind, days=one.days, found=one.found) for one in found])


@blueprint.get("/personal-data/anonymous")
@blueprint.output(AnonymousPersons)
@blueprint.doc(summary="Who was made anonymous (admin)")
def anonymous_persons() -> AnonymousPersons:
    """The newest first; who it was isn't kept."""
    edge.require("personal.manage")
    found = personal.anonymous(edge.session())
    return AnonymousPersons(items=[AnonymousPerson(label=one.label, at=one.at, by=one.by) for one in found])


@blueprint.get("/personal-data/removed-contacts")
@blueprint.output(RemovedContacts)
@blueprint.doc(summary="Contacts that were deleted and aren't anonymous yet (admin)")
def removed_contacts() -> RemovedContacts:
    """The newest first; the night makes them anonymous in time, and anybody who manages personal data does at once."""
    edge.require("personal.manage")
    return RemovedContacts(
        items=[
            RemovedContact.model_validate(
                {"code": f"c{one.id}", "name": one.name, "customer": of, "removed_at": one.removed_at}
            )
            for one, of in personal.removed(edge.session())
        ]
    )


@blueprint.post(f"{PERSON}/export")
@blueprint.output(FileSchema(type="string", format="binary"), content_type="application/zip", description="The ZIP.")
@blueprint.doc(summary="A person's data as a ZIP of JSON and XLSX (admin)")
def export_person(code: str) -> Response:
    """`code` is u and a user's id, or c and a contact's. That it was made stands in the history."""
    edge.require("personal.manage")
    return exported(code, edge.actor())


@blueprint.post(f"{PERSON}/anonymisation")
@blueprint.input(Anonymisation)
@blueprint.output(AnonymousPerson, 201)
@blueprint.doc(summary="Make a person anonymous for good; 409 says what depends on it (admin)")
def anonymise_person(code: str, json_data: Anonymisation) -> AnonymousPerson:
    """Books stay; the history shows a label instead of the name. It can't be undone."""
    edge.require("personal.manage")
    session = edge.session()
    subject = subjects.load(session, code)
    made = personal.anonymise(session, subject, json_data.confirmation, actor=edge.actor(), now=edge.now())
    return AnonymousPerson(label=made.label, at=made.at, by=made.by)


@blueprint.post("/me/data-export")
@blueprint.output(FileSchema(type="string", format="binary"), content_type="application/zip", description="The ZIP.")
@blueprint.doc(summary="My own data as a ZIP of JSON and XLSX")
def export_me() -> Response:
    """Everything in which I occur."""
    edge.require("account.own")
    return exported(f"u{edge.actor().user_id}", edge.actor())
