"""What is told about tickets."""

from mikroserwis.i18n import gettext as _
from mikroserwis.i18n import lazy, ngettext
from mikroserwis.telling import facts
from mikroserwis.telling.model import EMAIL, SMS, Event, Shipped, Variable
from mikroserwis.telling.samples import computed, day

DEALER = lazy("The dealer's people")
OFFICE = lazy("The back office's mailbox")
_MANAGER = lazy("The company's account manager")
BOTH = (EMAIL, SMS)

NUMBER = Variable("ticket", lazy("Number of the ticket"), "115", required=(SMS,))
_NUMBER_TOO = Variable("ticket", lazy("Number of the ticket"), "115", required=BOTH)
COMPANY = (
    Variable("company", lazy("Name of the company"), "PPHU SAM"),
    Variable("city", lazy("Town of the company"), "Sieciechów"),
)
HOTLINE = Variable("hotline", lazy("Number of the hotline"), "22 123 84 09")
_FACTS = Variable("facts", lazy("Ticket, company, deadline and link, line by line"), computed(facts.sample), (EMAIL,))
_SEEN = (
    Variable("due", lazy("Last day of the present deadline; empty where the clock stands"), day(4)),
    Variable("link", lazy("Address of the ticket's page"), "https://mikroserwis.example/tickets/115"),
)
# Of a ticket that the reader may open.
ABOUT = (NUMBER, *COMPANY, *_SEEN, _FACTS, HOTLINE)


def _news(meaning: object, sample: object, *, required: bool = True) -> Variable:
    return Variable("news", meaning, sample, (EMAIL,) if required else ())


def _owed() -> str:
    left = ngettext("in %(n)s day", "in %(n)s days", 4)
    return _("It is to be taken by the end of %(day)s (%(left)s).", day=day(4), left=left)


_WHO = Variable("who", lazy("Who did it"), "Olga Operatorska")
_REASON = lazy("Reason: %(reason)s", reason="…")
_NOTE = Variable("note", lazy("What was written about it"), lazy("The retailer hesitates."), (EMAIL,))
_UNTOLD = Variable("untold", lazy("A warning where the company names no account manager, else empty"), "")
_SUSPENDED = lazy(
    "Ticket {{ ticket }} has been suspended by {{ who }}.\n\nNote: {{ note }}\n\n{{ facts }}\n\n{{ untold }}"
)

EVENTS = (
    Event(
        "offered",
        lazy("New ticket"),
        DEALER,
        (
            *ABOUT,
            _news(lazy("What is owed, and why it came to this dealer"), computed(_owed)),
            Variable("new", lazy("Whether it is new, and not come back"), sample=True, flag=True),
        ),
        {
            EMAIL: Shipped(
                lazy("{% if new %}You have a new installation ticket.{% endif %}\n\n{{ news }}\n\n{{ facts }}"),
                lazy(
                    "{% if new %}New ticket {{ ticket }}: {{ company }}"
                    "{% else %}Ticket {{ ticket }} is yours again: {{ company }}{% endif %}"
                ),
            ),
            SMS: Shipped(
                lazy(
                    "{% if new %}New ticket {{ ticket }}{% else %}Ticket {{ ticket }} is yours again{% endif %}: "
                    "{{ company }}, {{ city }}.{% if due %} To be taken by {{ due }}.{% endif %}"
                )
            ),
        },
    ),
    Event(
        "taken_away",
        lazy("Ticket taken away"),
        DEALER,
        (
            _NUMBER_TOO,
            *COMPANY,
            HOTLINE,
            _news(lazy("What was missed, and the reason"), _REASON),
            Variable(
                "lost", lazy("Whether another dealer has it; not, where it has gone back"), sample=True, flag=True
            ),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "{% if lost %}The ticket has been given to another dealer.{% endif %}\n\n{{ news }}\n\n"
                    "{{ ticket }}: {{ company }}, {{ city }}"
                ),
                lazy("Ticket {{ ticket }} is no longer yours"),
            ),
            SMS: Shipped(lazy("Ticket {{ ticket }} ({{ company }}, {{ city }}) is no longer yours.")),
        },
    ),
    Event(
        "to_pool",
        lazy("Ticket in the open pool"),
        OFFICE,
        (*ABOUT, _news(lazy("Whose it was, what was missed, and why nobody got it"), _REASON)),
        {
            EMAIL: Shipped(
                lazy("No dealer is eligible. Any certified dealer may take it.\n\n{{ news }}\n\n{{ facts }}"),
                lazy("Ticket {{ ticket }} lies in the open pool"),
            )
        },
    ),
    Event(
        "moved",
        lazy("Gone to another dealer"),
        OFFICE,
        (*ABOUT, _news(lazy("From whom to whom, what was missed, and why this dealer"), _REASON)),
        {EMAIL: Shipped("{{ news }}\n\n{{ facts }}", lazy("Ticket {{ ticket }} has gone to another dealer"))},
    ),
    Event(
        "subticket_offered",
        lazy("New sub-ticket"),
        lazy("The dealer's people; the back office's mailbox where nobody was eligible"),
        (
            *ABOUT,
            Variable("point", lazy("Name of the retail point"), "SAM, Rynek 12"),
            Variable("yours", lazy("Whether a dealer has it"), sample=True, flag=True),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "{% if yours %}This retail point is yours now."
                    "{% else %}No dealer is eligible; any certified dealer may take it.{% endif %}\n\n{{ facts }}"
                ),
                lazy("Sub-ticket of ticket {{ ticket }}: {{ point }}"),
            ),
            SMS: Shipped(lazy("Ticket {{ ticket }}: the retail point {{ point }} ({{ city }}) is yours now.")),
        },
    ),
    Event(
        "quote",
        lazy("Quote of a suspended ticket"),
        OFFICE,
        (*ABOUT, _WHO, _NOTE, _UNTOLD),
        {EMAIL: Shipped(_SUSPENDED, lazy("Quote"))},
        prescribed=True,
    ),
    Event(
        "suspended",
        lazy("Ticket suspended"),
        lazy("The company's account manager; the back office's mailbox where there is none"),
        (*ABOUT, _WHO, _NOTE, _UNTOLD),
        {EMAIL: Shipped(_SUSPENDED, lazy("Ticket {{ ticket }} is suspended"))},
    ),
    Event(
        "closed",
        lazy("Ticket closed"),
        _MANAGER,
        (NUMBER, *COMPANY, *_SEEN[1:], HOTLINE),
        {
            EMAIL: Shipped(
                lazy("Every shop of the ticket talks to M/platform; the ticket has closed."),
                lazy("Installation finished"),
            )
        },
    ),
)
