"""The quote on a ticket: made from the price list, numbered by version, accepted or declined by the retailer."""
