"""How everything stands now: tickets, clocks, what waits for a person, dealers, periodic work."""
