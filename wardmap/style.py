"""Palettes, classes and no-data marks: one look for the map and the charts.

Colour is never the only sign. A ramp tells classes apart at a glance and its neighbours differ by
less than 3:1, so everything is outlined in `OUTLINE`, flags have their own line and a label, and no
data is hatched. There is no red beside green; five classes are the most a reader can tell apart.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import jenkspy
import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap.errors import InputError

# Light to dark in one hue, even steps of lightness: safe for every common colour blindness.
SEQUENTIAL = ("#e6eff7", "#b8d2e8", "#7eafd3", "#3f7fb3", "#12436d")
# Below and above a benchmark: blue and orange stay apart for every common colour blindness.
DIVERGING = ("#2a6496", "#9cc3de", "#f3f1ec", "#f5b98a", "#c2570c")

# Incidents over the wards: another hue than the wards' own.
DENSITY = ("#fde8d4", "#f9bd8a", "#ea8440", "#b64a08", "#7a2f02")

OUTLINE = "#333333"
PRIORITY = "#801650"
WATCH = "#801650"
AREA = "#111111"
BAND_OPACITY = 0.5
CLUSTER = "#1b5e3a"
PROJECT = "#3d2470"
VEIL = "#eceef1"
VEIL_OPACITY = 0.8
CASING = "#ffffff"
HALO = "#eceef1"
HATCH_GROUND = "#f6f6f4"
HATCH_LINE = "#8a8a86"

NO_DATA = "No data"
NOT_TESTABLE = "Not testable"
SUPPRESSED = "Suppressed"
NOT_FINITE = "Not finite"

_MOST_FOR_NATURAL = 500
_AROUND_ONE = (0.67, 0.90, 1.10, 1.50)
_TONES: dict[str, str] = {
    "low": DIVERGING[0], "lowered": DIVERGING[1], "middle": DIVERGING[2], "raised": DIVERGING[3],
    "high": DIVERGING[4], "least": SEQUENTIAL[0], "some": SEQUENTIAL[2], "most": SEQUENTIAL[4],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Classes:
    """How values are put into classes: per class a label and a colour, and in a sentence how it was cut.

    `limits` are the highest value of each class; None where the labels are the values themselves.
    """

    labels: tuple[str, ...]
    colours: tuple[str, ...]
    limits: tuple[float, ...] | None
    decimals: int
    method: str

    def of(self, values: pd.Series) -> list[int | None]:
        """Return each value's class; None where it has none: null, infinite, or not one of the labels.

        Examples
        --------
        >>> ratio_classes().of(pd.Series([0.5, 2.0, None]))
        [0, 4, None]
        """
        if self.limits is None:
            place = {label: at for at, label in enumerate(self.labels)}
            return [place.get(str(value)) for value in values]
        shown = _rounded(values, self.decimals)
        codes = np.searchsorted(self.limits, shown)
        known = np.isfinite(shown) & (codes < len(self.limits))
        return [int(code) if ok else None for code, ok in zip(codes, known, strict=True)]


def value_classes(values: pd.Series, *, decimals: int = 1, k: int = 5) -> Classes:
    """Put values into at most `k` classes, cut where the values themselves leave gaps (Fisher-Jenks).

    So a ward far above all others is not put among its neighbours, as quantiles would do with a
    district of a few wards. With more than 500 different values, where gaps mean little and finding
    them is slow, the classes are quantiles. Values are rounded to `decimals` first, so that two that
    look alike share a class. Null and infinite values have no class. With fewer than `k` different
    values there are fewer classes.

    Examples
    --------
    >>> value_classes(pd.Series([1.0, 2.0, 9.0, None]), k=2).labels
    ('1.0 to 2.0', '9.0')
    """
    shown = _rounded(values, decimals)
    finite = shown[np.isfinite(shown)]
    if finite.size == 0:
        return Classes((), (), (), decimals, "No ward has a number, so there are no classes.")
    different = np.unique(finite)
    natural = different.size <= _MOST_FOR_NATURAL
    k = min(k, different.size)
    # Both give the highest value of each class; quantiles lie between values, and rounding may put one
    # of them just below the value that it stands for.
    cuts = jenkspy.jenks_breaks(different, k)[1:] if natural else np.quantile(finite, np.arange(1, k + 1) / k)
    bins = np.asarray(cuts) + 10.0 ** -(decimals + 3)
    upper = np.unique([different[different <= limit].max() for limit in bins if (different <= limit).any()])
    class_of = np.searchsorted(upper, different)
    labels = [_span(different[class_of == at], decimals) for at in range(len(upper))]
    parts = f"{len(labels)} classes" if len(labels) > 1 else "one class"
    how = "cut at natural breaks (Fisher-Jenks)" if natural else "by quantiles, about as many wards in each"
    method = f"{parts} {how}; the limits are values that occur."
    method = method[0].upper() + method[1:]
    limits = tuple(float(limit) for limit in upper)
    return Classes(tuple(labels), ramp(SEQUENTIAL, len(labels)), limits, decimals, method)


def given_classes(breaks: Sequence[float], *, decimals: int = 1) -> Classes:
    """Put values into the classes that the given limits cut, each limit belonging to the class above it.

    Raises
    ------
    InputError
        There is no limit or more than four, or they do not rise.

    Examples
    --------
    >>> given_classes([5, 10], decimals=0).labels
    ('under 5', '5 to under 10', '10 and over')
    """
    if not 1 <= len(breaks) <= 4 or not all(low < high for low, high in pairwise([*breaks, np.inf])):
        raise InputError(
            "Classes need one to four limits, each above the one before it.",
            f"given: {list(breaks)}",
            mend="breaks=[50, 100, 150]",
        )
    method = f"Classes with given limits at {', '.join(number(limit, decimals) for limit in breaks)}."
    colours = ramp(SEQUENTIAL, len(breaks) + 1)
    return _between(breaks, colours, decimals, method)


def ratio_classes(*, decimals: int = 2) -> Classes:
    """Put ratios into five fixed classes around 1, so that maps of different themes compare.

    Examples
    --------
    >>> ratio_classes().labels[0]
    'under 0.67'
    """
    limits = ", ".join(number(limit, decimals) for limit in _AROUND_ONE)
    return _between(
        _AROUND_ONE, DIVERGING, decimals, f"Five fixed classes around 1, with limits at {limits}."
    )


def word_classes(values: pd.Series, words: Sequence[tuple[str, str]]) -> Classes | None:
    """Put the words of a class into classes, coloured by where each stands; None where a word is strange.

    Examples
    --------
    >>> word_classes(pd.Series(["Above", "Below"]), [("Below", "low"), ("Above", "high")]).labels
    ('Below', 'Above')
    """
    tones = dict(words)
    there = {str(value) for value in values.dropna()} - {NOT_TESTABLE.lower()}
    if not there or not there <= set(tones):
        return None
    labels = tuple(word for word in tones if word in there)
    return Classes(
        labels, tuple(_TONES[tones[label]] for label in labels), None, 0, "Classes as the table has them."
    )


def ramp(colours: tuple[str, ...], k: int) -> tuple[str, ...]:
    """Return `k` colours spread over the whole ramp; a single one comes from its middle.

    Examples
    --------
    >>> ramp(SEQUENTIAL, 2)
    ('#e6eff7', '#12436d')
    """
    if k <= 1:
        return (colours[len(colours) // 2],)[:k]
    return tuple(colours[round(step * (len(colours) - 1) / (k - 1))] for step in range(k))


def number(value: object, decimals: int) -> str:
    """Write a number as readers see it: `1,234.5`, `∞`, or `no data` for a null; never a rounded 0.

    Examples
    --------
    >>> number(1234.56, 1), number(None, 1)
    ('1,234.6', 'no data')
    >>> number(0.0002, 3)
    'less than 0.001'
    """
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NO_DATA.lower()
    as_float = float(value)  # type: ignore[arg-type]
    if np.isinf(as_float):
        return "∞" if as_float > 0 else "−∞"
    said = f"{as_float:,.{decimals}f}"
    if decimals and as_float > 0 and not float(said.replace(",", "")):
        return f"less than {10.0**-decimals:.{decimals}f}"
    return said.replace("-", "−")


def _rounded(values: pd.Series, decimals: int) -> npt.NDArray[np.float64]:
    return np.round(values.to_numpy(dtype="float64", na_value=np.nan), decimals)


def _span(values: npt.NDArray[np.float64], decimals: int) -> str:
    low, high = number(values.min(), decimals), number(values.max(), decimals)
    return low if low == high else f"{low} to {high}"


def _between(breaks: Sequence[float], colours: tuple[str, ...], decimals: int, method: str) -> Classes:
    said = [number(limit, decimals) for limit in breaks]
    middle = [f"{low} to under {high}" for low, high in pairwise(said)]
    below_next = np.nextafter(np.array([*breaks, np.inf]), -np.inf)
    labels = (f"under {said[0]}", *middle, f"{said[-1]} and over")
    return Classes(labels, colours, tuple(float(limit) for limit in below_next), decimals, method)
