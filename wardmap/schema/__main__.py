"""Prints `docs/tables.md`: `python -m wardmap.schema > docs/tables.md`."""

from wardmap.schema.tables import as_markdown

print(as_markdown(), end="")
