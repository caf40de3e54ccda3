"""Another policy as it is typed into the address: what is left out is as it is now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mikroserwis.errors import FieldError, Invalid
from mikroserwis.plaintext import tidy
from mikroserwis.rulebook import POLICIES
from sla import Calendar, Policy, Stage

WINDOWS = (30, 90, 180)
USUAL_WINDOW = 90
# As the rules themselves allow.
MOST_DAYS = 366
WINDOW, CALENDAR = "window", "calendar"


@dataclass(frozen=True)
class Wanted:
    """So many days of history, and the other policy of each type of ticket; the present one where nothing differs."""

    window: int
    policies: Mapping[str, Policy]

    @property
    def is_present(self) -> bool:
        return all(policy is POLICIES[name] for name, policy in self.policies.items())

    def arguments(self) -> dict[str, str]:
        """The address: what differs from the present policies."""
        now, then = values(USUAL_WINDOW, POLICIES), values(self.window, self.policies)
        return {name: value for name, value in then.items() if value != now[name]}


def name_of(type_: str, what: str) -> str:
    """A field's name; `what` is a stage or `calendar`."""
    return f"{type_}_{what}"


def values(window: int, policies: Mapping[str, Policy]) -> dict[str, str]:
    """Every field of the form."""
    fields = {WINDOW: str(window)}
    for type_, policy in policies.items():
        fields.update({name_of(type_, stage): str(policy.days[stage]) for stage in Stage})
        fields[name_of(type_, CALENDAR)] = policy.calendar.value
    return fields


def typed(arguments: Mapping[str, str]) -> dict[str, str]:
    """Every field with what stands in the address, else as it is now."""
    usual = values(USUAL_WINDOW, POLICIES)
    return {name: tidy(arguments.get(name, value))[:40] for name, value in usual.items()}


def read(arguments: Mapping[str, str]) -> Wanted:
    """Raises Invalid naming every value that is no number of days, or not one of those that are possible."""
    given = typed(arguments)
    errors: list[FieldError] = []
    if given[WINDOW] not in map(str, WINDOWS):
        errors.append(FieldError(WINDOW, "unknown_value"))
    for type_ in POLICIES:
        for stage in Stage:
            errors += _wrong(name_of(type_, stage), given)
        if given[name_of(type_, CALENDAR)] not in set(Calendar):
            errors.append(FieldError(name_of(type_, CALENDAR), "unknown_value"))
    if errors:
        raise Invalid(errors)
    return Wanted(int(given[WINDOW]), {type_: _policy(type_, given) for type_ in POLICIES})


def _wrong(name: str, given: Mapping[str, str]) -> list[FieldError]:
    text = given[name]
    if not text:
        return [FieldError(name, "required")]
    if text.isascii() and text.isdigit() and int(text) <= MOST_DAYS:
        return []
    return [FieldError(name, "number_out_of_range", {"least": 0, "most": MOST_DAYS})]


def _policy(type_: str, given: Mapping[str, str]) -> Policy:
    present = POLICIES[type_]
    days = {stage: int(given[name_of(type_, stage)]) for stage in Stage}
    calendar = Calendar(given[name_of(type_, CALENDAR)])
    if days == present.days and calendar is present.calendar:
        return present
    return replace(present, days=days, calendar=calendar)
