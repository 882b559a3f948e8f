"""`suggest_areas`: the district cut into contiguous areas that are alike inside, by PySAL's spopt."""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, TooFewWardsError, WardmapError, listed
from wardmap.method import percent
from wardmap.priority.areas.contiguity import components, links, members
from wardmap.priority.areas.place_area import place_area
from wardmap.stats.concentration import needed

if TYPE_CHECKING:
    from libpysal.graph import Graph


def suggest_areas(
    table: pd.DataFrame,
    wards: gpd.GeoDataFrame,
    graph: "Graph",
    *,
    number: int | None = None,
    least: float | None = None,
    column: str = "incidents",
    columns: Sequence[str] = ("rate",),
    theme: str | None = None,
    period: str | None = None,
    seed: int = 0,
) -> gpd.GeoDataFrame:
    """Suggest how the whole district could be cut into contiguous areas of wards that are alike.

    Answers: if every ward had to belong to one team's area, where would the lines go? A suggestion to
    argue with, not a finding.

    Parameters
    ----------
    table
        The ward table with `incidents`, `population` and the columns named.
    wards
        The wards table.
    graph
        Which wards are neighbours, from `neighbours`.
    number
        Cut into so many areas (SKATER). Either this or `least`.
    least
        Cut into as many areas as possible, each with at least this share of the district's `column`
        (max-p regions).
    column
        The column that `least` is a share of: `incidents`, `population`, `harm`.
    columns
        The columns in which wards of one area should be alike, each put on a standard scale.
    theme, period
        Which rows of `table`. By default `all crime`, or the only theme; and the last period.
    seed
        Of max-p, which searches at random.

    Returns
    -------
    GeoDataFrame
        The areas table, a row for each area as `place_area` writes it, the one with most incidents
        first; every ward is in exactly one. `area_method` says how the totals are balanced.

    Raises
    ------
    InputError
        Neither or both of `number` and `least`, numbers that cannot be used, or columns that are null.
    TooFewWardsError
        The wards do not all touch each other, so that areas would have to reach across a gap.
    WardmapError
        spopt is not installed, or what it suggests does not keep to what was asked.

    Notes
    -----
    SKATER (Assunção and others 2006, doi:10.1080/13658810600665111) cuts the tree of the most alike
    neighbours; it balances nothing, so read the shares. Max-p (Duque and others 2012,
    doi:10.1111/j.1467-9787.2011.00743.x) is a heuristic: more areas may be possible. Both come from
    spopt, and what they return is checked here: every ward once, every area contiguous, every total
    large enough. Not for finding hot spots: areas are drawn around what the data already shows.

    Examples
    --------
    >>> import wardmap as wm
    >>> wards = wm.read_wards(wm.demo.wards_file())
    >>> incidents = wm.assign_wards(wm.read_incidents(wm.demo.extract()), wards)
    >>> table = wm.count_incidents(incidents, wards, by_period="all")
    >>> table = wm.add_rates(table, wm.read_population(wm.demo.population_file()))
    >>> areas = wm.priority.suggest_areas(table, wards, wm.neighbours(wards), number=3)
    >>> areas["contiguous"].tolist()
    [True, True, True]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population", column, *columns])
    schema.refuse_halo(table, "An area")
    rows = schema.select(table, theme, period).sort_index(level="ward_code").droplevel(["theme", "period"])
    _check(rows, number, least, [column, *columns])
    near = links(graph, rows.index)
    if len(components(near)) > 1:
        raise TooFewWardsError(
            "The wards do not all touch each other, so contiguous areas cannot cover them.",
            f"parts: {listed(rows.index[[(part & -part).bit_length() - 1 for part in components(near)]])}",
            mend="suggest areas for each part, or wm.neighbours(wards, tolerance_m=50).",
        )
    scaled = (rows[list(columns)] - rows[list(columns)].mean()) / rows[list(columns)].std()
    labels = _labels(scaled, rows[column], near, number=number, least=least or 0.0, seed=seed)
    sets = [rows.index[labels == label] for label in np.unique(labels)]
    sets.sort(key=lambda codes: -rows.loc[codes, "incidents"].sum())
    areas = pd.concat(
        [
            place_area(wards, name=f"Area {n}", ward_codes=codes, table=table, theme=theme, period=period)
            for n, codes in enumerate(sets, start=1)
        ]
    )
    shares = np.array([rows.loc[codes, column].sum() for codes in sets]) / rows[column].sum()
    _check_kept(areas, shares, number, least)
    how = f"SKATER, {number} areas" if number is not None else f"max-p, at least {percent(least or 0)} each"
    method = areas["area_method"].astype(str) + (
        f" Suggested by {how}, alike in {', '.join(columns)}; an area holds {100 * shares.min():.0f} to "
        f"{100 * shares.max():.0f}% of {column}; seed {seed}."
    )
    return areas.assign(area_method=pd.Categorical(method))


def _labels(
    scaled: pd.DataFrame,
    total: pd.Series,
    near: list[int],
    *,
    number: int | None,
    least: float,
    seed: int,
) -> Any:
    """Return which area spopt puts each ward in; it wants wards numbered from 0, in order."""
    try:
        from libpysal.weights import W  # noqa: PLC0415 - only spopt still asks for it
        from spopt.region import MaxPHeuristic, Skater  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise WardmapError(
            "Areas are suggested by spopt, which is not installed.",
            str(error),
            mend='python -m pip install "wardmap[areas]"',
        ) from error
    # Skater takes a difference of nothing for no border, and neighbours do have equal rates: zero, above all.
    scaled = scaled.add(1e-9 * np.arange(len(scaled)), axis=0)
    weights = W({at: members(bits) for at, bits in enumerate(near)})
    frame = gpd.GeoDataFrame(scaled.assign(_held=total).reset_index(drop=True))
    columns = list(scaled.columns)
    if number is not None:
        model = Skater(frame, weights, columns, n_clusters=number)
    else:
        model = MaxPHeuristic(frame, weights, columns, "_held", float(needed(least, total.sum())))
    with _quiet_and_seeded(seed):
        model.solve()
    return np.asarray(model.labels_)


@contextmanager
def _quiet_and_seeded(seed: int) -> Iterator[None]:
    """Seed numpy's global generator, which spopt draws from, and put it back; mute what pandas says."""
    before = np.random.get_state()  # noqa: NPY002 - spopt knows no other generator
    np.random.seed(seed)  # noqa: NPY002
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", category=DeprecationWarning)
            warnings.simplefilter("ignore", category=FutureWarning)
            yield
    finally:
        np.random.set_state(before)  # noqa: NPY002


