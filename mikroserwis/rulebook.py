"""The shipped rules, read once, and the deadlines' policies made from them."""

from config import Rules, load_rules
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
