"""The ledger of periodic work: what each job does and when, what each run did, and running one now."""
