"""A customer's people over the API."""

from mikroserwis import edge
from mikroserwis.customers import contacts as people
from mikroserwis.customers import queries
from mikroserwis.customers.api import shown
from mikroserwis.customers.api.blueprint import (
    CONTACT,
    CUSTOMER,
    CustomerContactChange,
    CustomerContactOut,
    CustomerContacts,
    CustomerPartVersion,
    blueprint,
)
from mikroserwis.customers.api.customers import load


@blueprint.get(f"{CUSTOMER}/contacts")
@blueprint.output(CustomerContacts)
@blueprint.doc(summary="The customer's people (staff; a seller's own)")
def customer_contacts(customer_id: int) -> CustomerContacts:
    """By name."""
    found = queries.contacts(edge.session(), load(customer_id, "customers.see"))
    return CustomerContacts(items=[shown.contact(one) for one in found])


@blueprint.post(f"{CUSTOMER}/contacts")
@blueprint.input(CustomerContactChange)
@blueprint.output(CustomerContactOut, 201)
@blueprint.doc(summary="Add one of the customer's people (staff; a seller's own)")
def add_customer_contact(customer_id: int, json_data: CustomerContactChange) -> CustomerContactOut:
    """Phones without a country are of the customer's."""
    found, values = load(customer_id, "customers.edit"), json_data.values()
    return shown.contact(people.add_contact(edge.session(), found, values, actor=edge.actor(), now=edge.now()))


@blueprint.put(CONTACT)
@blueprint.input(CustomerContactChange)
@blueprint.output(CustomerContactOut)
@blueprint.doc(summary="Change one of them; 409 names what somebody else changed meanwhile (staff; a seller's own)")
def change_customer_contact(customer_id: int, contact_id: int, json_data: CustomerContactChange) -> CustomerContactOut:
    """Fields that are left out stay as they are."""
    session, found = edge.session(), load(customer_id, "customers.edit")
    person, values, version = queries.contact_of(session, found, contact_id), json_data.values(), json_data.version
    people.change_contact(session, found, person, values, version=version, actor=edge.actor(), now=edge.now())
    return shown.contact(person)


@blueprint.delete(CONTACT)
@blueprint.input(CustomerPartVersion, location="query")
@blueprint.output({}, 204)
@blueprint.doc(summary="Remove one of them; 409 if it was changed since it was read (staff; a seller's own)")
def delete_customer_contact(customer_id: int, contact_id: int, query_data: CustomerPartVersion) -> tuple[str, int]:
    """The history keeps who it was."""
    session, found = edge.session(), load(customer_id, "customers.edit")
    person, version = queries.contact_of(session, found, contact_id), query_data.version
    people.delete_contact(session, found, person, version=version, actor=edge.actor(), now=edge.now())
    return "", 204
