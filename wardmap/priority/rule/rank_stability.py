"""`rank_stability`: how sure a ward's place in the order is, and whether it would be flagged again."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm.auto import tqdm

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError, listed
from wardmap.priority.rule.criteria import Criteria, is_large
from wardmap.priority.rule.priority_rule import PriorityRule
from wardmap.stats import beta_binomial, gamma_poisson, ratios
from wardmap.stats.concentration import smallest_set
from wardmap.stats.multiplicity import below_level

Numbers = npt.NDArray[np.float64]

_PARTS = ("expected", "lower", "upper", "top", "again")
_KEYS = ["theme", "period"]
_CELLS = 4_000_000  # draws times wards that are held at once


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
        The ward table with `incidents` and `population`. Where they are there, `priority_clustered` (from
        `flag_wards`) is held as it was found, and `ratio_phi` (from `compare`) is the dispersion that the
        repeated comparison allows for; without it, Poisson is assumed.
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
        The same seed gives the same ranks, whatever else is in the table.
    into
        How the names of the columns begin.

    Returns
    -------
    DataFrame
        The table with `rank_expected` (mean rank, 1 is the highest rate), `rank_lower` and
        `rank_upper` (the ranks between which it lies with probability 95%), `rank_top` (probability
        of being among the first `top`, 0 to 1), `rank_again` (probability of meeting the rule's
        criteria in a second such year, 0 to 1) and `rank_method`. With another `into` all begin with it.
        Null where there is no population.

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
    each rate and put through the rule itself, as `compare` and `flag_wards` do it: above the rest beyond
    chance over all wards and themes of the period, large, with enough incidents, and in the smallest set or
    in the cluster that was found. How many wards a rule stops at, and whether it asks for stability, is left
    out. Chance in the counts, and in their places if given, is all that is drawn: **what changes from year
    to year is not**, so next year's order is less sure than this says. Not for choosing `top` after looking.

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
    groups = table.sort_index(level="ward_code").groupby(level=_KEYS, sort=False)
    found: dict[object, list[_Repeated]] = {}
    for (_, period), rows in tqdm(groups, desc="Ranking", unit="theme", delay=1, leave=False, disable=None):
        repeated = _of_one(rows, redrawn, top=top, rule=rule, draws=draws, seed=seed)
        found.setdefault(period, []).append(repeated)
    for themes in found.values():
        _add_again(themes, rule.max_q)
    ranks = pd.concat([theme.ranks for themes in found.values() for theme in themes]).reindex(table.index)
    places = "" if redrawn is None else f" with {redrawn.shape[1]} redraws of uncertain places,"
    return schema.write(
        table,
        into,
        {f"{into}_{part}": ranks[part] for part in _PARTS},
        f"Rank by rate in {draws:,} draws from gamma-Poisson posteriors,{places} 95% interval; {into}_top "
        f"is the first {top}; {into}_again draws a second year's counts and asks whether they meet the rule, "
        f"clusters as found. Change from year to year is not drawn. Seed {seed}. {rule}",
        root="rank",
    )


class _Repeated(NamedTuple):
    """One theme and period: its ranks; the tests of each drawn year, and the wards with a p that may do."""

    ranks: pd.DataFrame
    tested: npt.NDArray[np.int64]
    draw: npt.NDArray[np.intp]
    ward: npt.NDArray[np.intp]
    p: Numbers
    otherwise: npt.NDArray[np.bool_]


def _add_again(themes: list[_Repeated], max_q: float) -> None:
    """Add how often each ward meets the rule; the tests of all themes of one drawn year are one family."""
    p, draw = (np.concatenate(arrays) for arrays in zip(*((t.p, t.draw) for t in themes), strict=True))
    above = below_level(p, draw, np.sum([theme.tested for theme in themes], axis=0), max_q)
    ends = np.cumsum([len(theme.p) for theme in themes])[:-1]
    for theme, here in zip(themes, np.split(above, ends), strict=True):
        met = np.bincount(theme.ward[here & theme.otherwise], minlength=len(theme.ranks))
        theme.ranks["again"] = met / len(theme.tested)


def _of_one(
    rows: pd.DataFrame,
    redrawn: pd.DataFrame | None,
    *,
    top: int,
    rule: PriorityRule,
    draws: int,
    seed: int,
) -> _Repeated:
    """Return the ranks of one theme and period, and what its repeated years say of each ward."""
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
    held = _Held.of(known)
    model = gamma_poisson.fit(known["incidents"].to_numpy(dtype=float), people)
    random = np.random.default_rng(seed)
    ranks = np.empty((draws, len(known)), dtype=np.int32)
    years = []
    step = max(1, _CELLS // len(known))
    for start in range(0, draws, step):
        at = np.arange(start, min(start + step, draws))
        rates = _draw(model, counts, people, at, random)
        ranks[at] = _ranks(rates, random)
        years.append(_judged(random.poisson(rates * people).astype(float), start, held, rule))
    low, high = np.quantile(ranks, [0.025, 0.975], axis=0, method="inverted_cdf")
    values = [ranks.mean(axis=0), low.astype(float), high.astype(float), (ranks <= top).mean(axis=0)]
    found = pd.DataFrame(dict(zip(_PARTS, values, strict=False)), index=known.index)
    return _Repeated(found, *(np.concatenate(parts) for parts in zip(*years, strict=True)))


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


class _Held(NamedTuple):
    """What a second year has as the first: people, dispersion, and the clusters that were found."""

    people: Numbers
    phi: Numbers
    clustered: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, known: pd.DataFrame) -> "_Held":
        """Take them from the rows of one theme and period."""
        alike, none = pd.Series(1.0, known.index), pd.Series(False, known.index)  # noqa: FBT003
        return cls(
            known["population"].to_numpy(dtype=float),
            np.asarray(known.get("ratio_phi", alike).fillna(1.0), dtype=float),
            known.get("priority_clustered", none).fillna(value=False).to_numpy(dtype=bool),
        )


def _judged(
    counts: Numbers, start: int, held: _Held, rule: PriorityRule
) -> tuple[npt.NDArray[np.generic], ...]:
    """Judge drawn years (rows) as `compare` and `flag_wards` judge a year, but for the family of tests."""
    parts = ratios.each_to_rest(counts, np.broadcast_to(held.people, counts.shape))
    total, share = parts[0] + parts[2], held.people / held.people.sum()
    p = beta_binomial.tails(counts, total, share, held.phi).mid_at_least
    ratio = ratios.ratio(parts)
    met = Criteria(
        above=p <= rule.max_q,  # no q is smaller than its p
        large=is_large(ratio, rule.min_ratio),
        volume=smallest_set(counts, rule.volume_share),
        clustered=held.clustered & (ratio >= 1),
        enough=counts >= rule.min_incidents,
    )
    draw, ward = np.nonzero(met.above)
    tested = np.count_nonzero(~np.isnan(p), axis=1)
    return tested, draw + start, ward, p[met.above], met.passed[met.above]


def _check_redrawn(redrawn: pd.DataFrame, table: pd.DataFrame) -> None:
    missing = table.index.difference(redrawn.index)
    if len(missing) or not redrawn.shape[1]:
        raise AlignmentError(
            "The redrawn counts are not about the rows of the ward table.",
            f"rows without redrawn counts: {listed(missing, 3)}; draws: {redrawn.shape[1]}",
            mend="give one row for each theme, period and ward, and one column for each draw.",
        )
