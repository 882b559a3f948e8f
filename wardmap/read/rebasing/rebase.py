"""`rebase`: a table of one boundary year on the wards of another, with every total kept."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, counted, listed
from wardmap.formats.lookup import Lookup, read_lookup
from wardmap.stats.shares import largest_remainder

_WHOLE_PERIOD = ("months", "complete", "located_share")

Numbers = npt.NDArray[np.float64]


def rebase(table: pd.DataFrame, lookup: Lookup, *, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """Carry counts or people from the wards of one boundary year to those of another.

    Answers: what would last year's table be on this year's wards? A ward that was divided is shared
    out by the lookup; whole numbers stay whole (largest remainder), and every total is kept exactly.

    Parameters
    ----------
    table
        The ward table with `incidents` (and `population`, if it is there), or the population table.
    lookup
        Which share of each old ward is in which new one, as a frame or a file: `from_code` (old),
        `to_code` (new) and `share` (0 to 1; may be left out where each old ward is in one new one). From
        `overlap_lookup`, or an official lookup with its columns renamed.
    wards
        The new wards.

    Returns
    -------
    DataFrame
        The same kind of table with the index of the new wards, every one present: `incidents` (whole
        number), `population` (null where a part is not known), and what holds for a whole period
        (`months`, `complete`, `located_share`). Rates and statistics are left out: compute them
        again. The method sentence says how many wards were divided and the largest of the divisions.

    Raises
    ------
    AlignmentError
        An old ward of the table is not in the lookup, or a new one of it not among the wards.
    InputError
        Shares that are negative or do not sum to 1, or a divided ward without shares.
    MissingColumnError
        The lookup lacks a column.

    Notes
    -----
    Shares say where people live, or how land was cut, not where incidents were: a divided ward's
    parts are estimates, and a hot spot on one side of the new line is spread over both. Where
    incidents have points, assign them to the new wards instead. Do not test changes between
    rebased and counted wards as if both were counted.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> people = wm.read_population(wm.demo.population_file())
    >>> merged = pd.DataFrame({"from_code": wards.index, "to_code": wards.index[0]})
    >>> int(wm.read.rebase(people, merged, wards=wards)["population"].max())
    117552
    """
    shares = _shares(lookup, wards)
    if table.index.names == ["ward_code"]:
        schema.require(table, schema.POPULATION, ["population"])
        return _people(table, shares, wards)
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    return _counts(table, shares, wards)


def _shares(lookup: Lookup, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the lookup checked, its shares summing to 1 for each old ward."""
    shares = read_lookup(lookup, verb="read.rebase")
    sums = shares.groupby("from_code")["share"].sum()
    wrong = sums.index[(sums - 1).abs() > 0.001].union(
        pd.Index(shares.loc[~(shares["share"] >= 0), "from_code"])
    )
    if len(wrong):
        raise InputError(
            f"The shares of {counted(len(wrong), 'old ward')} are negative or do not sum to 1.",
            f"ward codes: {listed(wrong)}",
            mend="give each part of an old ward its share, 0 to 1.",
        )
    strangers = pd.Index(shares["to_code"]).difference(wards.index)
    if len(strangers):
        raise AlignmentError(
            f"Not among the wards: {counted(len(strangers), 'new ward')} of the lookup.",
            f"ward codes: {listed(strangers)}",
            mend="read the wards of the year that the lookup leads to.",
        )
    return shares


