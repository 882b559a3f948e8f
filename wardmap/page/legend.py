"""The signs of a legend: what a fill, a hatch, a line or a dot stands for, and how many wards have it."""

from collections.abc import Sequence
from dataclasses import dataclass

from wardmap import style
from wardmap.page.rendering import Finished, render

# What tells hatches apart: their turn, and how far apart and how broad their lines are.
_HATCHES = {-1: (45, 7, 2.4), -2: (135, 7, 2.4), -3: (90, 5, 2.0), -4: (0, 5, 2.0)}


@dataclass(frozen=True, slots=True)
class Sign:
    """How a sample is drawn, in the words of SVG; what is empty is left out, and a hatch is the fill."""

    fill: str = "none"
    hatch: int | None = None
    stroke: str = ""
    width: float = 1
    dashes: str = ""
    cap: str = ""
    opacity: float = 1
    dot: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a legend: a sign, what it stands for, and in words how many wards have it.

    `counts` names what a script of the page counts again when the reader turns to another layer: a class
    by its number, or a flag.
    """

    label: str
    sign: Sign
    wards: str = ""
    counts: str = ""


def filled(colour: str) -> Sign:
    """Return the sign of a class."""
    return Sign(fill=colour, stroke=style.OUTLINE, width=0.9)


def hatched(code: int) -> Sign:
    """Return the sign of wards without a class, by its code: -1 no data, -2 not testable, ..."""
    return Sign(hatch=code, stroke=style.OUTLINE, width=0.9)


def line(colour: str, width: float, *, dashes: str = "") -> Sign:
    """Return the sign of wards that have an outline of their own."""
    return Sign(fill="#ffffff", stroke=colour, width=width, dashes=dashes)


def cluster() -> Sign:
    """Return the sign of clusters of the scan: a line of dots."""
    return Sign(stroke=style.CLUSTER, width=4, cap="round", dashes="0.1 7")


def area() -> Sign:
    """Return the sign of named areas: a broad band that lets other lines through."""
    return Sign(stroke=style.AREA, width=5, opacity=style.BAND_OPACITY)


def plain(colour: str) -> Sign:
    """Return the sign of a colour without an outline."""
    return Sign(fill=colour)


def dot(colour: str) -> Sign:
    """Return the sign of a place."""
    return Sign(fill=colour, dot=True)


def signs(entries: Sequence[Entry]) -> Finished:
    """Return the list of a legend.

    Examples
    --------
    >>> "5 to 10 &#60; 20" in signs([Entry("5 to 10 < 20", filled("#e6eff7"), "3 wards")])
    True
    """
    return render("page/templates/signs.html", entries=entries)


def hatches() -> Finished:
    """Return the hatches, once a page: what is drawn with one points to it as `url(#wm-hatch-1)`."""
    patterns = [
        {"code": code, "turn": turn, "gap": gap, "broad": broad}
        for code, (turn, gap, broad) in _HATCHES.items()
    ]
    return render(
        "page/templates/hatches.html", patterns=patterns, ground=style.HATCH_GROUND, line=style.HATCH_LINE
    )
