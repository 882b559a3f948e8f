"""What a file is: how it is packed, encoded and laid out. The only place that knows a format."""
