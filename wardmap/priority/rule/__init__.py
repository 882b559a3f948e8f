"""The agreed rule, the flags and how sure they are."""
