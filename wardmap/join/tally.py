"""`Tally`: numbers of rows by theme, month, ward and match, as sorted keys that add up fast.

A key is one whole number: theme, month, ward and match packed into its digits. Tallies of parts of
the data add up to the tally of all of it, in any order.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.join.place import CODE, Matches, Positions

Keys = npt.NDArray[np.int64]

_MATCH, _WARD, _MONTH = 3, 24, 17  # bits; what is left, 19 bits, is the theme
_THEME_AT = _MATCH + _WARD + _MONTH


@dataclass(frozen=True)
class Tally:
    """How many rows have each key; keys are sorted and appear once."""

    keys: Keys
    rows: npt.NDArray[np.int64]

    @classmethod
    def of(cls, keys: Keys) -> "Tally":
        """Count rows by their keys."""
        return cls(*np.unique(keys, return_counts=True))

    @classmethod
    def sum_of(cls, *tallies: "Tally") -> "Tally":
        """Add tallies up; keys whose rows cancel out go."""
        if len(tallies) == 1:
            return tallies[0]
        keys = np.concatenate([np.empty(0, dtype=np.int64), *(tally.keys for tally in tallies)])
        rows = np.concatenate([np.empty(0, dtype=np.int64), *(tally.rows for tally in tallies)])
        order = np.argsort(keys, kind="stable")
        keys, rows = keys[order], rows[order]
        begins = np.flatnonzero(np.diff(keys, prepend=-1))
        totals = np.add.reduceat(rows, begins) if len(keys) else rows
        return cls(keys[begins][totals != 0], totals[totals != 0])

    def plus(self, other: "Tally") -> "Tally":
        """Add two tallies up."""
        return self.sum_of(self, other)

    def minus(self, other: "Tally") -> "Tally":
        """Take one tally away from another."""
        return self.plus(Tally(other.keys, -other.rows))

    def frame(self, themes: list[str], codes: pd.Index) -> pd.DataFrame:
        """Return the tally as columns: theme, date, ward_code, match, rows."""
        month = (self.keys >> (_MATCH + _WARD)) & ((1 << _MONTH) - 1)
        dates = (month - 12 * 1970).astype("datetime64[M]").astype("datetime64[us]")
        dates[month == 0] = np.datetime64("NaT")
        ward = ((self.keys >> _MATCH) & ((1 << _WARD) - 1)) - 1
        return pd.DataFrame(
            {
                "theme": pd.Categorical.from_codes(self.keys >> _THEME_AT, categories=pd.Index(themes)),
                "date": dates,
                "ward_code": pd.Categorical.from_codes(ward, categories=codes),
                "match": pd.Categorical.from_codes(
                    self.keys & ((1 << _MATCH) - 1), categories=pd.Index(schema.MATCHES)
                ),
                "rows": self.rows,
            }
        )

    def matches(self) -> npt.NDArray[np.int64]:
        """Return the number of rows of each match, in the order of `schema.MATCHES`."""
        match = self.keys & ((1 << _MATCH) - 1)
        return np.bincount(match, self.rows, len(schema.MATCHES)).astype(np.int64)


def pack(theme: Keys, month: Keys, ward: Positions, match: Matches) -> Keys:
    """Return each row's key; a month of 0 is none, a ward of -1 is none."""
    keys = (theme << _MONTH | month) << _WARD | (ward.astype(np.int64) + 1)
    return keys << _MATCH | match


def with_themes(keys: Keys, theme_of: Keys) -> Keys:
    """Return the keys with their theme, a number of one file, replaced by its number among all."""
    rest = keys & ((1 << _THEME_AT) - 1)
    numbered: Keys = theme_of[keys >> _THEME_AT] << _THEME_AT | rest
    return numbered


def as_duplicates(keys: Keys) -> Keys:
    """Return the keys that rows get when they turn out to repeat an earlier identifier."""
    place = (1 << (_WARD + _MATCH)) - 1
    return (keys & ~place) | int(CODE["duplicate"])
