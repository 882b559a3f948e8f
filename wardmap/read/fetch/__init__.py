"""Official boundaries and populations from their publishers."""
