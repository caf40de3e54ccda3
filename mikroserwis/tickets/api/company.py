"""The company and its shops."""

from mikroserwis import access, edge
from mikroserwis.tickets.api import inputs, outputs, shown
from mikroserwis.tickets.api.base import COMPANY, POINT, TICKET, blueprint, load
from mikroserwis.tickets.operations.company import confirm_company, save_company, save_point


@blueprint.get(f"{TICKET}/company")
@blueprint.output(outputs.CompanyOut)
@blueprint.doc(summary="The company's data", tags=COMPANY)
def company(number: int) -> outputs.CompanyOut:
    """With the version to send back, and what is missing for its confirmation."""
    return shown.company(load(number, "company.see"))


@blueprint.put(f"{TICKET}/company")
@blueprint.input(inputs.CompanyChange)
@blueprint.output(outputs.CompanyOut)
@blueprint.doc(summary="Change the company's data; 409 names what somebody else changed meanwhile", tags=COMPANY)
def change_company(number: int, json_data: inputs.CompanyChange) -> outputs.CompanyOut:
    """Fields that are left out stay as they are."""
    ticket = load(number, "company.edit")
    save_company(
        edge.session(),
        ticket,
        json_data.values(),
        version=json_data.version,
        actor=edge.actor(),
        now=edge.now(),
    )
    return shown.company(ticket)


@blueprint.post(f"{TICKET}/company/confirmation")
@blueprint.output(outputs.CompanyOut)
@blueprint.doc(summary="Confirm the data: contract and power of attorney can be made", tags=COMPANY)
def confirm(number: int) -> outputs.CompanyOut:
    """Until the data changes again."""
    ticket = load(number, "company.edit")
    confirm_company(edge.session(), ticket, actor=edge.actor(), now=edge.now())
    edge.session().flush()
    return shown.company(ticket)


@blueprint.get(POINT)
@blueprint.output(outputs.PointOut)
@blueprint.doc(summary="A retail point; its id is what the dealer enters into the stations", tags=COMPANY)
def point(point_id: int) -> outputs.PointOut:
    """Through a sub-ticket in work, else an open one, else the newest that the asker may see."""
    return shown.point(access.point(edge.session(), edge.actor(), point_id, "point.see")[1])


@blueprint.put(POINT)
@blueprint.input(inputs.PointChange)
@blueprint.output(outputs.PointOut)
@blueprint.doc(summary="Check and save a retail point; without it the sub-ticket can't be closed", tags=COMPANY)
def change_point(point_id: int, json_data: inputs.PointChange) -> outputs.PointOut:
    """Fields that are left out stay as they are; an empty object says that everything is right."""
    session, actor = edge.session(), edge.actor()
    _point, subticket = access.point(session, actor, point_id, "point.edit")
    values, version = json_data.values(), json_data.version
    save_point(session, subticket, values, version=version, actor=actor, now=edge.now())
    return shown.point(subticket)
