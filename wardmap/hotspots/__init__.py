"""Where is it higher than chance, and is that real."""
