"""Prints every public signature as a table: `python -m tests.signatures > docs/signatures.md`."""

import importlib
import inspect

ROOMS = ("read", "join", "rates", "hotspots", "priority", "maps", "reports")


def verbs():
    """Every verb of every room, with its parameters."""
    for room in ROOMS:
        door = importlib.import_module(f"wardmap.{room}")
        for name in sorted(getattr(door, "__all__", [])):
            yield room, name, list(inspect.signature(getattr(door, name)).parameters.values())


def as_markdown():
    """The page `docs/signatures.md`."""
    lines = [
        "# Every signature",
        "",
        "This page is printed by `python -m tests.signatures`. A word means the same thing in every row;",
        "`tests/test_vocabulary.py` lists the words and fails on one that it does not have.",
        "After the bar, parameters are given by name.",
    ]
    room_before = None
    for room, name, parameters in verbs():
        if room != room_before:
            lines += ["", f"## wm.{room}", "", "| verb | parameters |", "|---|---|"]
            room_before = room
        first = [p.name for p in parameters if p.kind is not p.KEYWORD_ONLY]
        named = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
        shown = " \\| ".join(", ".join(f"`{n}`" for n in names) for names in (first, named) if names)
        lines.append(f"| `{name}` | {shown} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
