"""Incidents x wards -> one ward per incident, or a reason."""
