"""`overlap_lookup`: which share of each old ward is in which new one, by people or by land."""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from wardmap.errors import AlignmentError, CRSError, MissingColumnError, counted, listed


def overlap_lookup(
    old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, *, people: gpd.GeoDataFrame | None = None
) -> pd.DataFrame:
    """Measure which share of each old ward is in which new ward, by people or by land.

    Answers: how was this ward divided? For `rebase`, where no official lookup is at hand.

    Parameters
    ----------
    old, new
        The wards of the two years, in any coordinate systems.
    people
        Where people live: points (centres of small areas) with `population`. Without it land is
        measured, which is a poor guide wherever a ward is half fields.

    Returns
    -------
    DataFrame
        One row for each old ward and new ward that share something: `from_code`, `to_code`,
        `share` (0 to 1, sums to 1 for each old ward) and `share_method`. An old ward without people
        is shared by land.

    Raises
    ------
    CRSError
        One of the tables has no coordinate system.
    AlignmentError
        An old ward overlaps no new one.
    MissingColumnError
        `people` has no `population`.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> shares = wm.read.overlap_lookup(wards, wards)
    >>> (shares["from_code"] == shares["to_code"]).all().item()
    True
    """
    for table, what in ((old, "old wards"), (new, "new wards"), (people, "people")):
        if table is not None and table.crs is None:
            raise CRSError(f"The {what} do not say which coordinate system they are in.")
    system = old.estimate_utm_crs() if old.crs.is_geographic else old.crs
    land = _by_land(old.to_crs(system), new.to_crs(system))
    lost = old.index.difference(land["from_code"])
    if len(lost):
        raise AlignmentError(
            f"In none of the new wards: {counted(len(lost), 'old ward')}.",
            f"ward codes: {listed(lost)}",
            mend="give the new wards of every district that the old ones are in.",
        )
    if people is None:
        return _as_shares(land, "Share of land.")
    if "population" not in people:
        raise MissingColumnError(
            "The people have no column 'population'.", f"columns: {listed(people.columns)}"
        )
    found = _by_people(old.to_crs(system), new.to_crs(system), people.to_crs(system))
    empty = land[~land["from_code"].isin(found.loc[found["weight"] > 0, "from_code"])]
    return pd.concat(
        [
            _as_shares(found[found["weight"] > 0], "Share of people, by the points where they live."),
            _as_shares(empty, "Share of land, because no people are on file there."),
        ],
        ignore_index=True,
    ).sort_values(["from_code", "to_code"], ignore_index=True)


def _by_land(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame) -> pd.DataFrame:
    a, b = old.geometry.to_numpy(), new.geometry.to_numpy()
    i, j = shapely.STRtree(b).query(a, predicate="intersects")
    area = shapely.area(shapely.intersection(a[i], b[j]))
    # a border that was redrawn moves a little land into every neighbour: less than a thousandth is noise
    real = area > 0.001 * shapely.area(a[i])
    return pd.DataFrame(
        {"from_code": old.index[i[real]], "to_code": new.index[j[real]], "weight": area[real]}
    )


def _by_people(old: gpd.GeoDataFrame, new: gpd.GeoDataFrame, people: gpd.GeoDataFrame) -> pd.DataFrame:
    points = people.geometry.to_numpy()
    homes = [_ward_of(points, wards) for wards in (old, new)]
    placed = pd.DataFrame(
        {"from_code": homes[0], "to_code": homes[1], "weight": people["population"].to_numpy(dtype=float)}
    )
    return placed.dropna().groupby(["from_code", "to_code"])[["weight"]].sum().reset_index()


def _ward_of(points: npt.NDArray[np.object_], wards: gpd.GeoDataFrame) -> npt.NDArray[np.object_]:
    """Return for each point the lowest code of the wards that hold it, or None."""
    ordered = wards.sort_index()
    point, ward = shapely.STRtree(ordered.geometry.to_numpy()).query(points, predicate="intersects")
    first = np.full(len(points), len(ordered))
    np.minimum.at(first, point, ward)
    return np.asarray(np.array([*ordered.index, None], dtype=object)[first])


def _as_shares(weights: pd.DataFrame, method: str) -> pd.DataFrame:
    shares = weights.assign(share=weights["weight"] / weights.groupby("from_code")["weight"].transform("sum"))
    return shares.drop(columns="weight").assign(share_method=method).reset_index(drop=True)
