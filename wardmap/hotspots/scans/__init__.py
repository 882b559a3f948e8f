"""The scan: which wards, together, are higher than chance."""
