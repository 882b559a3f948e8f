"""The layers of a map: one theme in one period each, with what the page says and paints in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from wardmap import schema, style
from wardmap.errors import InputError, MissingColumnError
from wardmap.maps import checks
from wardmap.maps.facts import Fact, decimals, facts

Labels = str | Sequence[str] | None

# A ward without a class is hatched, and says which of these is the case.
NO_CLASS = {-1: style.NO_DATA, -2: style.NOT_TESTABLE, -3: style.SUPPRESSED, -4: style.NOT_FINITE}
_FLAG_ORDER = {flag: place for place, flag in enumerate(schema.FLAGS)}


@dataclass(frozen=True, slots=True)
class Layer:
    """One theme in one period: its rows in the order of the map's wards, and how they are shown.

    `order` is that of a table of this layer: priority, then watch, in each the highest first.
    """

    theme: str
    period: str
    rows: pd.DataFrame
    facts: list[Fact]
    classes: style.Classes
    codes: list[int]
    order: list[int]

    def name(self) -> str:
        """Return theme and period as they stand in a headline."""
        theme = self.theme[:1].upper() + self.theme[1:] if self.theme[:1].isascii() else self.theme
        return f"{theme}, {self.period}"

    def flagged(self, flag: str) -> list[int]:
        """Return the places of the wards that have a flag, the highest value first."""
        if "priority" not in self.rows:
            return []
        flags = self.rows["priority"].astype(str).tolist()
        return [at for at in self.order if flags[at] == flag]

    def reasons(self) -> list[str] | None:
        """Return the reason of each ward, or None when the table has none."""
        if "reason" not in self.rows:
            return None
        return [str(reason) for reason in self.rows["reason"].astype("object").fillna("")]

    def lede(self) -> str:
        """Return in a sentence how many wards there are and how many are flagged."""
        wards = f"{len(self.rows):,} ward{'' if len(self.rows) == 1 else 's'}"
        if "priority" not in self.rows:
            return f"{wards}."
        high, watch = (len(self.flagged(flag)) for flag in ("priority", "watch"))
        return f"{wards}: {high} flagged as priority, {watch} to watch."

    def data(self) -> dict[str, Any]:
        """Return what the page needs to show this layer; the wards' geometry is not among it."""
        return {
            "codes": self.codes,
            "flags": {flag: self.flagged(flag) for flag in schema.FLAGS} if "priority" in self.rows else None,
            "order": self.order,
            "facts": [fact.words for fact in self.facts],
            "reasons": self.reasons(),
        }


def layers(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    *,
    value: str,
    theme: Labels,
    period: Labels,
    breaks: Sequence[float] | None,
) -> list[list[Layer]]:
    """Return the layers of each theme, period by period; the map opens on the first theme's last.

    All have their wards in one order, that of the layer which opens. The periods of a theme share
    their classes, so that a colour means the same in each.
    """
    _check_value(table, value)
    parts = [[_rows(table, wards, t, p) for p in _several(period)] for t in _several(theme)]
    opened = parts[0][-1]
    codes = opened.index.get_level_values("ward_code")[_order(opened, value)]
    return [_of_theme(found, codes, value, breaks) for found in parts]


def _check_value(table: pd.DataFrame, value: str) -> None:
    schema.require(table, schema.WARD_TABLE, [])
    if value not in table.columns:
        numbers = table.select_dtypes("number").columns
        writers = {column.name: column.writer for column in schema.WARD_TABLE.columns}
        raise MissingColumnError(
            f"The ward table has no column {value!r} to map.",
            f"columns of numbers, nearest first: {', '.join(schema.nearest(value, numbers))}",
            mend=writers.get(value) or "name one of these as value=.",
        )
    if len(table) and not _is_number(table[value]) and _words(table, value) is None:
        raise InputError(
            f"Column {value!r} cannot be put into classes: it does not hold numbers.",
            f"it holds: {table[value].dtype}, for example {table[value].iloc[0]!r}",
            mend=f'table.assign({value}=pd.to_numeric(table["{value}"]))',
        )


def _several(labels: Labels) -> list[str | None]:
    if labels is None or isinstance(labels, str):
        return [labels]
    found: list[str | None] = list(dict.fromkeys(map(str, labels)))
    if not found:
        raise InputError("A map needs at least one theme and one period.", mend='theme=["all crime"]')
    return found


def _rows(
    table: pd.DataFrame, wards: gpd.GeoDataFrame, theme: str | None, period: str | None
) -> pd.DataFrame:
    halo = wards["halo"].to_numpy()
    rows = checks.align(schema.select(table, theme, period), wards.index[~halo], wards.index[halo])
    if "ward_name" in rows:
        return rows
    return rows.assign(ward_name=wards["ward_name"].reindex(rows.index.get_level_values("ward_code")).array)


def _order(rows: pd.DataFrame, value: str) -> list[int]:
    """Priority first, then watch; within each the highest value first, no data last."""
    flag = rows["priority"].astype(str) if "priority" in rows else pd.Series("none", index=rows.index)
    low = np.zeros(len(rows))
    if _is_number(rows[value]):
        high = rows[value].to_numpy(dtype="float64", na_value=np.nan)
        low = np.where(np.isnan(high), np.inf, -high)
    codes = rows.index.get_level_values("ward_code")
    return [int(at) for at in np.lexsort((codes, low, flag.map(_FLAG_ORDER).fillna(9)))]


def _of_theme(
    parts: list[pd.DataFrame], codes: pd.Index, value: str, breaks: Sequence[float] | None
) -> list[Layer]:
    classes = _classes(pd.concat(parts), decimals(pd.concat(parts), value), value, breaks)
    made = []
    for part in parts:
        theme, period = (str(part.index.get_level_values(level)[0]) for level in ("theme", "period"))
        rows = part.droplevel(["theme", "period"]).loc[codes]
        made.append(
            Layer(
                theme,
                period,
                rows,
                facts(rows, value),
                classes,
                _codes(rows, value, classes),
                _order(rows.set_index(rows.index.rename("ward_code")), value),
            )
        )
    return made


def _classes(values: pd.DataFrame, places: int, value: str, breaks: Sequence[float] | None) -> style.Classes:
    if breaks is not None:
        return style.given_classes(breaks, decimals=places)
    column = schema.column(values, value)
    if column.scale == "ratio" and column.tested_by:
        return style.ratio_classes(decimals=places)
    if _is_number(values[value]):
        return style.value_classes(values[value], decimals=places)
    words = _words(values, value)
    assert words is not None  # noqa: S101 - checked at the door
    return words


def _words(table: pd.DataFrame, value: str) -> style.Classes | None:
    return style.word_classes(table[value], schema.column(table, value).words)


def _codes(rows: pd.DataFrame, value: str, classes: style.Classes) -> list[int]:
    codes = np.array([-1 if code is None else code for code in classes.of(rows[value])])
    if _is_number(rows[value]):
        codes[np.isinf(rows[value].to_numpy(dtype="float64", na_value=np.nan))] = -4
    tested = schema.column(rows, value).tested_by or value
    if tested in rows:
        codes[(codes == -1) & (rows[tested].astype(str) == style.NOT_TESTABLE.lower()).to_numpy()] = -2
    if "suppressed" in rows:
        codes[rows["suppressed"].fillna(value=False).to_numpy(dtype=bool)] = -3
    return [int(code) for code in codes]


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)
