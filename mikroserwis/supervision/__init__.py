"""The pages from which staff watch over tickets, dealers and clocks, above all slices."""
