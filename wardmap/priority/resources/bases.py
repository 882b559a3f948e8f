"""What money or hours can follow: incidents, excess over expectation, any column of need, or nothing."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, MissingColumnError, listed
from wardmap.method import percent
from wardmap.stats import gamma_poisson, ratios

Floats = npt.NDArray[np.float64]
Basis = str | Mapping[str, float]

WORDS = {
    "volume": "incidents",
    "excess": "incidents above what the rest's rate would give",
    "eb_excess": "incidents above the district's rate, smoothed by the gamma-Poisson model",
    "equal": "the same for each",
}


def mixed(by: Basis) -> dict[str, float]:
    """Return the parts of a mix and their weights, which sum to 1."""
    parts = {by: 1.0} if isinstance(by, str) else {str(name): float(part) for name, part in by.items()}
    total = sum(parts.values())
    if not all(part >= 0 for part in parts.values()) or not 0 < total < np.inf:
        raise InputError(
            "The weights of a mix must not be negative, and must sum to more than nothing.",
            f"weights: {parts}",
            mend='by={"volume": 0.5, "excess": 0.5}',
        )
    return {name: part / total for name, part in parts.items() if part}


def in_words(parts: Mapping[str, float]) -> str:
    """Say what is shared by what: `50% by volume (incidents), 50% by equal (the same for each)`."""
    return ", ".join(
        f"{f'{percent(part)} ' if len(parts) > 1 else ''}by {name} "
        f"({WORDS.get(name, 'column of the table, taken as given')})"
        for name, part in parts.items()
    )


class Need:
    """The need of every ward of one theme and period, on any basis, for any set of counts."""

    def __init__(self, rows: pd.DataFrame, parts: Mapping[str, float]) -> None:
        self._parts = parts
        self._people = np.ones(len(rows))
        if {"excess", "eb_excess"} & set(parts):
            schema.require(rows, schema.WARD_TABLE, ["population"])
            self._people = rows["population"].to_numpy(dtype=float, na_value=0.0)
        counts = rows["incidents"].to_numpy(dtype=float)
        self._model = gamma_poisson.fit(counts, self._people)
        self._given = {name: _column(rows, name) for name in parts if name not in WORDS}

    def refuse_nobody(self, counts: Floats, chosen: npt.NDArray[np.intp]) -> None:
        """Raise where none of the chosen wards has any need on one of the bases."""
        for name in self._parts:
            if self._of(name, counts)[chosen].sum() == 0:
                raise InputError(
                    f"No ward has any need by {name!r}, so nothing can be shared by it.",
                    f"wards: {len(chosen)}",
                    mend='by="equal", or other wards.',
                )

    def shares(self, counts: Floats, chosen: npt.NDArray[np.intp]) -> Floats:
        """Return the share, summing to 1, of each chosen ward in the need; equal where nobody has any."""
        total = np.zeros(len(chosen))
        for name, part in self._parts.items():
            need = self._of(name, counts)[chosen]
            total += part * (need / need.sum() if need.sum() else 1 / len(chosen))
        return total

    def _of(self, name: str, counts: Floats) -> Floats:
        if name == "volume":
            return counts
        if name == "equal":
            return np.ones(len(counts))
        if name == "excess":
            parts = ratios.each_to_rest(counts, self._people)
            excess: Floats = np.maximum(counts - ratios.expected_at_rest(parts), 0)
            return np.nan_to_num(excess)  # a ward whose people are not known has no excess that could be told
        if name == "eb_excess":
            above = self._model.smoothed(counts, self._people) - self._model.mean
            smoothed: Floats = np.maximum(above, 0) * self._people
            return smoothed
        return self._given[name]


def _column(rows: pd.DataFrame, name: str) -> Floats:
    numeric = [column for column in rows if pd.api.types.is_numeric_dtype(rows[column].dtype)]
    if name not in numeric:
        raise MissingColumnError(
            f"There is no basis {name!r}: it is neither one of wardmap's nor a column of numbers.",
            f"wardmap's: {', '.join(WORDS)}",
            f"columns of numbers, nearest first: {', '.join(schema.nearest(name, numeric)[:8])}",
            mend='by="volume"',
        )
    values: Floats = rows[name].to_numpy(dtype=float, na_value=np.nan)
    if not (values >= 0).all() or not np.isfinite(values).all():
        bad = rows.index.get_level_values("ward_code")[~((values >= 0) & np.isfinite(values))]
        raise InputError(
            f"Column {name!r} cannot be a need: it is null, negative or infinite in some wards.",
            f"ward codes: {listed(bad)}",
        )
    return values
