"""`place_area`: a named set of wards as one place."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from wardmap import schema
from wardmap.errors import listed
from wardmap.geometry.metric import in_metres
from wardmap.priority.chosen_wards import checked_codes
from wardmap.stats import ratios


def place_area(
    wards: gpd.GeoDataFrame,
    *,
    name: str,
    ward_codes: Sequence[str],
    table: pd.DataFrame | None = None,
    theme: str | None = None,
    period: str | None = None,
) -> gpd.GeoDataFrame:
    """Describe a set of wards that partners chose, as one place with one outline.

    Answers: what does this area hold of the district's people, land and incidents? The set is a
    decision, not a finding: it is taken as given, described, and never tested as if it had been
    drawn blindly.

    Parameters
    ----------
    wards
        The wards table.
    name
        What the area is called.
    ward_codes
        Its wards, by code.
    table
        The ward table with `incidents` and `population`, for the shares and ratios.
    theme, period
        Which rows of `table` to add up. By default `all crime`, or the only theme; and the last period.

    Returns
    -------
    GeoDataFrame
        The areas table, one row, index `area`, in the wards' CRS: `ward_codes`, `ward_names`,
        `contiguous`, `area_km2`, `share_area` (of the district's land), `population`, `incidents`,
        `share_population`, `share_incidents`, `share_harm` (where the table has `harm`), `gap` (null:
        see `grow_area`), `ratio_district` (its rate over that of the district, which contains
        it), `ratio_rest` (over that of the other wards), `area_method`, `geometry`.

    Raises
    ------
    InputError
        No ward, a ward twice, a code that is not in the wards, or a theme or period that is not
        in the table.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> inner = wm.place_area(wards, name="Burton and Shobnall", ward_codes=["E05006922", "E05006930"])
    >>> bool(inner["contiguous"].item())
    True
    """
    schema.require(wards, schema.WARDS, ["ward_name", "geometry"])
    codes = checked_codes(ward_codes, wards["ward_name"], f"Area {name!r}")
    chosen = wards.loc[codes]
    metric = in_metres(chosen.geometry, wards)
    area = {
        "ward_codes": [codes],
        "ward_names": [chosen["ward_name"].tolist()],
        "contiguous": [_is_contiguous(metric)],
        "area_km2": [float(metric.area.sum()) / 1e6],
        "share_area": [float(metric.area.sum() / in_metres(_district(wards).geometry, wards).area.sum())],
        "gap": pd.array([pd.NA], dtype="Int64"),
        **_numbers(codes, table, theme, period),
    }
    outline = [shapely.union_all(chosen.geometry.to_numpy())]
    index = pd.Index([name], name="area")
    areas = gpd.GeoDataFrame(area, geometry=outline, index=index, crs=wards.crs)
    areas["area_method"] = areas["area_method"].astype("category")
    return areas


def _district(wards: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return wards[~wards["halo"]] if "halo" in wards else wards


def _is_contiguous(shapes: gpd.GeoSeries) -> bool:
    """Tell whether one can walk from each ward to each other one, over shared edges or corners."""
    array = shapes.to_numpy()
    one, other = shapely.STRtree(array).query(array, predicate="intersects")
    reached = np.zeros(len(array), dtype=bool)
    reached[0] = True
    while True:
        grown = reached.copy()
        grown[other[reached[one]]] = True
        if (grown == reached).all():
            return bool(reached.all())
        reached = grown


def _numbers(
    codes: list[str], table: pd.DataFrame | None, theme: str | None, period: str | None
) -> dict[str, object]:
    nothing = dict.fromkeys(
        ("population", "share_population", "share_incidents", "share_harm", "ratio_district", "ratio_rest"),
        np.nan,
    )
    if table is None:
        return {
            **nothing,
            "incidents": pd.array([pd.NA], dtype="Int64"),
            "area_method": "Named set of wards.",
        }
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    schema.refuse_halo(table, "An area")
    rows = schema.select(table, theme, period)
    shown = ", ".join(str(rows.index.get_level_values(level)[0]) for level in ("theme", "period"))
    district = rows.droplevel(["theme", "period"])
    inside = district.reindex(codes)
    count, lived = (
        district[column].to_numpy(dtype=float, na_value=np.nan) for column in ("incidents", "population")
    )
    parts = ratios.set_to_rest(count, lived, district.index.isin(codes))
    unknown = district.index[~(district["population"] > 0).to_numpy(dtype=bool, na_value=False)]
    left_out = f"; wards whose people are not known are in neither: {listed(unknown)}" if len(unknown) else ""
    harm = district["harm"] if "harm" in district else pd.Series(np.nan, index=district.index)
    return {
        "population": inside["population"].sum(),
        "incidents": pd.array([inside["incidents"].sum()], dtype="Int64"),
        "share_population": ratios.share_of(parts.people, parts.whole_people),
        "share_incidents": ratios.share_of(inside["incidents"].sum(), district["incidents"].sum()),
        "share_harm": harm.reindex(codes).sum(min_count=1) / harm.sum(min_count=1),
        "ratio_district": ratios.ratio_with_whole(parts),
        "ratio_rest": ratios.ratio(parts),
        "area_method": f"Named set of wards; {shown}. ratio_district compares with the district, "
        f"the area included; ratio_rest with the other wards only{left_out}.",
    }
