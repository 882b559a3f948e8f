"""Tables of one boundary year on the wards of another."""
