"""Tickets: the dealers' work, from the list to closed."""
