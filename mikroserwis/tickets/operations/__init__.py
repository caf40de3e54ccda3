"""What can be done to tickets: plain functions, session first, subject second; only the edge commits."""
