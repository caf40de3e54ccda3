"""Settings, and the rules that are data."""

from config.rules import Rules, SlaRule, TicketType, load_rules
from config.settings import Settings

__all__ = ["Rules", "Settings", "SlaRule", "TicketType", "load_rules"]
