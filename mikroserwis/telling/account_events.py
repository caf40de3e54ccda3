"""What is told about accounts, and to the office about the service itself."""

from dataclasses import replace

from mikroserwis.i18n import lazy, ngettext
from mikroserwis.telling.model import EMAIL, SMS, Event, Shipped, Variable
from mikroserwis.telling.samples import computed
from mikroserwis.telling.ticket_events import BOTH, HOTLINE, OFFICE

PERSON = lazy("The person whose account it is")
_NAME = Variable("name", lazy("Name of the person"), "Łukasz Gąska")
_EMAIL = Variable("email", lazy("Address of the account"), "lukasz@dealer.example")
_AT = Variable("at", lazy("When it happened"), "30.11.2026, 12:05")
_UNTIL = Variable("until", lazy("Until when the link works"), "7.12.2026, 12:05", BOTH)
_LINK = Variable(
    "url",
    lazy("The link by which the password is set; only the mail itself holds its secret"),
    "https://mikroserwis.example/account/links/••••••••",
    (EMAIL,),
    only=(EMAIL,),
    alone=True,
)
_ACCOUNT = Variable("url", lazy("Address of the own account's page"), "https://mikroserwis.example/account", (EMAIL,))
_STEP = (_NAME, _AT, _ACCOUNT, HOTLINE)


def _seven_codes() -> str:
    return ngettext("You have %(n)s unused code.", "You have %(n)s unused codes.", 7)


