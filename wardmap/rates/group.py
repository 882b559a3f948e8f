"""`compare_group`: where an area stands in its most similar group."""

from typing import Literal, get_args

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, MissingColumnError, listed
from wardmap.method import Method
from wardmap.rates.status import status
from wardmap.stats.checks import Numbers
from wardmap.stats.intervals import BYAR_FROM, normal_quantile, poisson_limits

GroupMean = Literal["mean", "mean_excl", "pooled", "pooled_excl", "median"]

_WORDS = {
    "mean": "the mean of the areas' rates, its own included (HMIC)",
    "mean_excl": "the mean of the other areas' rates",
    "pooled": "all incidents of the group over all of its people, its own included",
    "pooled_excl": "all incidents of the other areas over all of their people",
    "median": "the median of the areas' rates, its own included",
}


def compare_group(
    group: pd.DataFrame,
    *,
    area: str,
    against: GroupMean = "mean",
    per: float = 1_000,
    confidence: float = 0.95,
    into: str = "group",
) -> pd.DataFrame:
    r"""Compare an area with its most similar group: status and rank, which may well disagree.

    Answers: is our rate above that of areas like ours, and how many of them are higher? An area can
    be Above the mean of its group and still stand in the middle, because one low area draws the mean
    down: both are shown.

    Parameters
    ----------
    group
        Index `theme`, `area`: `incidents` and `population` of every area of the group, the area itself
        included. Membership is not symmetric: take the group of this area, not one it belongs to.
    area
        The area to compare.
    against
        What the group's rate is: `mean` (HMIC's definition: the sum of the areas' rates over their
        number, the area itself included), `mean_excl` (without it), `pooled` and `pooled_excl` (all
        incidents over all people), or `median`.
    per
        The number of people that rates are for.
    confidence
        Of the intervals, between 0 and 1.
    into
        The name of the columns, so that a second way can stand beside the first.

    Returns
    -------
    DataFrame
        Index `theme`: `incidents`, `population`, `rate`, `rate_lower`, `rate_upper`, `benchmark` (the
        group's rate), `status` and `status_998` (`Above`, `Similar` or `Below`: where the rate's interval
        of the given confidence, and of 99.8%, lies around it), `standing` (1 is the highest rate, by
        unrounded rates; equal rates share the better number), `areas` (how many there are), `spread_lower`,
        `spread_upper` and `spread_status` (the second opinion: does the rate lie outside what areas
        of this group differ by anyway?) and `group_method`.

    Raises
    ------
    InputError
        The area is not in the group or has no row for a theme, fewer than three areas, areas missing
        for a theme, a population that is not positive, a negative count, or an option out of range.

    Notes
    -----
    The benchmark is taken as known, as OHID's status does. Areas differ by far more than chance, so
    with many incidents nearly every area is Above or Below. The second opinion allows for that:

    .. math:: m \pm z \sqrt{s^2 + m/n}

    with the group's mean rate m, the variance s² between areas that is left when chance is taken away,
    and the area's people n. The bands that iQuanta prints are not public; these words are.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> areas = ["Ours", "Second", "Third", "Fourth"]
    >>> index = pd.MultiIndex.from_product([["Theft"], areas], names=["theme", "area"])
    >>> group = pd.DataFrame({"incidents": [3000, 3100, 3050, 1200], "population": 116_000}, index=index)
    >>> wm.rates.compare_group(group, area="Ours")[
    ...     ["status", "standing", "areas", "spread_status"]
    ... ].values.tolist()
    [['Above', 3, 4, 'Similar']]
    """
    _check(group, area, against, per, confidence)
    rates = _wide(group["incidents"] / group["population"])
    own = group.xs(area, level="area").loc[rates.index]
    level = _benchmark(group, rates, area, against)
    people = own["population"].to_numpy(dtype=float)
    counts = own["incidents"].to_numpy(dtype=float)
    lower, upper = (limit / people for limit in poisson_limits(counts, confidence))
    outer = (limit / people for limit in poisson_limits(counts, 0.998))
    spread = _spread(group, rates, people, confidence)
    found = pd.DataFrame({"incidents": own["incidents"], "population": own["population"]}, index=rates.index)
    columns = {
        "rate": per * counts / people,
        "rate_lower": per * lower,
        "rate_upper": per * upper,
        "benchmark": per * level,
        "status": status(lower, upper, least=level, most=level),
        "status_998": status(*outer, least=level, most=level),
        "standing": rates.rank(axis=1, ascending=False, method="min")[area].astype(int),
        "areas": rates.shape[1],
        "spread_lower": per * spread[0],
        "spread_upper": per * spread[1],
        "spread_status": status(counts / people, counts / people, least=spread[0], most=spread[1]),
    }
    method = Method(
        f"Rate per {per:,g} of {area} beside {_WORDS[against]}",
        confidence=confidence,
        interval=f"by Byar's method, exact below {BYAR_FROM}",
        notes=(
            f"{rates.shape[1]} areas",
            "standing 1 is the highest, ties share the better number",
            "spread allows for how areas of the group differ beyond chance",
        ),
    )
    return schema.write(found, into, schema.named(columns, into, root="group"), method, root="group")


