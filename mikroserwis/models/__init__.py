"""The records, one file per aggregate."""

from mikroserwis.models.accounts import ApiToken, SignIn, User, UserSession
from mikroserwis.models.customers import Customer, RetailPoint
from mikroserwis.models.dealers import Dealer, DealerArea, DealerType, VendorContact
from mikroserwis.models.deliveries import Delivery, DeliveryFile
from mikroserwis.models.files import File
from mikroserwis.models.history import Event
from mikroserwis.models.jobs import JobRun
from mikroserwis.models.outbox import Attempt, Message, OutboxItem
from mikroserwis.models.submissions import Counter, Submission
from mikroserwis.models.tickets import Assignment, Note, Subticket, SubticketTenure, Ticket

__all__ = [
    "ApiToken",
    "Assignment",
    "Attempt",
    "Counter",
    "Customer",
    "Dealer",
    "DealerArea",
    "DealerType",
    "Delivery",
    "DeliveryFile",
    "Event",
    "File",
    "JobRun",
    "Message",
    "Note",
    "OutboxItem",
    "RetailPoint",
    "SignIn",
    "Submission",
    "Subticket",
    "SubticketTenure",
    "Ticket",
    "User",
    "UserSession",
    "VendorContact",
]
