"""Files on disk -> rows of text: which files there are, how they are packed, encoded and cut into values."""
