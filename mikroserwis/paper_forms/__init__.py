"""Forms of papers that staff write: checked, tried on a ticket, put in force, and back to the shipped ones."""
