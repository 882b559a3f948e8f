"""Periods as sets of calendar months, so that editions of different spans can be held together."""

import re
from collections.abc import Hashable, Mapping

_MONTH = r"(\d{4})-(\d{2})"
_MONTHS_ON_FILE = re.compile(r"(.*) \(\d+ months on file\)")


def months_of(labels: Mapping[Hashable, int | None]) -> dict[Hashable, frozenset[Hashable]]:
    """Return the months of each period, counted from year 0, from its label and how many are on file.

    Where fewer months are on file than the period has, they are taken to be its first, or its last where
    it is the earliest of several. A period whose months cannot be told stands for itself: labels of one's
    own (`before`), or a gap in the middle.

    Examples
    --------
    >>> sorted(months_of({"2016 Q2": 3})["2016 Q2"]), months_of({"before": None})["before"]
    ([24195, 24196, 24197], frozenset({'before'}))
    """
    spans = {label: _span(str(label)) for label in labels}
    firsts = sorted(span[0] for span in spans.values() if span)
    found: dict[Hashable, frozenset[Hashable]] = {}
    for label, on_file in labels.items():
        span = spans[label]
        if span is None:
            found[label] = frozenset({str(label)})
            continue
        first, length = span
        missing = length - (length if on_file is None else on_file)
        if not missing:
            found[label] = frozenset(range(first, first + length))
        elif first == firsts[-1]:
            found[label] = frozenset(range(first, first + length - missing))
        elif first == firsts[0]:
            found[label] = frozenset(range(first + missing, first + length))
        else:
            found[label] = frozenset({f"{label} ({on_file} months on file)"})
    return found


def _span(label: str) -> tuple[int, int] | None:
    """Return the first month of a label of wardmap's own, and how many there are."""
    if gaps := _MONTHS_ON_FILE.fullmatch(label):
        label = gaps[1]
    if found := re.fullmatch(f"{_MONTH}(?: to {_MONTH})?", label):
        first = 12 * int(found[1]) + int(found[2]) - 1
        last = 12 * int(found[3]) + int(found[4]) - 1 if found[3] else first
        return first, last - first + 1
    if found := re.fullmatch(r"(\d{4}) Q([1-4])", label):
        return 12 * int(found[1]) + 3 * (int(found[2]) - 1), 3
    if found := re.fullmatch(r"(\d{4})(/\d{2})?", label):
        return 12 * int(found[1]) + (3 if found[2] else 0), 12
    return None
