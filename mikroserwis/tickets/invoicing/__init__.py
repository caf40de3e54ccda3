"""The final invoice: it equals the accepted quote to the grosz, or the ticket doesn't close."""
