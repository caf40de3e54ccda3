"""Guards that tickets and sub-tickets share."""

from typing import Protocol


class DealerFacts(Protocol):
    """What is known of the dealer who would act."""

    @property
    def dealer_is_active(self) -> bool: ...
    @property
    def dealer_is_certified(self) -> bool: ...
    @property
    def dealer_has_given_it_up(self) -> bool: ...


class Noted(Protocol):
    """Whether the person wrote a note with the act."""

    @property
    def has_note(self) -> bool: ...


class Reasoned(Protocol):
    """Whether the person gave a reason for the act."""

    @property
    def has_reason(self) -> bool: ...


def dealer_is_active(facts: DealerFacts) -> bool:
    return facts.dealer_is_active


def dealer_is_certified(facts: DealerFacts) -> bool:
    return facts.dealer_is_certified


def dealer_never_gave_it_up(facts: DealerFacts) -> bool:
    return not facts.dealer_has_given_it_up


def note_is_given(facts: Noted) -> bool:
    return facts.has_note


def reason_is_given(facts: Reasoned) -> bool:
    return facts.has_reason
