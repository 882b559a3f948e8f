"""Counts, rates, comparison, change."""
