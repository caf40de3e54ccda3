"""A later day for the present stage: asked for by the dealer, granted or refused by staff, or given unasked."""
