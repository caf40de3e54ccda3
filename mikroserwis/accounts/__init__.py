"""Accounts: who is who, signing in and out, personal tokens."""
