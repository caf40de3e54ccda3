"""The gateway's numbers and names (smsapi.pl: lists of errors and of delivery statuses) as what follows from them."""

# Error 53: an SMS with our idx was taken before, by an attempt whose answer was lost.
TAKEN_BEFORE = 53
# Nothing that anybody could mend in account or network would make this number take this text.
PERMANENT = {
    11: "bad_text",
    12: "bad_text",
    13: "bad_number",
    17: "bad_text",
    27: "contract_broken",
    54: "contract_broken",
    56: "contract_broken",
    57: "bad_number",
    59: "bad_number",
    76: "bad_text",
    94: "bad_text",
}
# Account and settings: staff mend them while attempts go on.
OURS = {
    14: "sender_refused",
    70: "callback_refused",
    98: "account_restricted",
    101: "unauthorised",
    102: "unauthorised",
    103: "no_points",
    105: "unauthorised",
    110: "account_restricted",
    112: "account_restricted",
    401: "unauthorised",
    997: "no_encryption",
    1000: "account_restricted",
}
BUSY = frozenset({52, 202, 203})

UNDER_WAY, DELIVERED, UNKNOWN = "under_way", "delivered", "unknown"
FAILED = frozenset({"undelivered", "expired", "failed", "rejected", "stopped"})
# After one of these nothing more is heard.
FINAL = FAILED | {DELIVERED}
_NAMES = {
    "NOT_FOUND": UNKNOWN,
    "EXPIRED": "expired",
    "SENT": UNDER_WAY,
    "DELIVERED": DELIVERED,
    "UNDELIVERED": "undelivered",
    "FAILED": "failed",
    "REJECTED": "rejected",
    "UNKNOWN": UNKNOWN,
    "QUEUE": UNDER_WAY,
    "ACCEPTED": UNDER_WAY,
    "RENEWAL": UNDER_WAY,
    "STOP": "stopped",
}
# The numbers of the same, from 401 on.
NUMBERS = {str(number): name for number, name in enumerate(_NAMES, start=401)}


def report_of(status: object) -> str | None:
    """What a status says, given as the gateway's number or name; None for one that we don't know."""
    text = str(status).strip().upper()
    return _NAMES.get(NUMBERS.get(text, text))


def failure(error: int) -> tuple[str, bool]:
    """Our code for the gateway's error, and whether it is permanent. One that we don't know may pass."""
    if error in PERMANENT:
        return PERMANENT[error], True
    if error in BUSY:
        return "busy", False
    return OURS.get(error, "refused"), False
