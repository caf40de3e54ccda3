"""Consents of persons, the wordings they agreed to, and what becomes of personal data."""
