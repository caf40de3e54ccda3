"""What the office writes instead of the shipped texts of messages and papers."""
