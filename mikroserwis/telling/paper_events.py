"""What is told about papers and deliveries, and what is printed on papers."""

from mikroserwis.i18n import lazy
from mikroserwis.telling.model import EMAIL, PDF, SMS, Event, Shipped, Variable
from mikroserwis.telling.samples import day
from mikroserwis.telling.ticket_events import ABOUT, COMPANY, DEALER, HOTLINE, NUMBER, OFFICE

EVENTS = (
    Event(
        "invoice_missing",
        lazy("Only the final invoice is missing"),
        DEALER,
        (
            *ABOUT,
            Variable(
                "missing",
                lazy("Which invoice is missing, and the sum that it has to show"),
                lazy("The final invoice is missing."),
                (EMAIL,),
            ),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "Every retail point is done. The ticket closes as soon as the final invoice is added.\n\n"
                    "{{ missing }}\n\n{{ facts }}"
                ),
                lazy("Ticket {{ ticket }}: the final invoice is missing"),
            ),
            SMS: Shipped(lazy("Ticket {{ ticket }} ({{ company }}): only the final invoice is missing.")),
        },
    ),
    Event(
        "scan_rejected",
        lazy("Scan rejected"),
        lazy("The dealer's people; the back office's mailbox if the ticket is no longer theirs"),
        (
            *ABOUT,
            Variable("kind", lazy("Kind of the paper"), lazy("Contract"), (SMS,)),
            Variable("file", lazy("Name of the file"), "umowa-115.pdf"),
            Variable("reason", lazy("Why it was rejected"), lazy("The signature is missing."), (EMAIL,)),
            Variable("own", lazy("Whether the ticket is still the dealer's"), sample=True, flag=True),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "The backoffice rejected “{{ file }}”. Reason: {{ reason }}\n\n"
                    "{% if own %}Please upload a new scan.{% else %}It is a paper of a dealer who no longer has the "
                    "ticket: no dealer was told.{% endif %}\n\n{{ facts }}"
                ),
                lazy("Ticket {{ ticket }}: {{ kind }} was rejected"),
            ),
            SMS: Shipped(lazy("Ticket {{ ticket }}: {{ kind }} was rejected. {{ reason }} Please upload a new scan.")),
        },
    ),
    Event(
        "delivery_stuck",
        lazy("Delivery stuck"),
        OFFICE,
        (
            *ABOUT,
            Variable("package", lazy("Number of the delivery"), "115-2"),
            Variable("error", lazy("What the other side answered"), "503 Service Unavailable", (EMAIL,)),
        ),
        {
            EMAIL: Shipped(
                lazy("The backoffice could not be reached or refused: {{ error }}\n\n{{ facts }}"),
                lazy("Delivery {{ package }} is stuck"),
            )
        },
    ),
    Event(
        "quote_remark",
        lazy("Remark on a quote"),
        lazy("The retailer, on the quote that the dealer prints; quotes that were issued keep theirs"),
        (
            NUMBER,
            *COMPANY,
            Variable("dealer", lazy("Name of the dealer"), "Dealer Alfa"),
            Variable("valid_until", lazy("Last day on which a quote made today usually holds"), day(30)),
            HOTLINE,
        ),
        {PDF: Shipped("")},
    ),
)
