"""The audit: every change of every record, looked through, and how the chain that seals them stands."""
