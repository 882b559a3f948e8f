"""How the mapped value went from period to period in each ward, for the chart in the panel."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.maps.facts import decimals
from wardmap.maps.layers import Layer
from wardmap.stats.time_order import in_time_order


def trends(table: pd.DataFrame, value: str, shown: Sequence[Layer]) -> dict[str, Any] | None:
    """Return each theme's value in every period of the table, or None where there is no more than one.

    Per theme the periods, and per ward its numbers; where the table has limits, those as well. A period
    that is not on the map is in the chart, so that one layer alone still has its past.
    """
    if not pd.api.types.is_numeric_dtype(table[value].dtype):
        return None
    parts = [value, *(limit for limit in (f"{value}_lower", f"{value}_upper") if limit in table)]
    told = [_of_theme(table, parts, layer) for layer in shown]
    if all(len(theme["periods"]) < 2 for theme in told):
        return None
    return {"label": schema.column(table, value).label, "decimals": decimals(table, value), "themes": told}


def _of_theme(table: pd.DataFrame, parts: Sequence[str], layer: Layer) -> dict[str, Any]:
    of_theme = table.index.get_level_values("theme").astype(str) == layer.theme
    rows = table.loc[of_theme, list(parts)].droplevel("theme")
    periods = in_time_order(rows.index.unique("period"))
    places = decimals(table, parts[0])
    names = ("values", "lower", "upper")
    at = pd.MultiIndex.from_product([layer.rows.index, periods], names=["ward_code", "period"])
    rows = rows.reorder_levels(["ward_code", "period"]).reindex(at)
    shape = (len(layer.rows), len(periods))
    cubes = {name: _numbers(rows[part], shape, places) for name, part in zip(names, parts, strict=False)}
    return {"periods": [str(period) for period in periods], **cubes}


def _numbers(values: pd.Series, shape: tuple[int, int], places: int) -> list[list[float | None]]:
    rounded = np.round(values.to_numpy(dtype="float64", na_value=np.nan), places).reshape(shape)
    return [[number if isfinite(number) else None for number in ward] for ward in rounded.tolist()]
