"""Mails as staff see them: what was sent to whom, what failed, and sending it again."""
