"""The vendors' contacts over the API, for staff."""

from mikroserwis import edge
from mikroserwis.dealers import contacts as records
from mikroserwis.dealers.api import shown
from mikroserwis.dealers.api.blueprint import (
    Changes,
    ContactChange,
    Contacts,
    ContactVersion,
    VendorContactOut,
    blueprint,
)
from mikroserwis.models import VendorContact

CONTACT = f"/vendor-contacts/<int(max={2**31 - 1}):contact_id>"


@blueprint.get("/vendor-contacts")
@blueprint.output(Contacts)
@blueprint.doc(summary="The vendors' people by type, role and area (staff)")
def vendor_contacts() -> Contacts:
    """A sub-ticket shows those with the longest area that fits its shop."""
    return Contacts(items=[shown.contact(one) for one in records.every(edge.session(), edge.actor())])


@blueprint.post("/vendor-contacts")
@blueprint.input(ContactChange)
@blueprint.output(VendorContactOut, 201)
@blueprint.doc(summary="Add a contact (staff)")
def add_vendor_contact(json_data: ContactChange) -> VendorContactOut:
    """One for each type, role and area."""
    edge.require("dealers.edit")
    made = records.add_contact(edge.session(), json_data.values(), actor=edge.actor(), now=edge.now())
    return shown.contact(made)


@blueprint.get(CONTACT)
@blueprint.output(VendorContactOut)
@blueprint.doc(summary="A contact (staff)")
def vendor_contact(contact_id: int) -> VendorContactOut:
    """With the version to send back."""
    return shown.contact(_load(contact_id, "dealers.see"))


@blueprint.put(CONTACT)
@blueprint.input(ContactChange)
@blueprint.output(VendorContactOut)
@blueprint.doc(summary="Change a contact; 409 names what somebody else changed meanwhile (staff)")
def change_vendor_contact(contact_id: int, json_data: ContactChange) -> VendorContactOut:
    """Fields that are left out stay as they are."""
    found, version, values = _load(contact_id, "dealers.edit"), json_data.version, json_data.values()
    records.change_contact(edge.session(), found, values, version=version, actor=edge.actor(), now=edge.now())
    return shown.contact(found)


@blueprint.delete(CONTACT)
@blueprint.input(ContactVersion, location="query")
@blueprint.output({}, 204)
@blueprint.doc(summary="Delete a contact; 409 if it was changed since it was read (master)")
def delete_vendor_contact(contact_id: int, query_data: ContactVersion) -> tuple[str, int]:
    """Its area falls to the contact with the next shorter one, if there is one."""
    found, version = _load(contact_id, "dealers.delete"), query_data.version
    records.delete_contact(edge.session(), found, version=version, actor=edge.actor(), now=edge.now())
    return "", 204


@blueprint.get(f"{CONTACT}/history")
@blueprint.output(Changes)
@blueprint.doc(summary="The last changes of a contact, the newest first (staff)")
def vendor_contact_history(contact_id: int) -> Changes:
    """With old and new values."""
    return shown.changes(records.changes_of(edge.session(), _load(contact_id, "dealers.see")))


def _load(contact_id: int, permission: str) -> VendorContact:
    return records.load(edge.session(), edge.actor(), contact_id, permission)