def _benchmark(group: pd.DataFrame, rates: pd.DataFrame, area: str, benchmark: GroupMean) -> Numbers:
    others = benchmark.endswith("_excl")
    if benchmark.startswith("pooled"):
        kept = group.drop(index=area, level="area") if others else group
        sums = kept.groupby(level="theme")[["incidents", "population"]].sum().loc[rates.index]
        level = sums["incidents"] / sums["population"]
    else:
        kept = rates.drop(columns=area) if others else rates
        level = kept.median(axis=1) if benchmark == "median" else kept.mean(axis=1)
    return level.to_numpy(dtype=float)


def _spread(
    group: pd.DataFrame, rates: pd.DataFrame, people: Numbers, confidence: float
) -> tuple[Numbers, Numbers]:
    """Return the limits within which areas of the group differ, chance and true differences together."""
    mean = rates.mean(axis=1).to_numpy(dtype=float)
    chance = (rates / _wide(group["population"])).mean(axis=1).to_numpy(dtype=float)
    between = np.maximum(rates.var(axis=1, ddof=1).to_numpy(dtype=float) - chance, 0)
    width = normal_quantile(confidence) * np.sqrt(between + mean / people)
    return np.maximum(mean - width, 0), mean + width


def _wide(values: pd.Series) -> pd.DataFrame:
    """Return areas in columns, themes in rows in the order in which they were given."""
    return values.unstack("area").loc[values.index.unique("theme")]  # noqa: PD010 - of a Series


def _check(group: pd.DataFrame, area: str, benchmark: str, per: float, confidence: float) -> None:
    missing = [name for name in ("incidents", "population") if name not in group]
    if missing or list(group.index.names) != ["theme", "area"]:
        raise MissingColumnError(
            "A group has the index theme, area and the columns incidents and population.",
            f"index found: {listed(group.index.names)}",
            f"columns found: {listed(group.columns)}",
            mend='group.set_index(["theme", "area"])',
        )
    areas = group.index.unique("area")
    if area not in areas:
        raise InputError(
            f"The group has no area {area!r}.", f"areas, nearest first: {listed(schema.nearest(area, areas))}"
        )
    if len(areas) < 3:
        raise InputError("A group has at least three areas.", f"areas: {listed(areas)}")
    per_theme = group.groupby(level="theme").size()
    uneven = per_theme.index[per_theme != len(areas)]
    if len(uneven) or group.index.has_duplicates:
        raise InputError(
            "Every area must have one row for every theme.",
            f"themes with rows missing or twice: {listed(uneven)}",
            mend="leave out areas or themes that are not complete, and say so.",
        )
    wrong = ~((group["incidents"] >= 0) & (group["population"] > 0))
    if wrong.any():
        raise InputError(
            "Counts must not be negative, and populations must be positive.",
            f"rows: {listed(group.index[wrong])}",
        )
    if benchmark not in get_args(GroupMean):
        raise InputError(
            f"There is no benchmark {benchmark!r}.", mend=f"benchmark= one of {listed(get_args(GroupMean))}"
        )
    if not per > 0 or not 0 < confidence < 1:
        raise InputError(
            "per must be positive, and confidence between 0 and 1.", f"given: {per}, {confidence}"
        )
