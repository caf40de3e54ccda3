"""What people are told: every event with its variables and shipped texts, and how a text becomes a message."""

from mikroserwis.telling.model import CHANNELS, EMAIL, PDF, SMS, Event, Rendered, Shipped, Variable
from mikroserwis.telling.registry import EVENTS
from mikroserwis.telling.rendering import render

__all__ = ["CHANNELS", "EMAIL", "EVENTS", "PDF", "SMS", "Event", "Rendered", "Shipped", "Variable", "render"]