def _counts(table: pd.DataFrame, shares: pd.DataFrame, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    _refuse_unknown(table.index.get_level_values("ward_code"), shares)
    columns = [column for column in ("incidents", "population") if column in table.columns]
    carried = {column: _carry(table[column].unstack("ward_code"), shares, wards.index) for column in columns}  # noqa: PD010
    shape = pd.DataFrame({"incidents": carried["incidents"].stack(future_stack=True)})  # noqa: PD013
    same = [column for column in _WHOLE_PERIOD if column in table.columns]
    by_period = table[same].groupby(level=["theme", "period"], sort=False).first()
    rebased = pd.DataFrame(
        {"ward_name": wards["ward_name"].reindex(shape.index.get_level_values("ward_code")).to_numpy()},
        index=shape.index,
    )
    keys = pd.MultiIndex.from_arrays([shape.index.get_level_values(level) for level in ("theme", "period")])
    values: dict[str, Any] = {"incidents": shape["incidents"].astype("int64").to_numpy()}
    values |= {column: by_period[column].reindex(keys).to_numpy() for column in same}
    words = _words(shares, table["incidents"].groupby(level="ward_code").sum(), wards)
    before = _sentence(table, "incidents")
    rebased = schema.write(rebased, "incidents", values, f"{before}{words}")
    if "population" in carried:
        people = carried["population"].stack(future_stack=True).reindex(rebased.index)  # noqa: PD013
        rebased = schema.write(
            rebased,
            "population",
            {"population": people.to_numpy()},
            f"{_sentence(table, 'population')}{words}",
        )
    return rebased


def _people(table: pd.DataFrame, shares: pd.DataFrame, wards: gpd.GeoDataFrame) -> pd.DataFrame:
    _refuse_unknown(table.index, shares)
    carried = _carry(table[["population"]].T, shares, wards.index).T
    words = _words(shares, table["population"], wards)
    carried["population"] = carried["population"].astype(float)
    if "population_year" in table.columns:
        carried["population_year"] = table["population_year"].iloc[0]
    return carried.assign(
        population_method=pd.Categorical([f"{_sentence(table, 'population')}{words}"] * len(carried))
    ).rename_axis(index="ward_code", columns=None)


def _carry(values: pd.DataFrame, shares: pd.DataFrame, new: pd.Index) -> pd.DataFrame:
    """Share out each old ward's column among the new wards' columns; every row keeps its sum."""
    result = pd.DataFrame(0.0, index=values.index, columns=pd.Index(new, name="ward_code"))
    for old, parts in shares.sort_values("to_code").groupby("from_code"):
        if old in values.columns:
            given = values[old].to_numpy(dtype=float)
            pieces = np.array([_pieces(value, parts["share"].to_numpy(dtype=float)) for value in given])
            result[parts["to_code"].tolist()] += pieces
    return result


def _pieces(value: float, shares: Numbers) -> Numbers:
    if not np.isfinite(value):
        return np.full(len(shares), np.nan)
    if value == int(value):
        return largest_remainder(shares, int(value)).astype(float)
    pieces: Numbers = value * shares / shares.sum()
    pieces[-1] = value - pieces[:-1].sum()
    return pieces


def _refuse_unknown(codes: pd.Index, shares: pd.DataFrame) -> None:
    unknown = codes.unique().difference(pd.Index(shares["from_code"]))
    if len(unknown):
        raise AlignmentError(
            f"Not in the lookup: {counted(len(unknown), 'ward')} of the table.",
            f"ward codes: {listed(unknown)}",
            mend="give the lookup from the year of the table.",
        )


def _words(shares: pd.DataFrame, weight: pd.Series, wards: gpd.GeoDataFrame) -> str:
    """Say how many wards were divided, how much lies in them, and the largest of the divisions."""
    here = shares[shares["from_code"].isin(weight.index) & (shares["share"] > 0)]
    divided = here[here["from_code"].duplicated(keep=False)]
    vintage = " and ".join(map(str, wards["vintage"].unique()))
    start = f" Carried to the wards of {vintage}: {here['from_code'].nunique():,} wards"
    if divided.empty:
        return f"{start}, none divided."
    part = weight[divided["from_code"].unique()].sum() / weight.sum() if weight.sum() else 0.0
    main = divided.sort_values("share").drop_duplicates("from_code", keep="last")
    weighed = main["share"] * weight.reindex(main["from_code"]).to_numpy()
    largest = ", ".join(
        f"{old} ({100 * share:.0f}% to {new})"
        for old, new, share in main.loc[
            weighed.nlargest(3).index, ["from_code", "to_code", "share"]
        ].itertuples(index=False)
    )
    return (
        f"{start}, {divided['from_code'].nunique():,} divided, with {100 * part:.1f}% of the total; "
        f"largest: {largest}."
    )


def _sentence(table: pd.DataFrame, what: str) -> str:
    column = f"{what}_method"
    return " ".join(map(str, table[column].dropna().unique())) if column in table.columns else ""
