"""What money or hours can follow: incidents, excess over expectation, any column of need, or nothing."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, MissingColumnError, listed
from wardmap.stats import gamma_poisson
from wardmap.stats.checks import Numbers
from wardmap.stats.ratios import each_to_rest, expected_at_rest

Basis = str | Mapping[str, float]

WORDS = {
    "volume": "incidents",
    "excess": "incidents above what the rest's rate would give",
    "eb_excess": "incidents above the district's rate, smoothed by the gamma-Poisson model",
    "equal": "the same for each",
}


def mixed(basis: Basis) -> dict[str, float]:
    """Return the parts of a mix and their weights, which sum to 1."""
    parts = (
        {basis: 1.0} if isinstance(basis, str) else {str(name): float(part) for name, part in basis.items()}
    )
    total = sum(parts.values())
    if not all(part >= 0 for part in parts.values()) or not 0 < total < np.inf:
        raise InputError(
            "The weights of a mix must not be negative, and must sum to more than nothing.",
            f"weights: {parts}",
            mend='basis={"volume": 0.5, "excess": 0.5}',
        )
    return {name: part / total for name, part in parts.items() if part}


def in_words(parts: Mapping[str, float]) -> str:
    """Say what is shared by what: `50% by volume (incidents), 50% by equal (the same for each)`."""
    return ", ".join(
        f"{f'{100 * part:.3g}% ' if len(parts) > 1 else ''}by {name} "
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

    def refuse_nobody(self, counts: Numbers, chosen: npt.NDArray[np.intp]) -> None:
        """Raise where none of the chosen wards has any need on one of the bases."""
        for name in self._parts:
            if self._of(name, counts)[chosen].sum() == 0:
                raise InputError(
                    f"No ward has any need by {name!r}, so nothing can be shared by it.",
                    f"wards: {len(chosen)}",
                    mend='basis="equal", or other wards.',
                )

    def shares(self, counts: Numbers, chosen: npt.NDArray[np.intp]) -> Numbers:
        """Return the share, summing to 1, of each chosen ward in the need; equal where nobody has any."""
        total = np.zeros(len(chosen))
        for name, part in self._parts.items():
            need = self._of(name, counts)[chosen]
            total += part * (need / need.sum() if need.sum() else 1 / len(chosen))
        return total

    def _of(self, name: str, counts: Numbers) -> Numbers:
        if name == "volume":
            return counts
        if name == "equal":
            return np.ones(len(counts))
        if name == "excess":
            parts = each_to_rest(counts, self._people)
            return np.nan_to_num(np.maximum(parts.incidents - expected_at_rest(parts), 0))
        if name == "eb_excess":
            above = self._model.smoothed(counts, self._people) - self._model.mean
            smoothed: Numbers = np.maximum(above, 0) * self._people
            return smoothed
        return self._given[name]


def _column(rows: pd.DataFrame, name: str) -> Numbers:
    numeric = [column for column in rows if pd.api.types.is_numeric_dtype(rows[column].dtype)]
    if name not in numeric:
        raise MissingColumnError(
            f"There is no basis {name!r}: it is neither one of wardmap's nor a column of numbers.",
            f"wardmap's: {', '.join(WORDS)}",
            f"columns of numbers, nearest first: {', '.join(schema.nearest(name, numeric)[:8])}",
            mend='basis="volume"',
        )
    values: Numbers = rows[name].to_numpy(dtype=float, na_value=np.nan)
    if not (values >= 0).all() or not np.isfinite(values).all():
        bad = rows.index.get_level_values("ward_code")[~((values >= 0) & np.isfinite(values))]
        raise InputError(
            f"Column {name!r} cannot be a need: it is null, negative or infinite in some wards.",
            f"ward codes: {listed(bad)}",
        )
    return values
