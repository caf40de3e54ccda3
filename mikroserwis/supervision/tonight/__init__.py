"""What the sweep would take away at a moment that is chosen, from whom, to whom and why; nothing is changed."""
