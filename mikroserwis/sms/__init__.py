"""SMS through an HTTP gateway that speaks smsapi.pl's contract: what it says, what we make of it, a sandbox of it."""

from mikroserwis.sms.codes import FAILED, FINAL, UNDER_WAY, report_of
from mikroserwis.sms.gateway import Accepted, Gateway, SmsError
from mikroserwis.sms.texts import Size, number, size

# Where SMS lie, within the data folder, as long as no gateway is set.
FOLDER = "sms"

__all__ = [
    "FAILED",
    "FINAL",
    "FOLDER",
    "UNDER_WAY",
    "Accepted",
    "Gateway",
    "Size",
    "SmsError",
    "number",
    "report_of",
    "size",
]
