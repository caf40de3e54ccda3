"""Dealers side by side over a period: what they got, what they did in time, what they lost."""
