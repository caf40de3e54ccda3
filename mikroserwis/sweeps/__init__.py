"""Periodic work, the clock an argument: what is to be sent is sent, what is stale is swept away."""
