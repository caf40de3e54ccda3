"""The shipped rules, read once, and the deadlines' policies made from them."""

from datetime import date, datetime, timedelta

from config import Rules, load_rules
from mikroserwis.i18n import language
from sla import Breach, Calendar, Policy, Stage


def policies(rules: Rules) -> dict[str, Policy]:
    """One for each type of ticket, by its name."""
    return {
        name: Policy(
            days={stage: getattr(type_.sla, stage) for stage in Stage},
            zone=rules.tz,
            calendar=Calendar(type_.sla.calendar),
            country=rules.country,
            warn_at=type_.sla.warn_at,
            on_breach={stage: Breach(getattr(type_.sla.on_breach, stage)) for stage in Stage},
        )
        for name, type_ in rules.ticket_types.items()
    }


RULES = load_rules()
POLICIES = policies(RULES)


def type_label(name: str) -> str:
    """A ticket type in the reader's language, else in English; one that the rules don't know any more by its name."""
    if name not in RULES.ticket_types:
        return name
    labels = RULES.ticket_types[name].label
    return labels.get(language(), labels["en"])


def last_day(at: datetime) -> date:
    """A deadline is a midnight; people are told the day that ends with it."""
    return (at.astimezone(RULES.tz) - timedelta(seconds=1)).date()
