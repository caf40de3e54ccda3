"""The shipped rules, read once, and the deadlines' policies made from them."""

from config import load_rules
from sla import Policy, Stage

RULES = load_rules()

POLICIES = {
    name: Policy(
        days={Stage.TAKE: type_.sla.take, Stage.CONTRACT: type_.sla.contract, Stage.COMPLETION: type_.sla.completion},
        zone=RULES.tz,
        warn_at=type_.sla.warn_at,
    )
    for name, type_ in RULES.ticket_types.items()
}
