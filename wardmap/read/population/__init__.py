"""Files of people -> the population table."""
