"""Named sets of wards as one place."""
