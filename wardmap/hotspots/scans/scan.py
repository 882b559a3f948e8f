"""Which wards form a cluster? Kulldorff's scan statistic, for every theme and period at once."""

from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd
from libpysal.graph import Graph
from scipy.sparse import csr_array
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import CRSError, InputError, ResolutionWarning, listed, warn
from wardmap.hotspots.local.permutation import Numbers, Positions
from wardmap.hotspots.panel import FEWEST, alike, links_of
from wardmap.hotspots.scans.candidates import Fixed, Restricted, random_maxima
from wardmap.hotspots.scans.clusters import non_overlapping
from wardmap.hotspots.scans.flexible import Neighbourhoods, flexible_zones
from wardmap.hotspots.scans.likelihood import p_of
from wardmap.hotspots.scans.scan_inputs import Cases, cases_of
from wardmap.hotspots.scans.scan_results import Found, Settings, Shape, facts_of, sentence
from wardmap.hotspots.scans.zones import circles, ellipses

if TYPE_CHECKING:
    import geopandas as gpd


def scan(
    table: pd.DataFrame,
    wards: "gpd.GeoDataFrame",
    *,
    shape: Shape = "circular",
    graph: Graph | None = None,
    max_share: float = 0.5,
    penalty: float = 0.5,
    nearest: int = 10,
    alpha: float = 0.05,
    replicates: int = 9_999,
    seed: int = 0,
    into: str = "scan",
) -> pd.DataFrame:
    r"""Find the wards that together have more incidents than their people explain.

    Answers: is there a cluster, where is it, and could chance have made one as strong anywhere?

    Parameters
    ----------
    table
        The ward table with `incidents` (whole numbers) and `population`. Every theme and period is
        scanned as a family of its own. A ward whose incidents are not known, or where nobody lives, is
        left out of that theme and period, with its incidents.
    wards
        The wards table: polygons, of which the centroid is taken, or points of your own (centres of
        population). In longitude and latitude, distances are great-circle; otherwise they are
        measured in the plane of the coordinates, whatever their unit.
    shape
        `circular`: circles around each ward's centre. `elliptic`: also ellipses up to five times as
        long as wide, in up to 15 directions; needs coordinates in a plane. `flexible`: every connected
        set of wards that are among the `nearest` to one of them. `restricted`: those of them in which
        every ward looks high by itself (mid-p below 0.2), so that `nearest` may be larger.
    graph
        Which wards touch (`wm.neighbours(wards)`); for `flexible` and `restricted`, which need it.
    max_share
        The largest share of the population that a zone may hold, up to 0.5.
    penalty
        Elliptic only: how much compact zones are favoured, from 0 (not at all) to 1 (strongly).
    nearest
        Flexible and restricted only: how many wards a zone may choose from, its centre included. The
        number of zones doubles with each.
    alpha
        The largest p that is called a cluster.
    replicates
        Random maps to hold the observed one against.
    seed
        Of the random maps. The result does not depend on how many processors work on it.
    into
        The prefix of the columns written.

    Returns
    -------
    DataFrame
        The table with these columns, the same for all wards of a cluster and null in a ward of none:

        - `scan_cluster` (whole number): 1 for the most likely cluster of the theme and period, 2 for
          the next that does not overlap it, and so on, as long as any random map does worse.
        - `scan_p` (number): share of maps, the observed one included, whose best zone is at least as
          good. It pays for the search over all zones; a further cluster's is on the safe side.
        - `scan_llr` (number): the log likelihood ratio.
        - `scan_incidents` (whole number), `scan_expected` (number): in the cluster, and what its share
          of the people would have.
        - `scan_ratio` (number): the rate in the cluster over that outside it; infinite where it holds
          every incident.
        - `scan_class` (category, never null): `cluster` where `scan_p` is at most `alpha`, else
          `not distinguishable`, or `not testable`.
        - `scan_method` (category, never null): all of the above in a sentence.

    Raises
    ------
    MissingColumnError, InputError
        Incidents or population are not there or not numbers, incidents are no counts; an option is out
        of range; a theme and period lacks a ward or has it twice.
    AlignmentError
        A ward of the table is not on the map, or table and graph are not about the same wards.
    GeometryError
        A ward has no geometry.
    CRSError
        Ellipses were asked for in longitude and latitude.
    TooFewWardsError
        There are fewer than three wards.

    Warns
    -----
    ResolutionWarning
        There are too few replicates for any p to reach `alpha`.

    Notes
    -----
    For a zone with c of the C incidents, and e expected by its share of the people:

    .. math:: LLR = c \ln\frac{c}{e} + (C - c) \ln\frac{C - c}{C - e} \text{ if } c > e, \text{ else } 0

    On a random map each incident falls into a ward with the ward's share of the people. Wards are taken
    as a whole, and wards at the same distance join together.

    A cluster tends to take in its neighbours: read the edge of it with caution, and the ward's own
    ratio beside it. Every theme and period is a test of its own; of twenty without any cluster, one
    will show one at 5 %. Counts of crime vary more than the Poisson distribution allows, which makes
    every p too small; a ratio near 1 is not a priority however small its p. Do not use it where
    residents are not what is at risk, nor on an area chosen because it looked high.

    References
    ----------
    Kulldorff (1997), https://doi.org/10.1080/03610929708831995;
    Kulldorff, Huang, Pickle and Duczmal (2006), https://doi.org/10.1002/sim.2490;
    Tango and Takahashi (2005), https://doi.org/10.1186/1476-072X-4-11;
    Tango and Takahashi (2012), https://doi.org/10.1002/sim.5478

    Examples
    --------
    Six wards along a road, a thousand people each.

    >>> import geopandas as gpd
    >>> codes = [f"E0500000{i}" for i in range(6)]
    >>> index = pd.MultiIndex.from_product([["Burglary"], ["2017"], codes], names=schema.WARD_TABLE.index)
    >>> table = pd.DataFrame({"incidents": [3, 4, 21, 25, 5, 2], "population": 1000}, index=index)
    >>> points = gpd.points_from_xy([0, 2, 4, 5, 7, 9], [0] * 6)
    >>> wards = gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"))
    >>> result = scan(table, wards).droplevel(["theme", "period"])
    >>> result[["scan_cluster", "scan_p", "scan_ratio", "scan_class"]].iloc[1:4]
               scan_cluster  scan_p  scan_ratio           scan_class
    ward_code
    E05000001          <NA>     NaN         NaN  not distinguishable
    E05000002             1  0.0001    6.571429              cluster
    E05000003             1  0.0001    6.571429              cluster
    """
    settings = Settings(shape, max_share, penalty, nearest, alpha, replicates, seed)
    _check(settings)
    cases = cases_of(table, wards)
    links = _links(graph, shape, cases)
    if shape == "elliptic" and cases.great_circle:
        raise CRSError(
            "Ellipses need coordinates in a plane.",
            f"CRS of the wards: {wards.crs.name}",
            mend="wm.scan(table, wards.to_crs(27700), ...).",
        )
    found = Found.empty(*cases.incidents.shape)
    people = np.where(cases.kept(), cases.population, 0.0)
    with tqdm(total=len(people), desc="Scan", unit="family", delay=2, leave=False) as bar:
        for families in alike(people):
            kept = np.flatnonzero(people[families[0]])
            _scan(cases, links, settings, found, families=families, kept=kept, bar=bar)
    return schema.write(
        table, into, found.columns(cases.panel, alpha, into), cases.panel.rows(found.method), root="scan"
    )


