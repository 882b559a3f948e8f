"""How strong must a cluster be to be found here? The power of Gi* and of the scan in this district."""

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import InputError, ResolutionWarning
from wardmap.hotspots.local.gi_star import gi_star
from wardmap.hotspots.local.permutation import Numbers
from wardmap.hotspots.panel import family_names, links_of
from wardmap.hotspots.scans.scan import scan
from wardmap.hotspots.scans.scan_inputs import cases_of

if TYPE_CHECKING:
    import geopandas as gpd

RATIOS = (1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 6.0)
"""Rate ratios that are planted, one after the other, until one is found often enough."""


@dataclass(frozen=True, slots=True)
class _District:
    codes: list[Any]
    wards: "gpd.GeoDataFrame"
    graph: Graph
    near: Numbers


def detectable(
    table: pd.DataFrame,
    wards: "gpd.GeoDataFrame",
    graph: Graph,
    *,
    power: float = 0.8,
    maps: int = 100,
    seed: int = 0,
) -> pd.DataFrame:
    """Say which rate ratio each method would find in this district, with so many incidents.

    Answers: when no hot spot was found, was there none, or could none have been seen?

    Parameters
    ----------
    table
        The ward table with `incidents` and `population`. Only the number of incidents of each theme and
        period is used, not where they are.
    wards, graph
        As `scan` and `gi_star` take them.
    power
        The share of planted clusters that must be found.
    maps
        Random maps for each ratio. On each, one ward and its neighbours have the ratio to the rest.
    seed
        Of the maps.

    Returns
    -------
    DataFrame
        Index `theme`, `period`. `power_incidents` (whole number), `power_gi` and `power_scan` (numbers:
        the smallest of the ratios 1.25, 1.5, 2, 2.5, 3, 4 and 6 that is found with the power asked for;
        null where not even 6 is) and `power_method` (category, never null).

    Raises
    ------
    MissingColumnError, InputError, AlignmentError, TooFewWardsError
        As `scan` and `gi_star`; or an option is out of range.

    Notes
    -----
    Found by Gi*: the planted ward is called a hot spot of the rate at q = 0.1. Found by the scan: it is in
    a circular cluster with p at most 0.05 of 199 maps. A cluster of another shape, or of one ward alone, is
    found less often. Read "no hot spot" as "none of at least this ratio, probably".

    Examples
    --------
    >>> import geopandas as gpd
    >>> codes = [f"E0500000{i}" for i in range(9)]
    >>> index = pd.MultiIndex.from_product([["Burglary"], ["2017"], codes], names=schema.WARD_TABLE.index)
    >>> table = pd.DataFrame({"incidents": 100, "population": 1000}, index=index)
    >>> points = gpd.points_from_xy([0, 1, 2] * 3, [0] * 3 + [1] * 3 + [2] * 3)
    >>> wards = gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"))
    >>> pairs = [(i, j) for i in range(9) for j in range(9) if abs(i % 3 - j % 3) + abs(i // 3 - j // 3) == 1]
    >>> graph = Graph.from_arrays([codes[i] for i, _ in pairs], [codes[j] for _, j in pairs], [1] * 24)
    >>> detectable(table, wards, graph, maps=20)[["power_incidents", "power_gi", "power_scan"]]
                     power_incidents  power_gi  power_scan
    theme    period
    Burglary 2017                900       NaN        1.25
    """
    if not 0 < power < 1:
        raise InputError("The power must lie between 0 and 1.", f"power: {power!r}")
    for name, value, least in (("maps", maps, 20), ("seed", seed, 0)):
        if not isinstance(value, int | np.integer) or value < least:
            raise InputError(f"{name} must be a whole number, at least {least}.", f"{name}: {value!r}")
    cases = cases_of(table, wards)
    near = links_of(graph, cases.panel.codes).toarray() + np.eye(len(cases.panel.codes))
    index = family_names(table, cases.panel)
    district = _District(cases.panel.codes, wards, graph, near)
    rows = []
    everyone = np.where(cases.population > 0, cases.population, 0.0)
    for family, people in enumerate(tqdm(everyone, desc="Power", delay=2, leave=False)):
        total = int(np.nansum(cases.incidents[family]))
        found = {"gi": np.nan, "scan": np.nan}
        for ratio in RATIOS if total and people.any() else ():
            for name, share in _shares_found(district, people, total, ratio, maps=maps, seed=seed).items():
                if np.isnan(found[name]) and share >= power:
                    found[name] = ratio
            if not np.isnan(list(found.values())).any():
                break
        rows.append((total, found["gi"], found["scan"]))
    result = pd.DataFrame(rows, index=index, columns=["power_incidents", "power_gi", "power_scan"])
    sentence = (
        f"Smallest of the rate ratios {', '.join(f'{ratio:g}' for ratio in RATIOS)} that was found with "
        f"{100 * power:g} % probability on {maps} random maps with one ward and its neighbours raised (seed "
        f"{seed}); Gi* at q 0.1, circular scan at p 0.05."
    )
    return result.assign(power_method=pd.Categorical([sentence] * len(result)))


def _shares_found(
    district: _District, people: Numbers, total: int, ratio: float, *, maps: int, seed: int
) -> dict[str, float]:
    """Plant the ratio on random maps, and return how often each method finds the planted ward."""
    rng = np.random.default_rng(seed)
    centre = rng.choice(np.flatnonzero(people), size=maps)
    risk = people * np.where(district.near[centre] > 0, ratio, 1.0)
    counts = rng.multinomial(total, risk / risk.sum(axis=1, keepdims=True))
    index = pd.MultiIndex.from_product(
        [[f"map {number:05}" for number in range(maps)], ["planted"], district.codes],
        names=schema.WARD_TABLE.index,
    )
    everyone = np.tile(people, maps)
    table = pd.DataFrame({"incidents": counts.ravel(), "population": everyone}, index=index)
    table["rate"] = np.divide(counts.ravel(), everyone, out=np.full(len(table), np.nan), where=everyone > 0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResolutionWarning)  # to be unable to find is what is measured
        table = gi_star(table, district.graph, permutations=999)
    table = scan(table, district.wards, replicates=199)
    planted = (np.arange(maps), centre)
    return {
        name: float((table[f"{name}_class"] == word).to_numpy().reshape(counts.shape)[planted].mean())
        for name, word in (("gi", "hot spot"), ("scan", "cluster"))
    }
