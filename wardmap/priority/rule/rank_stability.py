"""`rank_stability`: how sure a ward's place in the order is, and whether it would be flagged again."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError, listed
from wardmap.method import Method
from wardmap.priority.rule.criteria import Criteria, is_large
from wardmap.priority.rule.priority_rule import PriorityRule
from wardmap.stats import beta_binomial, gamma_poisson
from wardmap.stats.checks import Numbers
from wardmap.stats.concentration import smallest_set
from wardmap.stats.multiplicity import level_of_each
from wardmap.stats.ratios import Parts, each_to_rest, ratio

_COLUMNS = ("rank_expected", "rank_lower", "rank_upper", "rank_top", "rank_again")
_KEYS = ["theme", "period"]
_CELLS = 4_000_000  # draws times wards that are held at once


class _Held(NamedTuple):
    """What a second year keeps of the first: dispersion, the p up to which each ward is above, clusters."""

    phi: Numbers
    level: Numbers
    clustered: npt.NDArray[np.bool_]


def rank_stability(
    table: pd.DataFrame,
    *,
    top: int = 3,
    rule: PriorityRule | None = None,
    redrawn: pd.DataFrame | None = None,
    draws: int = 5_000,
    seed: int = 0,
    into: str = "rank",
) -> pd.DataFrame:
    """Add how sure each ward's rank by rate is, and how likely it would be flagged again.

    Answers: is this ward really third, or could it as well be eighth? Would we choose it again if
    the same year happened twice?

    Parameters
    ----------
    table
        The ward table with `incidents` and `population`. After `compare`, `ratio_phi` and
        `ratio_p_above` say how much counts vary and which p is above; after `flag_wards`,
        `priority_clustered` is held as it was found.
    top
        For `rank_top`: among the first how many.
    rule
        The policy for `rank_again`; PriorityRule() when left out.
    redrawn
        Counts that could have been, had uncertain places fallen otherwise, as `redraw_counts` gives
        them: index as the table's, each column one draw of all counts. Without it, counts are taken
        to be where they are said to be.
    draws
        Draws of the rates; 5,000 or more for two decimals.
    seed
        The same seed gives the same numbers, whatever else is in the table.
    into
        The name of the columns, so that ranks under a second rule can stand beside the first.

    Returns
    -------
    DataFrame
        The table with `rank_expected` (mean rank, 1 is the highest rate), `rank_lower` and
        `rank_upper` (the ranks between which it lies with probability 95%), `rank_top` (probability
        of being among the first `top`, 0 to 1), `rank_again` (probability of meeting the rule's
        criteria in a second such year, 0 to 1) and `rank_method`. Null where there is no population.

    Raises
    ------
    TooFewWardsError
        Fewer than two wards have a population.
    AlignmentError
        `redrawn` is not about the rows of the table.
    InputError
        `top` or `draws` cannot be used.

    Notes
    -----
    A gamma distribution of rates is fitted to all wards of a theme and period (Clayton and Kaldor
    1987, doi:10.2307/2532003), each ward's rate is drawn from its posterior, and the draws are ranked
    (Goldstein and Spiegelhalter 1996, doi:10.2307/2983325). For `rank_again` a count is drawn around
    each rate, compared with the rest as `compare` does, and put through the criteria of `flag_wards`:
    above, large, with enough incidents, and in the smallest set or in the cluster that was found. A ward
    is above at the p at which it would be found beside all the other tests of its period as they are;
    without `compare`, beside the wards of its theme. Chance in the counts, and in their places if given,
    is all that is drawn: **what changes from year to year is not**, so next year's order is less sure than
    this says. Not for choosing `top` after looking.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", code) for code in ("E05000001", "E05000002", "E05000003")]
    >>> table = pd.DataFrame(
    ...     {"incidents": [160, 35, 30], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> found = wm.rank_stability(table, top=1)
    >>> found[["rank_lower", "rank_upper"]].values.tolist()
    [[1.0, 1.0], [2.0, 3.0], [2.0, 3.0]]
    >>> found["rank_top"].tolist()
    [1.0, 0.0, 0.0]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    schema.refuse_halo(table, "A ranking")
    rule = rule or PriorityRule()
    if top < 1 or draws < 1:
        raise InputError("top and draws must be at least 1.", f"top: {top}; draws: {draws}", mend="top=3")
    if redrawn is not None:
        _check_redrawn(redrawn, table)
    levels = pd.Series(np.nan, index=table.index)
    if "ratio_p_above" in table:
        p = table["ratio_p_above"].astype(float).groupby(level="period", sort=False)
        levels = p.transform(lambda of: level_of_each(of.to_numpy(), rule.max_q))
    groups = table.sort_index(level="ward_code").groupby(level=_KEYS, sort=False)
    found = [
        _of_one(rows, redrawn, levels, top=top, rule=rule, draws=draws, seed=seed)
        for _, rows in tqdm(groups, desc="Ranking", unit="theme", delay=1, leave=False, disable=None)
    ]
    ranks = pd.concat(found).reindex(table.index)
    places = "" if redrawn is None else f", with {redrawn.shape[1]} redraws of uncertain places"
    columns = {name: ranks[name] for name in _COLUMNS}
    method = Method(
        f"Rank by rate in draws from gamma-Poisson posteriors{places}",
        confidence=0.95,
        draws=draws,
        seed=seed,
        notes=(
            f"rank_top is the first {top}",
            "rank_again draws a second year's counts and asks for all that the rule asks, clusters as found",
            "change from year to year is not drawn",
            str(rule).removesuffix("."),
        ),
    )
    return schema.write(table, into, schema.named(columns, into, root="rank"), method, root="rank")


def _of_one(
    rows: pd.DataFrame,
    redrawn: pd.DataFrame | None,
    levels: pd.Series,
    *,
    top: int,
    rule: PriorityRule,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """Return the columns for the rows of one theme and period."""
    known = rows[rows["population"] > 0]
    if len(known) < 2:
        raise TooFewWardsError(
            "A rank needs two wards with a population.",
            f"theme and period: {listed(rows.index[0][:2])}",
            f"wards with a population: {len(known)}",
        )
    counts = known["incidents"].to_numpy(dtype=float)[None, :]
    if redrawn is not None:
        counts = redrawn.loc[known.index].to_numpy(dtype=float).T
    people = known["population"].to_numpy(dtype=float)
    held = _held(known, levels.loc[known.index], rule)
    model = gamma_poisson.fit(known["incidents"].to_numpy(dtype=float), people)
    random = np.random.default_rng(seed)
    ranks = np.empty((draws, len(known)), dtype=np.int32)
    again = np.zeros(len(known))
    step = max(1, _CELLS // len(known))
    for start in range(0, draws, step):
        at = np.arange(start, min(start + step, draws))
        rates = _draw(model, counts, people, at, random)
        ranks[at] = _ranks(rates, random)
        drawn = random.poisson(rates * people).astype(float)
        again += _flagged_again(drawn, people, held, rule).sum(axis=0)
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="inverted_cdf")
    values = [ranks.mean(axis=0), low.astype(float), high.astype(float), (ranks <= top).mean(axis=0)]
    return pd.DataFrame(dict(zip(_COLUMNS, [*values, again / draws], strict=True)), index=known.index)


def _draw(
    model: gamma_poisson.GammaPoisson,
    counts: Numbers,
    people: Numbers,
    at: npt.NDArray[np.intp],
    random: np.random.Generator,
) -> Numbers:
    """Draw rates, the n-th from the n-th set of counts; sets come round again when there are fewer."""
    if len(counts) == 1:
        return model.draws(counts[0], people, len(at), random)
    rows = [model.draws(counts[n % len(counts)], people, 1, random) for n in at]
    return np.concatenate(rows)


def _ranks(rates: Numbers, random: np.random.Generator) -> npt.NDArray[np.intp]:
    """Rank each row from the highest; equal rates in random order, so that no ward is favoured."""
    order = np.lexsort((random.random(rates.shape), -rates), axis=-1)
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, rates.shape[1] + 1)[None, :], axis=-1)
    return ranks


def _held(rows: pd.DataFrame, levels: pd.Series, rule: PriorityRule) -> _Held:
    """Return what a second year keeps of these rows: the dispersion, the level of each test, the clusters."""
    counts, people = (rows[name].to_numpy(dtype=np.float64) for name in ("incidents", "population"))
    phi = np.ones(len(rows))
    if "ratio_phi" in rows:
        phi = rows["ratio_phi"].fillna(1.0).to_numpy(dtype=np.float64)
    level = levels.to_numpy(dtype=np.float64)
    if np.isnan(level).all():  # no comparison was made: the wards of this theme and period are the family
        level = level_of_each(_p_above(each_to_rest(counts, people), phi), rule.max_q)
    clustered = np.zeros(len(rows), dtype=bool)
    if "priority_clustered" in rows:
        clustered = rows["priority_clustered"].fillna(value=False).to_numpy(dtype=bool)
    return _Held(phi, level, clustered)


def _flagged_again(
    counts: Numbers, people: Numbers, held: _Held, rule: PriorityRule
) -> npt.NDArray[np.bool_]:
    """Tell which wards meet the rule in each drawn year (rows).

    Whether a ward is above costs an exact test, so it is asked only of those that meet all the rest.
    """
    parts = each_to_rest(counts, people)
    found = ratio(parts)
    met = Criteria(
        above=np.ones(counts.shape, dtype=bool),
        large=is_large(found, rule.min_ratio),
        volume=smallest_set(counts, rule.volume_share),
        clustered=held.clustered & (found >= 1),
        enough=counts >= rule.min_incidents,
    )
    left = met.passed
    phi, level = (np.broadcast_to(values, counts.shape)[left] for values in (held.phi, held.level))
    above = np.zeros(counts.shape, dtype=bool)
    above[left] = _p_above(Parts(*(part[left] for part in parts)), phi) <= level
    return met._replace(above=above).passed


def _p_above(parts: Parts, phi: Numbers) -> Numbers:
    """Return the one-sided p of each ward against its rest, as `compare` has it."""
    share = parts.people / parts.whole_people
    return beta_binomial.tails(parts.incidents, parts.whole_incidents, share, phi).mid_at_least


def _check_redrawn(redrawn: pd.DataFrame, table: pd.DataFrame) -> None:
    missing = table.index.difference(redrawn.index)
    if len(missing) or not redrawn.shape[1]:
        raise AlignmentError(
            "The redrawn counts are not about the rows of the ward table.",
            f"rows without redrawn counts: {listed(missing, 3)}; draws: {redrawn.shape[1]}",
            mend="give one row for each theme, period and ward, and one column for each draw.",
        )
