"""A customer's retail points over the API."""

from mikroserwis import edge
from mikroserwis.customers import points as shops
from mikroserwis.customers import queries
from mikroserwis.customers.api import shown
from mikroserwis.customers.api.blueprint import (
    CUSTOMER,
    POINT,
    CustomerPartVersion,
    CustomerPointChange,
    CustomerPointOut,
    CustomerPoints,
    NewCustomerPoint,
    blueprint,
)
from mikroserwis.customers.api.customers import load


@blueprint.get(f"{CUSTOMER}/points")
@blueprint.output(CustomerPoints)
@blueprint.doc(summary="The customer's retail points (staff; a seller's own)")
def customer_points(customer_id: int) -> CustomerPoints:
    """By number."""
    found = queries.points(edge.session(), load(customer_id, "customers.see"))
    return CustomerPoints(items=[shown.point(one) for one in found])


@blueprint.post(f"{CUSTOMER}/points")
@blueprint.input(NewCustomerPoint)
@blueprint.output(CustomerPointOut, 201)
@blueprint.doc(summary="Add a retail point (staff; a seller's own)")
def add_customer_point(customer_id: int, json_data: NewCustomerPoint) -> CustomerPointOut:
    """With the next free number, unless staff name one."""
    found, values = load(customer_id, "customers.edit"), json_data.values()
    return shown.point(shops.add_point(edge.session(), found, values, actor=edge.actor(), now=edge.now()))


@blueprint.put(POINT)
@blueprint.input(CustomerPointChange)
@blueprint.output(CustomerPointOut)
@blueprint.doc(summary="Change a retail point; 409 names what somebody else changed meanwhile (staff; a seller's own)")
def change_customer_point(customer_id: int, point_id: int, json_data: CustomerPointChange) -> CustomerPointOut:
    """A dealer at work there still has to save it: see PUT /points/{point_id}."""
    session, found = edge.session(), load(customer_id, "customers.edit")
    shop, values, version = queries.point_of(session, found, point_id), json_data.values(), json_data.version
    shops.change_point(session, found, shop, values, version=version, actor=edge.actor(), now=edge.now())
    return shown.point(shop)


@blueprint.delete(POINT)
@blueprint.input(CustomerPartVersion, location="query")
@blueprint.output({}, 204)
@blueprint.doc(summary="Delete a retail point where no ticket ever worked (master)")
def delete_customer_point(customer_id: int, point_id: int, query_data: CustomerPartVersion) -> tuple[str, int]:
    """409 if one did, or if it was changed since it was read."""
    session, found = edge.session(), load(customer_id, "customers.delete")
    shop, version = queries.point_of(session, found, point_id), query_data.version
    shops.delete_point(session, found, shop, version=version, actor=edge.actor(), now=edge.now())
    return "", 204
