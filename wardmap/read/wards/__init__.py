"""Boundary files -> the wards table."""
