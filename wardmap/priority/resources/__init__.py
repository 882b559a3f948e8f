"""Money, hours and places."""
