"""What a missed deadline does: found, planned and written for many tickets at once."""
