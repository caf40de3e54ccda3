"""The records, one file per aggregate."""

from mikroserwis.models.accounts import (
    AccountLink,
    ApiToken,
    CountedRequest,
    CustomerUser,
    HalfSignIn,
    RecoveryCode,
    RetiredPicture,
    SecondFactor,
    SignIn,
    User,
    UserPicture,
    UserSession,
)
from mikroserwis.models.api_clients import (
    ApiClient,
    ClientMinute,
    ClientToken,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookProgress,
)
from mikroserwis.models.bulk_acts import BulkAct, BulkLine
from mikroserwis.models.consents import Anonymised, Consent, ConsentText, HistoryMask
from mikroserwis.models.customers import Customer, CustomerContact, RetailPoint
from mikroserwis.models.dealers import Dealer, DealerAbsence, DealerArea, DealerType, VendorContact
from mikroserwis.models.deliveries import Delivery, DeliveryFile
from mikroserwis.models.extensions import DeadlineExtension
from mikroserwis.models.files import File
from mikroserwis.models.handovers import Handover
from mikroserwis.models.history import Event
from mikroserwis.models.history_seals import HistorySeal
from mikroserwis.models.imports import ImportDraft
from mikroserwis.models.jobs import JobRun
from mikroserwis.models.list_exports import ListExport
from mikroserwis.models.message_texts import MessageText
from mikroserwis.models.news import News
from mikroserwis.models.notifications import EventChannels, Notification
from mikroserwis.models.outbox import Attempt, Message, OutboxItem, Sms
from mikroserwis.models.paper_forms import PaperForm
from mikroserwis.models.prices import PriceItem, SpecialOffer
from mikroserwis.models.quotes import FinalInvoice, Quote, QuoteLine
from mikroserwis.models.saved_views import SavedView
from mikroserwis.models.submissions import Counter, Submission
from mikroserwis.models.tickets import Assignment, Note, Subticket, SubticketTenure, Ticket
from mikroserwis.models.training import Material, MaterialOpening, MaterialType

__all__ = [
    "AccountLink",
    "Anonymised",
    "ApiClient",
    "ApiToken",
    "Assignment",
    "Attempt",
    "BulkAct",
    "BulkLine",
    "ClientMinute",
    "ClientToken",
    "Consent",
    "ConsentText",
    "CountedRequest",
    "Counter",
    "Customer",
    "CustomerContact",
    "CustomerUser",
    "DeadlineExtension",
    "Dealer",
    "DealerAbsence",
    "DealerArea",
    "DealerType",
    "Delivery",
    "DeliveryFile",
    "Event",
    "EventChannels",
    "File",
    "FinalInvoice",
    "HalfSignIn",
    "Handover",
    "HistoryMask",
    "HistorySeal",
    "ImportDraft",
    "JobRun",
    "ListExport",
    "Material",
    "MaterialOpening",
    "MaterialType",
    "Message",
    "MessageText",
    "News",
    "Note",
    "Notification",
    "OutboxItem",
    "PaperForm",
    "PriceItem",
    "Quote",
    "QuoteLine",
    "RecoveryCode",
    "RetailPoint",
    "RetiredPicture",
    "SavedView",
    "SecondFactor",
    "SignIn",
    "Sms",
    "SpecialOffer",
    "Submission",
    "Subticket",
    "SubticketTenure",
    "Ticket",
    "User",
    "UserPicture",
    "UserSession",
    "VendorContact",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookProgress",
]
