"""Tickets from a file: each one as it would be, then as it was taken in."""
