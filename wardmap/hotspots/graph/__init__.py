"""Which wards are neighbours."""
