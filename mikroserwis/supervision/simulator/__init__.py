"""What another policy would have done: the history of the last days replayed."""
