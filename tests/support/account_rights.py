"""Who may open which page of accounts."""

from tests.support.cast import PEOPLE

STAFF = {"operator", "admin", "master"}
EVERYBODY = set(PEOPLE)
# Names of pages that need nobody signed in.
PUBLIC = {
    *("sign_in", "enter", "code", "enter_code", "choose_language", "health", "static"),
    *("forgotten", "ask", "choose", "set_password"),
}
PAGES: dict[tuple[str, str], set[str]] = {
    ("account.show", ""): EVERYBODY,
    ("account.end", ""): set(),
    ("account.end_all", ""): EVERYBODY,
    **{(f"account.{page}", ""): EVERYBODY for page in ("save", "change_password")},
    # The account of somebody at the office; who changes a dealer's or a customer's: tests/accounts.
    **{(f"people.{page}", ""): STAFF for page in ("index", "show")},
    **{(f"people.{page}", ""): {"master"} for page in ("new", "create", "edit", "save", "link")},
    **{(f"people.{page}", ""): {"master"} for page in ("end_sessions", "remove", "reset_factor")},
    ("people.switch", "deactivation"): {"master"},
    ("accounts.leave", ""): EVERYBODY,
    **{(f"second_factor.{page}", ""): EVERYBODY for page in ("show", "begin", "confirm", "codes", "codes_text")},
    **{(f"second_factor.{act}", ""): EVERYBODY for act in ("renew", "put_away", "end")},
}
