"""How an SMS stands, in words: an SMS and a mail are spoken of differently in most languages."""

from collections.abc import Mapping
from typing import Any

from mikroserwis.i18n import lazy

# Where no moment is to be said.
STATES: Mapping[str, Any] = {
    "queued": lazy("SMS waiting to be sent"),
    "sending": lazy("SMS being sent now"),
    "rejected": lazy("SMS refused, waits for a person"),
}
REPORTS: Mapping[str, Any] = {
    "under_way": lazy("on its way to the phone"),
    "delivered": lazy("the phone has it"),
    "undelivered": lazy("no phone got it"),
    "expired": lazy("the phone was off for too long"),
    "failed": lazy("the operator could not send it"),
    "rejected": lazy("the operator refused it"),
    "stopped": lazy("stopped at the gateway"),
    "unknown": lazy("the operator doesn't say"),
}
OUTCOMES: Mapping[str | None, Any] = {
    "delivered": lazy("the gateway took it"),
    "bad_number": lazy("the gateway knows no such number"),
    "bad_text": lazy("the gateway refused the text"),
    "sender_refused": lazy("the gateway doesn't know our sender's name"),
    "callback_refused": lazy("the gateway doesn't accept our address for reports"),
    "account_restricted": lazy("our account at the gateway may not do that"),
    "no_points": lazy("our account at the gateway is empty"),
    "unauthorised": lazy("the gateway does not accept our token"),
    "no_encryption": lazy("the gateway wants https"),
    "busy": lazy("the gateway is busy"),
    "server_error": lazy("the gateway is out of order"),
    "bad_answer": lazy("the gateway's answer made no sense"),
    "unreachable": lazy("the gateway could not be reached"),
    "timeout": lazy("the gateway did not answer in time"),
    "refused": lazy("the gateway refused the SMS"),
}
