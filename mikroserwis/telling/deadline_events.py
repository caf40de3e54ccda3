"""What is told about deadlines, and about many tickets at once."""

from dataclasses import replace

from mikroserwis.i18n import lazy
from mikroserwis.telling.model import EMAIL, SMS, Event, Shipped, Variable
from mikroserwis.telling.samples import day
from mikroserwis.telling.ticket_events import ABOUT, BOTH, DEALER, HOTLINE, OFFICE

_DAY = Variable("day", lazy("The last day that is spoken of"), day(9), BOTH)
_PEOPLE = lazy("The dealer's people, or the back office's mailbox")

EVENTS = (
    Event(
        "warning",
        lazy("Deadline that is near"),
        DEALER,
        (
            *ABOUT,
            Variable(
                "headline",
                lazy("How many days are left for which ticket"),
                lazy("Ticket %(ticket)s is due tomorrow: %(company)s", ticket=115, company="PPHU SAM"),
            ),
            Variable(
                "news",
                lazy("What is owed until when, and what to do next"),
                lazy("Take it on its page; if you cannot, resign, so that another dealer can begin."),
                (EMAIL,),
            ),
            Variable("urgent", lazy("Whether it is the last warning"), sample=False, flag=True),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "{{ news }}\n\nIf you need more time, ask for it on the ticket's page, under “Deadlines”.\n\n"
                    "{{ facts }}"
                ),
                "{{ headline }}",
            ),
            SMS: Shipped(lazy("{{ headline }}. Deadline: {{ due }}. Ticket no. {{ ticket }}.")),
        },
    ),
    Event(
        "overdue",
        lazy("Deadline missed"),
        _PEOPLE,
        (
            *ABOUT,
            Variable(
                "news",
                lazy("What was missed, and whose the ticket is now"),
                lazy("It stays with you: please finish what is owed, or ask for more time."),
                (EMAIL,),
            ),
        ),
        {
            EMAIL: Shipped("{{ news }}\n\n{{ facts }}", lazy("Ticket {{ ticket }} is past its deadline")),
            SMS: Shipped(lazy("Ticket {{ ticket }} ({{ company }}) is past its deadline: {{ due }}.")),
        },
    ),
    Event(
        "extension_asked",
        lazy("More time asked for"),
        OFFICE,
        (
            *ABOUT,
            _DAY,
            Variable("who", lazy("Who asks"), "Dealer Alfa"),
            Variable("reason", lazy("Why, in the words of whoever asks"), lazy("The shop is being rebuilt."), (EMAIL,)),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "{{ who }} asks for more time.\n\nDeadline now: the end of {{ due }}\n"
                    "Asked for: the end of {{ day }}\nReason: {{ reason }}\n\n"
                    "Please grant or refuse it on the ticket's page, under “Deadlines”.\n\n{{ facts }}"
                ),
                lazy("Ticket {{ ticket }}: more time is asked for, until {{ day }}"),
            )
        },
    ),
    Event(
        "extension_granted",
        lazy("Deadline moved"),
        DEALER,
        (
            *ABOUT,
            replace(_DAY, required=(SMS,)),
            Variable(
                "news",
                lazy("What was asked for, the remark, or why the deadline was moved"),
                lazy("Remark: %(answer)s", answer="…"),
                (EMAIL,),
            ),
            Variable("answered", lazy("Whether it answers a request for more time"), sample=True, flag=True),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "{% if answered %}The back office has moved this ticket's deadline to the end of {{ day }}."
                    "{% endif %}\n\n{{ news }}\n\n{{ facts }}"
                ),
                lazy(
                    "{% if answered %}Ticket {{ ticket }}: you have time until {{ day }}"
                    "{% else %}Ticket {{ ticket }}: the deadline has been moved{% endif %}"
                ),
            ),
            SMS: Shipped(lazy("Ticket {{ ticket }} ({{ company }}): the new deadline is {{ day }}.")),
        },
    ),
    Event(
        "extension_refused",
        lazy("More time refused"),
        DEALER,
        (
            *ABOUT,
            _DAY,
            Variable("answer", lazy("The back office's answer"), lazy("The network opens that week."), (EMAIL,)),
        ),
        {
            EMAIL: Shipped(
                lazy("The back office has refused more time until {{ day }}.\n\nAnswer: {{ answer }}\n\n{{ facts }}"),
                lazy("Ticket {{ ticket }}: the deadline stays as it is"),
            ),
            SMS: Shipped(
                lazy("Ticket {{ ticket }}: more time until {{ day }} was refused. The deadline stays: {{ due }}.")
            ),
        },
    ),
    Event(
        "news",
        lazy("Several news together"),
        _PEOPLE,
        (
            Variable(
                "summary",
                lazy("How many of what, in a sentence"),
                lazy("2 tickets have gone to other dealers, 1 ticket is due soon"),
                (SMS,),
            ),
            Variable("news", lazy("All the tickets with what happened to them, in parts with headings"), "…", (EMAIL,)),
            Variable("warnings", lazy("Whether deadlines that are near are among them"), sample=True, flag=True),
            Variable("link", lazy("Address of the list of tickets"), "https://mikroserwis.example/tickets"),
            HOTLINE,
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "{{ news }}\n\n{% if warnings %}If you need more time, ask for it on the ticket's page, under "
                    "“Deadlines”.{% endif %}\n\n{{ link }}"
                ),
                "{{ summary }}",
            ),
            SMS: Shipped(lazy("{{ summary }}. Details are in Mikroserwis.")),
        },
    ),
)
