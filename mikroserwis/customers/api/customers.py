"""Customers over the API, for staff and for the sellers who own them."""

from flask import request

from mikroserwis import access, edge
from mikroserwis.customers import listing, operations
from mikroserwis.customers.api import shown
from mikroserwis.customers.api.blueprint import (
    CUSTOMER,
    CustomerChange,
    CustomerList,
    CustomerOwnerChange,
    CustomerRecord,
    CustomersQuery,
    NewCustomer,
    blueprint,
)
from mikroserwis.models import Customer


@blueprint.get("/customers")
@blueprint.input(CustomersQuery, location="query")
@blueprint.output(CustomerList)
@blueprint.doc(summary="The customers: filtered, searched, sorted, by pages (staff; a seller's own)")
def customers(query_data: CustomersQuery) -> CustomerList:  # noqa: ARG001 - documents what `read` reads
    """Sellers find those that they own."""
    edge.require("customers.see")
    page = listing.fetch(edge.session(), edge.actor(), listing.read(request.args))
    items = [shown.line(row) for row in page.rows]
    return CustomerList(items=items, total=page.total, page=page.page, pages=page.pages, size=page.size)


@blueprint.post("/customers")
@blueprint.input(NewCustomer)
@blueprint.output(CustomerRecord, 201)
@blueprint.doc(summary="Add a customer (staff, seller)")
def add_customer(json_data: NewCustomer) -> CustomerRecord:
    """422 names who has the tax id already, if the asker may know."""
    edge.require("customers.edit")
    made = operations.add_customer(edge.session(), json_data.values(), actor=edge.actor(), now=edge.now())
    return shown.customer(edge.session(), made)


@blueprint.get(CUSTOMER)
@blueprint.output(CustomerRecord)
@blueprint.doc(summary="A customer with its people and retail points (staff; a seller's own)")
def customer(customer_id: int) -> CustomerRecord:
    """With the version to send back."""
    return shown.customer(edge.session(), load(customer_id, "customers.see"))


@blueprint.put(CUSTOMER)
@blueprint.input(CustomerChange)
@blueprint.output(CustomerRecord)
@blueprint.doc(summary="Change a customer; 409 names what somebody else changed meanwhile (staff; a seller's own)")
def change_customer(customer_id: int, json_data: CustomerChange) -> CustomerRecord:
    """Fields that are left out stay; what was confirmed under its tickets has to be confirmed anew."""
    found, version, values = load(customer_id, "customers.edit"), json_data.version, json_data.values()
    operations.change_customer(edge.session(), found, values, version=version, actor=edge.actor(), now=edge.now())
    return shown.customer(edge.session(), found)


@blueprint.put(f"{CUSTOMER}/owner")
@blueprint.input(CustomerOwnerChange)
@blueprint.output(CustomerRecord)
@blueprint.doc(summary="Give a customer to a seller, or to nobody (staff)")
def change_customer_owner(customer_id: int, json_data: CustomerOwnerChange) -> CustomerRecord:
    """That seller alone sees it then, beside staff."""
    found, owner = load(customer_id, "customers.assign"), json_data.owner_id
    owner_id = "" if owner is None else str(owner)
    operations.set_owner(edge.session(), found, owner_id, was=None, actor=edge.actor(), now=edge.now())
    return shown.customer(edge.session(), found)


@blueprint.delete(CUSTOMER)
@blueprint.output({}, 204)
@blueprint.doc(summary="Delete a customer that nothing refers to (master)")
def delete_customer(customer_id: int) -> tuple[str, int]:
    """409 says what refers to it. Its people and retail points go with it."""
    found = load(customer_id, "customers.delete")
    operations.delete_customer(edge.session(), found, actor=edge.actor(), now=edge.now())
    return "", 204


def load(customer_id: int, permission: str) -> Customer:
    return access.customer(edge.session(), edge.actor(), customer_id, permission)
