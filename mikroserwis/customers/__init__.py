"""Customers with their people and shops: kept by staff, and by the sellers who own them."""