def _check(rows: pd.DataFrame, number: int | None, least: float | None, columns: list[str]) -> None:
    if (number is None) == (least is None):
        raise InputError("Ask for a number of areas, or for the least share of each.", mend="number=4")
    if number is not None and not 2 <= number < len(rows):
        raise InputError(
            "The number of areas must be at least 2, and less than that of the wards.",
            f"number: {number}; wards: {len(rows)}",
        )
    if least is not None and not 0 < least <= 0.5:
        raise InputError("Two areas hold half each at most.", f"least: {least}", mend="least=0.2")
    lost = [column for column in columns if rows[column].isna().any()]
    flat = [column for column in columns if rows[column].min() == rows[column].max()]
    if lost or flat:
        raise InputError(
            "Wards cannot be told alike by a column that is null somewhere, or the same everywhere.",
            f"null: {listed(lost)}; the same: {listed(flat)}",
        )


def _check_kept(areas: gpd.GeoDataFrame, shares: Any, number: int | None, least: float | None) -> None:
    """Raise unless spopt kept to what was asked: its answers are heuristics, and are not taken on trust."""
    apart = areas.index[~areas["contiguous"]]
    small = least is not None and shares.min() < least * (1 - 1e-9)
    if len(apart) or small or (number is not None and len(areas) != number):
        raise WardmapError(
            "What spopt suggests does not keep to what was asked.",
            f"areas: {len(areas)}; not contiguous: {listed(apart)}; the smallest share: {shares.min():.3f}",
            mend="another number of areas, a smaller least share, or another seed.",
        )