def _check(settings: Settings) -> None:
    if settings.shape not in get_args(Shape):
        raise InputError(
            "Unknown shape of zones.",
            f"shape: {settings.shape!r}",
            mend=f"one of {listed(get_args(Shape))}.",
        )
    for name, most in (("max_share", 0.5), ("penalty", 1.0), ("alpha", 0.5)):
        value = getattr(settings, name)
        if not (0 < value <= most or (name == "penalty" and value == 0)):
            raise InputError(f"{name} must lie between 0 and {most:g}.", f"{name}: {value!r}")
    for name, least in (("nearest", 2), ("replicates", 99), ("seed", 0)):
        value = getattr(settings, name)
        if not isinstance(value, int | np.integer) or value < least:
            raise InputError(f"{name} must be a whole number, at least {least}.", f"{name}: {value!r}")
    if 1 / (settings.replicates + 1) > settings.alpha:
        warn(
            ResolutionWarning,
            f"No p can reach {settings.alpha:g}.",
            f"smallest p of {settings.replicates:,} replicates: {1 / (settings.replicates + 1):.2g}",
            mend=f"replicates={int(np.ceil(1 / settings.alpha)):_} or more.",
        )


def _links(graph: Graph | None, shape: Shape, cases: Cases) -> csr_array | None:
    if shape in ("circular", "elliptic"):
        return None
    if graph is None:
        raise InputError(
            f"A {shape} scan must know which wards touch.",
            "graph: None",
            mend=f'wm.scan(table, wards, shape="{shape}", graph=wm.neighbours(wards)).',
        )
    return links_of(graph, cases.panel.codes)


def _scan(
    cases: Cases,
    links: csr_array | None,
    settings: Settings,
    found: Found,
    *,
    families: Positions,
    kept: Positions,
    bar: tqdm,
) -> None:
    """Scan the families in which the same people live in the same wards, those of `kept`."""
    if len(kept) < FEWEST:
        found.method[families] = (
            f"Scan not made: incidents and population known in {len(kept)} wards of at least {FEWEST}."
        )
        bar.update(len(families))
        return
    population = cases.population[families[0], kept]
    candidates = _candidates(cases, links, population, kept, settings)
    for family in families:
        incidents = cases.incidents[family, kept]
        if not incidents.any():
            found.method[family] = "Scan not made: there are no incidents."
        elif isinstance(candidates, Fixed) and not len(candidates.chains):
            found.method[family] = "Scan not made: no zone holds so few people."
        else:
            mean = incidents.sum() * population / population.sum()
            zones = candidates.zones(incidents, mean)
            best = random_maxima(candidates.best, mean, maps=settings.replicates, seed=settings.seed)
            for number, cluster in enumerate(non_overlapping(zones, mean, incidents, above=best.min()), 1):
                facts = facts_of(cluster, number, incidents.sum(), p_of(cluster.statistic, best))
                found.set(family, kept[cluster.wards], facts)
            found.tested[family, kept] = True
            found.method[family] = sentence(cases, zones, settings, family, kept)
        bar.update()


def _candidates(
    cases: Cases, links: csr_array | None, population: Numbers, kept: Positions, settings: Settings
) -> Fixed | Restricted:
    points, share, globe = cases.points[kept], settings.max_share, cases.great_circle
    if links is not None:
        near = links[kept][:, kept]
        hoods = Neighbourhoods(points, near, nearest=settings.nearest, great_circle=globe)
        if settings.shape == "restricted":
            return Restricted(hoods, population, share)
        return Fixed(flexible_zones(hoods, population, max_share=share))
    if settings.shape == "elliptic":
        return Fixed(ellipses(points, population, max_share=share, penalty=settings.penalty))
    return Fixed(circles(points, population, max_share=share, great_circle=globe))
