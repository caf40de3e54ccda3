"""Deadlines and who is next: pure functions of their arguments."""

from sla.choice import DECISIVE, Candidate, Choice, Ticket, choose
from sla.clock import Due, Extension, Pause, Tenure, due_moments, next_due, opened_days
from sla.policy import Breach, Calendar, Policy, Stage

__all__ = [
    "DECISIVE",
    "Breach",
    "Calendar",
    "Candidate",
    "Choice",
    "Due",
    "Extension",
    "Pause",
    "Policy",
    "Stage",
    "Tenure",
    "Ticket",
    "choose",
    "due_moments",
    "next_due",
    "opened_days",
]
