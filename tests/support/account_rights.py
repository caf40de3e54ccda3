"""Who may do what to accounts, page and API; who changes a dealer's or a customer's people: tests/accounts."""

from mikroserwis.edge import Parts
from tests.support.cast import PEOPLE
from tests.support.records import a_picture, an_account

STAFF = {"operator", "admin", "master"}
EVERYBODY = set(PEOPLE)
# Names of pages that need nobody signed in.
PUBLIC = {
    *("sign_in", "enter", "code", "enter_code", "choose_language", "health", "static"),
    *("forgotten", "ask", "choose", "set_password", "unsubscribe", "of_link", "sms_report"),
}
PAGES: dict[tuple[str, str], set[str]] = {
    ("account.show", ""): EVERYBODY,
    ("account.end", ""): set(),
    ("strength.of_own", ""): EVERYBODY,
    ("account.end_all", ""): EVERYBODY,
    **{(f"account.{page}", ""): EVERYBODY for page in ("save", "change_password", "set_picture", "remove_picture")},
    **{(f"people.{page}", ""): STAFF for page in ("index", "show", "picture")},
    **{(f"people.{page}", ""): {"master"} for page in ("new", "create", "edit", "save", "link")},
    **{(f"people.{page}", ""): {"master"} for page in ("end_sessions", "remove", "reset_factor")},
    ("people.switch", "deactivation"): {"master"},
    ("accounts.leave", ""): EVERYBODY,
    **{(f"second_factor.{page}", ""): EVERYBODY for page in ("show", "begin", "confirm", "codes", "codes_text")},
    **{(f"second_factor.{act}", ""): EVERYBODY for act in ("renew", "put_away", "end")},
}
MASTER = {"master"}
# Operations of the API, on the account of somebody at the office.
OPERATIONS = {
    **dict.fromkeys(("me", "change_me", "set_my_picture", "remove_my_picture"), EVERYBODY),
    **dict.fromkeys(("accounts", "account", "account_picture", "sign_ins"), STAFF),
    **dict.fromkeys(("add_account", "change_account", "send_link", "activate_account"), MASTER),
    **dict.fromkeys(("deactivate_account", "end_sessions", "remove_account", "reset_second_factor"), MASTER),
}
BODIES: dict[str, dict[str, object]] = {name: {} for name in ("change_me", "add_account", "change_account")}


def ids(parts: Parts) -> dict[str, int]:
    """Whose account is acted on, and whose picture is looked at."""
    return {"user_id": an_account(parts, "master"), "owner_id": a_picture(parts)}
