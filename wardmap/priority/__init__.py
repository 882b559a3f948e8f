"""Evidence and an agreed rule -> which wards, which areas, which resources."""