EVENTS = (
    Event(
        "account_activation",
        lazy("Account to be activated"),
        PERSON,
        (_NAME, _EMAIL, _UNTIL, _LINK, HOTLINE),
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nan account in Mikroserwis has been made for you. Choose your password "
                    "here, until {{ until }}:\n\n{{ url }}\n\nYou then sign in with this address: {{ email }}"
                ),
                lazy("Your account in Mikroserwis"),
            ),
            # Nothing secret, and nothing to press, goes by SMS: the way on is in the mail.
            SMS: Shipped(
                lazy(
                    "You have an account in Mikroserwis. The link to choose your password is in the mail to "
                    "{{ email }}, until {{ until }}."
                )
            ),
        },
    ),
    Event(
        "account_recovery",
        lazy("New password asked for"),
        PERSON,
        (_NAME, _EMAIL, _UNTIL, _LINK, HOTLINE),
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\na new password has been asked for, for the account {{ email }}. Choose "
                    "it here, until {{ until }}:\n\n{{ url }}\n\nThe present one stays until then. If you haven't "
                    "asked for it, there is nothing to do."
                ),
                lazy("A new password for Mikroserwis"),
            ),
            SMS: Shipped(
                lazy("The link to a new password for Mikroserwis is in the mail to {{ email }}, until {{ until }}.")
            ),
        },
    ),
    Event(
        "password_changed",
        lazy("Password changed"),
        PERSON,
        (
            _NAME,
            _AT,
            HOTLINE,
            Variable(
                "url",
                lazy("Address where a new password is asked for"),
                "https://mikroserwis.example/account/forgotten",
                (EMAIL,),
            ),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nthe password of your account in Mikroserwis has been changed "
                    "({{ at }}).\n\nIf it wasn't you, ask for a new one at once: {{ url }}"
                ),
                lazy("Your password has been changed"),
            ),
            SMS: Shipped(
                lazy("The password of your Mikroserwis account was changed. If it wasn't you, call {{ hotline }}.")
            ),
        },
    ),
    Event(
        "address_changed",
        lazy("Address of an account changed"),
        lazy("The person whose account it is, at the former address"),
        (_NAME, replace(_EMAIL, required=(EMAIL,)), replace(HOTLINE, required=(EMAIL,))),
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nyour account in Mikroserwis has a new e-mail address: {{ email }}. You "
                    "sign in with it from now on.\n\nIf it isn't yours, call the back office: {{ hotline }}"
                ),
                lazy("The address of your account has been changed"),
            )
        },
    ),
    Event(
        "second_factor_on",
        lazy("Second step switched on"),
        PERSON,
        _STEP,
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nFrom {{ at }} on your account in Mikroserwis asks for a code of your app "
                    "after the password.\n\nIf it wasn't you, change your password and call the hotline: "
                    "{{ hotline }}.\n\n{{ url }}"
                ),
                lazy("Signing in now asks for a code too"),
            )
        },
    ),
    Event(
        "second_factor_off",
        lazy("Second step switched off"),
        PERSON,
        _STEP,
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nThe second step of signing in to your account in Mikroserwis was "
                    "switched off ({{ at }}).\n\nIf it wasn't you, change your password and call the hotline: "
                    "{{ hotline }}.\n\n{{ url }}"
                ),
                lazy("Signing in asks for the password alone again"),
            )
        },
    ),
    Event(
        "second_factor_reset",
        lazy("Second step taken off by the office"),
        PERSON,
        _STEP,
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nThe office took the second step off your account in Mikroserwis, as for "
                    "a lost phone ({{ at }}). You have been signed out everywhere. Sign in with your password and set "
                    "up the step anew.\n\nIf it wasn't you, change your password and call the hotline: "
                    "{{ hotline }}.\n\n{{ url }}"
                ),
                lazy("Your second step was taken off by the office"),
            )
        },
    ),
    Event(
        "second_factor_recovery",
        lazy("Recovery code used"),
        PERSON,
        (
            *_STEP,
            Variable("left", lazy("How many unused codes there are"), computed(_seven_codes)),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nA recovery code of your account in Mikroserwis was used ({{ at }}). "
                    "{{ left }}\n\nIf it wasn't you, change your password and call the hotline: {{ hotline }}.\n\n"
                    "{{ url }}"
                ),
                lazy("A recovery code has been used"),
            )
        },
    ),
    Event(
        "second_factor_guessed",
        lazy("Wrong codes after a right password"),
        PERSON,
        _STEP,
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nYour password was typed correctly, then several wrong codes ({{ at }}). "
                    "Nobody has come in. Unless it was you, change your password now.\n\nIf it wasn't you, change "
                    "your password and call the hotline: {{ hotline }}.\n\n{{ url }}"
                ),
                lazy("Somebody knows your password"),
            ),
            SMS: Shipped(
                lazy(
                    "Somebody typed your Mikroserwis password and then wrong codes. Unless it was you, change your "
                    "password now. Hotline: {{ hotline }}"
                )
            ),
        },
    ),
    Event(
        "new_device",
        lazy("Signed in on a new device"),
        PERSON,
        (
            *_STEP,
            Variable("device", lazy("Browser and system"), "Firefox, Windows"),
            Variable("address", lazy("The address from where"), "203.0.113.7"),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "Good day, {{ name }},\n\nsomebody signed in to your account in Mikroserwis from where you have "
                    "not been before: {{ device }}, {{ address }} ({{ at }}).\n\nIf it was you, there is nothing to "
                    "do. If not, change your password at once: {{ url }}\n\nHotline: {{ hotline }}"
                ),
                lazy("Signed in on a new device"),
            ),
            SMS: Shipped(
                lazy(
                    "New sign-in to your Mikroserwis account: {{ device }}, {{ at }}. Unless it was you, change your "
                    "password now. Hotline: {{ hotline }}"
                )
            ),
        },
    ),
    Event(
        "job_failed",
        lazy("Job given up"),
        OFFICE,
        (
            Variable("job", lazy("Name of the job"), "nightly"),
            Variable("due", lazy("The day or moment of its run"), "2026-11-30"),
            Variable("times", lazy("How often it was tried"), "4"),
            Variable("error", lazy("What went wrong last"), "TimeoutError()", (EMAIL,)),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "It was tried {{ times }} times and will not be tried again by itself. The last "
                    "error: {{ error }}\n\nUnder “Jobs” it can be started again once the cause is gone."
                ),
                lazy("The job “{{ job }}” of {{ due }} has failed"),
            )
        },
    ),
    Event(
        "webhook_off",
        lazy("Webhook switched off"),
        OFFICE,
        (
            Variable("client", lazy("Name of the API client"), "CRM"),
            Variable("url", lazy("Address of the webhook"), "https://crm.example.com/mikroserwis"),
            Variable("error", lazy("What went wrong last"), "timeout", (EMAIL,)),
            Variable("page", lazy("Address of the webhook's page"), "https://dealer.example.com/clients/1/webhooks/1"),
        ),
        {
            EMAIL: Shipped(
                lazy(
                    "Messages of {{ client }} to {{ url }} no longer arrive, so the webhook is switched off. The last "
                    "error: {{ error }}\n\nOnce the receiver works again, switch it on here, and have sent again what "
                    "was given up: {{ page }}"
                ),
                lazy("Webhook of {{ client }} switched off"),
            )
        },
    ),
)
