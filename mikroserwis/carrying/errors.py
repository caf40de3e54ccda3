"""Why nothing was carried."""


class NotCarried(Exception):
    """In words for the person at the terminal. What was there before is as it was."""
