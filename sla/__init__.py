"""Deadlines and who is next: pure functions of their arguments."""

from sla.ages import Had, Holder, Share, shares
from sla.choice import DECISIVE, Candidate, Choice, Roster, Ticket, choose
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
    "Had",
    "Holder",
    "Pause",
    "Policy",
    "Roster",
    "Share",
    "Stage",
    "Tenure",
    "Ticket",
    "choose",
    "due_moments",
    "next_due",
    "opened_days",
    "shares",
]
