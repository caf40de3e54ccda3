"""Who may do what to a customer, page and API: staff all of it, a seller what is its own, the rest nothing at all."""

STAFF = {"operator", "admin", "master"}
OWNERS = STAFF | {"seller"}
SELLERS = OWNERS | {"rival"}
# What nobody owns yet: who may not is told so.
OF_NONE = dict.fromkeys(("customers", "add_customer"), SELLERS)
# Operations of the API on one customer; for whoever doesn't see it, it isn't there.
OF_THE_CUSTOMER = {
    **dict.fromkeys(("customer", "change_customer", "customer_contacts", "customer_points"), OWNERS),
    **dict.fromkeys(("customer_tickets", "customer_documents", "customer_files", "customer_history"), OWNERS),
    **dict.fromkeys(("add_customer_contact", "change_customer_contact", "delete_customer_contact"), OWNERS),
    **dict.fromkeys(("add_customer_point", "change_customer_point"), OWNERS),
    **dict.fromkeys(("customer_consents", "record_customer_consent"), OWNERS),
    "change_customer_owner": STAFF,
    **{name: {"master"} for name in ("delete_customer", "delete_customer_point")},
}
# No seller has the number 0: refused for what it says.
BODIES = {
    **{name: {} for name in OF_THE_CUSTOMER if name.startswith(("add_", "change_"))},
    "add_customer": {},
    "change_customer_owner": {"owner_id": 0},
}
PAGES = {
    **{(f"customers.{page}", ""): SELLERS for page in ("index", "sheet", "new", "create")},
    **{(f"customers.{page}", ""): OWNERS for page in ("show", "edit", "save")},
    **{(f"customers.{page}", ""): OWNERS for page in ("new_contact", "create_contact", "contact", "save_contact")},
    **{(f"customers.{page}", ""): OWNERS for page in ("new_point", "create_point", "point", "save_point")},
    ("customers.remove_contact", ""): OWNERS,
    ("customers.set_owner", ""): STAFF,
    **{(f"customers.{page}", ""): {"master"} for page in ("remove", "remove_point")},
}
