"""Parts of an offline page that maps and reports share."""
