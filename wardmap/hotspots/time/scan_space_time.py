"""Which wards form a cluster, and since when? The scan over space and time at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.hotspots.local.permutation import Numbers, Positions
from wardmap.hotspots.panel import FEWEST, theme_periods
from wardmap.hotspots.scans.likelihood import p_of
from wardmap.hotspots.scans.scan_inputs import Cases, cases_of
from wardmap.hotspots.scans.scan_results import Found, facts_of
from wardmap.hotspots.scans.zones import circles
from wardmap.hotspots.time.cylinders import Cylinders, best_of, non_overlapping

if TYPE_CHECKING:
    import geopandas as gpd

When = Literal["retrospective", "prospective"]
Null = Literal["population", "permutation"]


def scan_space_time(
    table: pd.DataFrame,
    wards: "gpd.GeoDataFrame",
    *,
    when: When = "retrospective",
    null: Null = "population",
    max_share: float = 0.5,
    max_time: float = 0.5,
    alpha: float = 0.05,
    replicates: int = 999,
    seed: int = 0,
    into: str = "scan_time",
) -> pd.DataFrame:
    r"""Find the wards and the run of periods that together have more incidents than expected.

    Answers: where and when was there a cluster (`retrospective`), or where is one now (`prospective`)?

    Parameters
    ----------
    table
        The ward table with `incidents` (whole numbers) and `population`, with at least two periods of
        the same length, whose names sort in their order (`2018-09`, `2018-10`; `2016/17`). Each theme is
        a family of its own. A ward whose incidents or people are not known in some period is left out.
    wards
        The wards table, as `scan` takes it.
    when
        `retrospective`: any run of periods. `prospective`: runs that last until the last period.
    null
        `population`: every person runs the same risk in every period, so that a cluster in space alone,
        or a bad year everywhere, is a cluster too. `permutation`: the periods of the incidents are dealt
        anew, so that each ward and each period keeps its total, and only where and when *together*
        counts. The population then only limits the size of zones.
    max_share, max_time
        The largest share of the population and of the periods that a cylinder may hold, up to 0.5.
    alpha
        The largest p that is called a cluster.
    replicates
        Random maps to hold the observed one against.
    seed
        Of the random maps.
    into
        The prefix of the columns written.

    Returns
    -------
    DataFrame
        The table with the columns of `scan`, under `scan_time_`: `scan_time_cluster`, `scan_time_p`,
        `scan_time_llr`, `scan_time_incidents`, `scan_time_expected`, `scan_time_ratio`,
        `scan_time_class` and `scan_time_method`. A row belongs to a cluster when its ward and its period
        do; no row belongs to two.

    Raises
    ------
    MissingColumnError, InputError
        As `scan`; or a theme lacks a period that another has, or there is only one.
    AlignmentError, GeometryError, TooFewWardsError
        As `scan`.

    Notes
    -----
    A cylinder is a circle of wards over a run of periods; its ratio is that of `scan`. With `population`
    the incidents expected are by its share of person-periods; with `permutation` they are
    :math:`\sum C_z C_d / C` over its wards z and periods d.

    Looking every month is one more test every month: at 5 %, a false alarm every twenty months. Crime
    has seasons and trends; `population` finds them, `permutation` does not. Recording that changed in
    one force area between periods is a cluster to either.

    References
    ----------
    Kulldorff (2001), https://doi.org/10.1111/1467-985X.00186;
    Kulldorff, Heffernan, Hartman, Assunção and Mostashari (2005),
    https://doi.org/10.1371/journal.pmed.0020059

    Examples
    --------
    Four wards along a road over four months; the first two have many in the last two months.

    >>> import geopandas as gpd
    >>> codes, months = [f"E0500000{i}" for i in range(4)], ["2018-01", "2018-02", "2018-03", "2018-04"]
    >>> index = pd.MultiIndex.from_product([["Burglary"], months, codes], names=schema.WARD_TABLE.index)
    >>> counts = [4, 5, 5, 4, 5, 4, 4, 6, 19, 15, 4, 5, 17, 18, 5, 4]
    >>> table = pd.DataFrame({"incidents": counts, "population": 1000}, index=index)
    >>> points = gpd.points_from_xy([0, 2, 5, 9], [0] * 4)
    >>> wards = gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"))
    >>> found = scan_space_time(table, wards)
    >>> found.dropna(subset="scan_time_cluster").index.droplevel("theme").tolist()
    [('2018-03', 'E05000000'), ('2018-03', 'E05000001'), ('2018-04', 'E05000000'), ('2018-04', 'E05000001')]
    """
    settings = _Settings(when, null, max_share, max_time, alpha, replicates, seed)
    _check(settings)
    cases = cases_of(table, wards)
    themes = theme_periods(table, cases.panel)
    found = Found.empty(*cases.incidents.shape)
    with tqdm(total=len(themes) * replicates, desc="Scan", unit="map", delay=2, leave=False) as bar:
        for families in themes:
            _scan_theme(cases, settings, found, families, bar)
    return schema.write(
        table, into, found.columns(cases.panel, alpha, into), cases.panel.rows(found.method), root="scan_time"
    )


@dataclass(frozen=True, slots=True)
class _Settings:
    when: When
    null: Null
    max_share: float
    max_time: float
    alpha: float
    replicates: int
    seed: int


def _check(settings: _Settings) -> None:
    for name, choices in (("when", get_args(When)), ("null", get_args(Null))):
        value = getattr(settings, name)
        if value not in choices:
            raise InputError(f"Unknown {name}.", f"{name}: {value!r}", mend=f"one of {listed(choices)}.")
    for name in ("max_share", "max_time", "alpha"):
        value = getattr(settings, name)
        if not 0 < value <= 0.5:
            raise InputError(f"{name} must lie between 0 and 0.5.", f"{name}: {value!r}")
    for name, least in (("replicates", 99), ("seed", 0)):
        value = getattr(settings, name)
        if not isinstance(value, int | np.integer) or value < least:
            raise InputError(f"{name} must be a whole number, at least {least}.", f"{name}: {value!r}")


def _scan_theme(cases: Cases, settings: _Settings, found: Found, families: Positions, bar: tqdm) -> None:
    kept = np.flatnonzero(cases.kept()[families].all(axis=0))
    incidents, people = (values[np.ix_(families, kept)].T for values in (cases.incidents, cases.population))
    if len(kept) < FEWEST or not incidents.any():
        why = "there are no incidents" if len(kept) >= FEWEST else f"known in {len(kept)} wards only"
        found.method[families] = f"Scan over time not made: {why}."
        bar.update(settings.replicates)
        return
    chains = circles(
        cases.points[kept],
        people.mean(axis=1),
        max_share=settings.max_share,
        great_circle=cases.great_circle,
    )
    longest = max(1, int(settings.max_time * len(families)))
    until_now = settings.when == "prospective"
    cylinders = Cylinders.over(chains, len(families), longest=longest, until_now=until_now)
    if not len(cylinders):
        found.method[families] = "Scan over time not made: no zone holds so few people."
        bar.update(settings.replicates)
        return
    total = incidents.sum()
    expected = cylinders.totals(_expected(incidents, people, settings.null))
    best = np.zeros(settings.replicates)
    for number, drawn in enumerate(_random_maps(incidents, people, settings)):
        best[number] = best_of(cylinders.totals(drawn), expected, total)
        bar.update()
    inside = cylinders.totals(incidents)
    clusters = non_overlapping(cylinders, inside, expected, total, above=best.min())
    for number, (cluster, periods) in enumerate(clusters, start=1):
        facts = facts_of(cluster, number, total, p_of(cluster.statistic, best))
        for family in families[periods]:
            found.set(family, kept[cluster.wards], facts)
    found.tested[np.ix_(families, kept)] = True
    found.method[families] = _sentence(cases, settings, kept, len(cylinders), longest)


def _expected(incidents: Numbers, people: Numbers, null: Null) -> Numbers:
    if null == "population":
        expected: Numbers = incidents.sum() * people / people.sum()
        return expected
    dealt: Numbers = np.outer(incidents.sum(axis=1), incidents.sum(axis=0)) / incidents.sum()
    return dealt


def _random_maps(incidents: Numbers, people: Numbers, settings: _Settings) -> Iterator[Numbers]:
    rng = np.random.default_rng(settings.seed)
    if settings.null == "population":
        share = (people / people.sum()).ravel()
        for _ in range(settings.replicates):
            yield rng.multinomial(int(incidents.sum()), share).reshape(people.shape).astype(np.float64)
        return
    counts = incidents.astype(np.int64)
    ward = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    period = np.repeat(np.tile(np.arange(counts.shape[1]), len(counts)), counts.ravel())
    for _ in range(settings.replicates):
        cell = ward * counts.shape[1] + rng.permutation(period)
        yield np.bincount(cell, minlength=counts.size).reshape(counts.shape).astype(np.float64)


def _sentence(cases: Cases, settings: _Settings, kept: Positions, cylinders: int, longest: int) -> str:
    codes = np.array(cases.panel.codes, dtype=object)
    gone = np.delete(codes, kept)
    until = ", until the last period" if settings.when == "prospective" else ""
    chance = {
        "population": "incidents thrown anew by person-periods",
        "permutation": "periods of the incidents dealt anew",
    }[settings.null]
    metric = "great-circle distances" if cases.great_circle else "distances in the plane"
    return (
        f"Kulldorff's {settings.when} scan over space and time: circles around the centres of {len(kept):,} "
        f"wards with up to {100 * settings.max_share:g} % of the population, {metric}, over up to {longest} "
        f"periods{until}, {cylinders:,} cylinders. p: one-sided for high rates, the share of "
        f"{settings.replicates:,} random maps ({chance}, seed {settings.seed}) and the observed one whose "
        f"best cylinder is at least as good, at best {1 / (settings.replicates + 1):.2g}. Each theme is a "
        f"test of its own; cluster where p is at most {settings.alpha:g}."
        + (f" Not tested: incidents or people not known: {listed(gone, len(gone))}." if len(gone) else "")
    )
