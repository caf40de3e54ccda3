"""A demonstration: made-up tickets, some of them played forward, and everything started on one machine."""
