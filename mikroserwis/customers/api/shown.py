"""Records as the API answers them."""

from sqlalchemy.orm import Session

from mikroserwis.customers import contacts, operations, points, queries
from mikroserwis.customers.api.blueprint import (
    CustomerActOut,
    CustomerBrief,
    CustomerContactOut,
    CustomerFileOut,
    CustomerHistory,
    CustomerOwner,
    CustomerPointOut,
    CustomerRecord,
)
from mikroserwis.customers.listing import Row
from mikroserwis.customers.queries import Trail
from mikroserwis.customers.wording import act_words
from mikroserwis.models import Customer, CustomerContact, File, RetailPoint


def line(row: Row) -> CustomerBrief:
    one = row.customer
    return CustomerBrief(
        id=one.id,
        country=one.country,
        tax_id=one.tax_id,
        name=one.name,
        city=one.city,
        owner=row.owner,
        open=row.open,
        has_account=row.has_account,
    )


def customer(session: Session, of: Customer) -> CustomerRecord:
    owner = queries.owner(session, of)
    return CustomerRecord(
        id=of.id,
        **operations.texts(of),
        owner=CustomerOwner(id=owner.id, name=owner.name) if owner else None,
        contacts=[contact(one) for one in queries.contacts(session, of)],
        points=[point(one) for one in queries.points(session, of)],
        version=of.version,
    )


def contact(of: CustomerContact) -> CustomerContactOut:
    return CustomerContactOut(id=of.id, version=of.version, **contacts.texts(of))


def point(of: RetailPoint) -> CustomerPointOut:
    return CustomerPointOut(id=of.id, version=of.version, **points.texts(of))


def file(of: File, ticket: int) -> CustomerFileOut:
    return CustomerFileOut(
        id=of.id,
        ticket=ticket,
        kind=of.kind,
        name=of.name,
        version=of.version,
        size=of.size,
        uploaded_at=of.uploaded_at,
        uploaded_by=of.uploaded_by,
        replaced=of.replaced_at is not None,
        rejected=of.rejected_at is not None,
    )


def changes(trail: Trail) -> CustomerHistory:
    items = []
    for event, number in trail.events:
        said = queries.said(event)
        items.append(
            CustomerActOut(
                at=event.at,
                by=event.actor,
                act=event.verb,
                text=act_words(event.verb, said),
                ticket=number,
                point=event.point_id,
                changes={name: [str(old), str(new)] for name, (old, new) in said["changes"].items()},
            )
        )
    return CustomerHistory(items=items, older=trail.older)
