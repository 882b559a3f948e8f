"""Two layers of one district side by side."""

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from wardmap.errors import InputError, listed
from wardmap.maps.contents import make_plan
from wardmap.maps.folium_map import WardMap
from wardmap.maps.layers import Labels
from wardmap.provenance import Source


def compare_maps(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    *,
    value: str = "rate",
    theme: Labels = None,
    period: Labels = None,
    breaks: Sequence[float] | None = None,
    areas: gpd.GeoDataFrame | None = None,
    title: str | None = None,
    sources: Sequence[Source] = (),
) -> WardMap:
    """Draw two periods, or two themes, as two maps side by side that move together.

    The question answered: what changed from then to now, or where do two themes differ? Point to a
    ward on one map and it is outlined on both; the panel has the numbers of both.

    Parameters
    ----------
    table, wards, value, breaks, areas, title, sources
        As for `ward_map`.
    theme, period
        Two themes and one period, or one theme and two periods; the first stands on the left. Two
        periods share their classes. Two themes have their own, unless `value` is `ratio` or `breaks`
        are given: a rare type would otherwise be of one colour throughout.

    Returns
    -------
    WardMap
        A `folium.Map`. Write it with `save_map`. The table below the maps, and a picture, are of the
        later period or of the first theme.

    Raises
    ------
    InputError
        These are not two layers; and whatever `ward_map` raises.

    Notes
    -----
    A change of colour is not a test: small counts change from year to year without a cause.

    Examples
    --------
    >>> from shapely import box
    >>> codes = pd.Index(["E05000001", "E05000002"], name="ward_code")
    >>> squares = [box(400_000, 300_000, 401_000, 301_000), box(401_000, 300_000, 402_000, 301_000)]
    >>> wards = gpd.GeoDataFrame({"ward_name": ["Abbey", "Bridge"]}, geometry=squares, index=codes, crs=27700)
    >>> index = pd.MultiIndex.from_product(
    ...     [["Burglary"], ["2017", "2018"], codes], names=["theme", "period", "ward_code"]
    ... )
    >>> table = pd.DataFrame({"rate": [4.0, 10.0, 5.0, 7.0]}, index=index)
    >>> drawn = compare_maps(table, wards, period=["2017", "2018"])
    >>> "Burglary, 2017 beside Burglary, 2018" in drawn.get_root().render()
    True
    """
    plan = make_plan(
        table,
        wards,
        value=value,
        theme=theme,
        period=period,
        breaks=breaks,
        areas=areas,
        title=title,
        sources=sources,
        beside=True,
    )
    shown = [layer.name() for periods in plan.themes for layer in periods]
    if len(shown) != 2:
        raise InputError(
            "Two maps side by side need two layers: two periods of one theme, or two themes of one period.",
            f"layers: {listed(shown)}",
            mend='compare_maps(table, wards, period=["2016/17", "2017/18"])',
        )
    return WardMap(plan)
