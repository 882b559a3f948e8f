"""Palettes, classes and no-data marks: one look for the map and the charts.

Colour is never the only sign. A ramp tells classes apart at a glance and its neighbours differ by
less than 3:1, so everything is outlined in `OUTLINE`, flags have their own line and a label, and no
data is hatched. There is no red beside green; five classes are the most a reader can tell apart.
"""

import warnings
from dataclasses import dataclass
from itertools import pairwise

import mapclassify
import numpy as np
import numpy.typing as npt
import pandas as pd

# Light to dark in one hue, even steps of lightness: safe for every common colour blindness.
SEQUENTIAL = ("#e6eff7", "#b8d2e8", "#7eafd3", "#3f7fb3", "#12436d")
# Below and above a benchmark: blue and orange stay apart for every common colour blindness.
DIVERGING = ("#2a6496", "#9cc3de", "#f3f1ec", "#f5b98a", "#c2570c")

OUTLINE = "#333333"
PRIORITY = "#801650"
WATCH = "#801650"
AREA = "#111111"
BAND_OPACITY = 0.5
CASING = "#ffffff"
HALO = "#eceef1"
HATCH_GROUND = "#f6f6f4"
HATCH_LINE = "#8a8a86"

NO_DATA = "No data"

_MOST_FOR_NATURAL = 500
_AROUND_ONE = (0.67, 0.90, 1.10, 1.50)


@dataclass(frozen=True, slots=True)
class Classes:
    """How values were put into classes: per class a label, a colour and a count; per value a class."""

    labels: tuple[str, ...]
    colours: tuple[str, ...]
    counts: tuple[int, ...]
    codes: tuple[int | None, ...]
    no_data: int
    infinite: int
    method: str


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
        return _classes(shown, np.empty(0), (), (), "No ward has a number, so there are no classes.")
    different = np.unique(finite).size
    natural = different <= _MOST_FOR_NATURAL
    classifier = mapclassify.FisherJenks if natural else mapclassify.Quantiles
    middle = finite.mean()  # Fisher-Jenks sums squares in single precision: keep them small
    with warnings.catch_warnings():
        # Ties leave fewer classes than asked for, which the sentence below states; numba is not needed.
        warnings.simplefilter("ignore", UserWarning)
        bins = classifier(finite - middle, k=min(k, different)).bins + middle + 10.0 ** -(decimals + 3)
    upper = np.unique([finite[finite <= limit].max() for limit in bins if (finite <= limit).any()])
    labels = []
    for number, limit in enumerate(upper):
        above = finite > upper[number - 1] if number else np.ones(finite.size, dtype=bool)
        labels.append(_span(finite[above & (finite <= limit)], decimals))
    parts = f"{len(labels)} classes" if len(labels) > 1 else "one class"
    how = "cut at natural breaks (Fisher-Jenks)" if natural else "by quantiles, about as many wards in each"
    method = f"{parts} {how}; the limits are values that occur."
    return _classes(
        shown, upper, tuple(labels), ramp(SEQUENTIAL, len(labels)), method[0].upper() + method[1:]
    )


def ratio_classes(values: pd.Series, *, decimals: int = 2) -> Classes:
    """Put ratios into five fixed classes around 1, so that maps of different themes compare.

    Examples
    --------
    >>> ratio_classes(pd.Series([0.5, 1.0, 2.0])).counts
    (1, 0, 1, 0, 1)
    """
    limits = [f"{limit:.{decimals}f}" for limit in _AROUND_ONE]
    labels = (
        f"under {limits[0]}",
        *(f"{low} to under {high}" for low, high in pairwise(limits)),
        f"{limits[-1]} and over",
    )
    method = f"Five fixed classes around 1, with limits at {', '.join(limits)}."
    below_next = np.nextafter(np.array([*_AROUND_ONE, np.inf]), -np.inf)
    return _classes(_rounded(values, decimals), below_next, labels, DIVERGING, method)


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
    """Write a number as readers see it: `1,234.5`, `∞`, or `no data` for a null.

    Examples
    --------
    >>> number(1234.56, 1), number(None, 1)
    ('1,234.6', 'no data')
    """
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NO_DATA.lower()
    as_float = float(value)  # type: ignore[arg-type]
    if np.isinf(as_float):
        return "∞" if as_float > 0 else "−∞"
    return f"{as_float:,.{decimals}f}".replace("-", "−")


def _rounded(values: pd.Series, decimals: int) -> npt.NDArray[np.float64]:
    return np.round(values.to_numpy(dtype="float64", na_value=np.nan), decimals)


def _span(values: npt.NDArray[np.float64], decimals: int) -> str:
    low, high = number(values.min(), decimals), number(values.max(), decimals)
    return low if low == high else f"{low} to {high}"


def _classes(
    shown: npt.NDArray[np.float64],
    upper: npt.NDArray[np.float64],
    labels: tuple[str, ...],
    colours: tuple[str, ...],
    method: str,
) -> Classes:
    finite = np.isfinite(shown)
    codes = [
        int(code) if ok else None for code, ok in zip(np.searchsorted(upper, shown), finite, strict=True)
    ]
    return Classes(
        labels=labels,
        colours=colours,
        counts=tuple(codes.count(code) for code in range(len(labels))),
        codes=tuple(codes),
        no_data=codes.count(None),
        infinite=int(np.isinf(shown).sum()),
        method=method,
    )
