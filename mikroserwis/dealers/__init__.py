"""Dealers, their absences, and the vendors' regional contacts."""
