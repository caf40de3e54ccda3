"""Who may do what about consents and personal data, page and API; a customer's consents are its owners' to record."""

from tests.support.cast import PEOPLE
from tests.support.customer_rights import OWNERS

STAFF = {"operator", "admin", "master"}
ADMIN = {"admin", "master"}
EVERYBODY = set(PEOPLE)
PAGES: dict[tuple[str, str], set[str]] = {
    ("customers.record_consent", ""): OWNERS,
    ("consents.decide_own", ""): EVERYBODY,
    ("consents.texts", ""): STAFF,
    ("consents.publish", ""): ADMIN,
    ("personal.index", ""): STAFF,
    **{(f"personal.{page}", ""): ADMIN for page in ("person", "export", "anonymise")},
    ("personal.export_own", ""): EVERYBODY,
}
# Operations of the API on no record, or on one's own.
OPERATIONS = {
    **dict.fromkeys(("my_consents", "decide_my_consent"), EVERYBODY),
    "consent_texts": STAFF,
    "publish_consent_text": ADMIN,
    "retention_rules": STAFF,
    **dict.fromkeys(("anonymous_persons", "removed_contacts", "export_person", "anonymise_person"), ADMIN),
    "export_me": EVERYBODY,
}
BODIES: dict[str, dict[str, object]] = {
    "anonymise_person": {"confirmation": "nobody"},
    "decide_my_consent": {"kind": "sms", "given": True},
    "record_customer_consent": {"kind": "sms", "given": True, "person": "c0"},
    "publish_consent_text": {"kind": "sms", "language": "pl", "text": "x", "version": 0},
}
