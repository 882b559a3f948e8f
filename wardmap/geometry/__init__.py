"""What rooms share of shapes: the one metric system."""
