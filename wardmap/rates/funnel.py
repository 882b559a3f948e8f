"""`funnel_limits`: how far rates may lie from the target by chance, and as wards differ anyway."""

from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import special

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.method import Method, percent
from wardmap.rates.status import status_of_signs
from wardmap.stats import funnel
from wardmap.stats.checks import Numbers, whole_counts
from wardmap.stats.ratios import known

_TAILS = {"": 0.025, "_998": 0.001}
_MARKED = 2.0


def funnel_limits(
    table: pd.DataFrame,
    *,
    against: Literal["district"] | float = "district",
    per: float = 1_000,
    into: str = "funnel",
) -> pd.DataFrame:
    r"""Add the limits of a funnel plot, widened where wards differ by more than chance.

    Answers: which wards lie outside what chance, and the usual differences between wards, would give
    around the target?

    Parameters
    ----------
    table
        The ward table, with `incidents` and `population`. Every theme and period is a funnel.
    against
        The target: `district`, the rate of all wards together, or a number per `per` people, a national
        rate, say.
    per
        The number of people that rates are for.
    into
        The prefix of the columns.

    Returns
    -------
    DataFrame
        The table with `funnel_target`, `funnel_expected` (incidents at the target), `funnel_lower`,
        `funnel_upper` (95%), `funnel_lower_998`, `funnel_upper_998` (99.8%; all of them rates per
        `per`), `funnel_phi` (how many times the variance that chance gives: 1 is chance),
        `funnel_tau2` (the variance between wards beyond chance, of the logarithm of the ratio),
        `funnel_adjusted` (boolean: whether the limits allow for it), `funnel_status` and
        `funnel_status_998` (`Above`, `Similar`, `Below`) and `funnel_method`. Null without a population,
        and where nothing is expected.

    Raises
    ------
    InputError
        A count is negative or not whole, or `against` or `per` is not positive.

    Notes
    -----
    A limit says which counts chance gives where E are expected, so it is a prediction of a count, not the
    interval of a mean. A ward is above where :math:`P(X \ge O) \le p` and below where
    :math:`P(X \le O) \le p`, with X Poisson of mean E and p = 0.025 or 0.001. So no incident where two are
    expected is no sign of anything: chance gives that 14 times in 100. The limits that are drawn,

    .. math:: r - \frac{P(X \le r) - p}{P(X = r)} \ge 0 \quad\text{and}\quad
        k + \frac{P(X \ge k) - p}{P(X = k)},

    over E and times the target B, have no steps: r is the first count with :math:`P(X \le r) > p`, k the
    last with :math:`P(X \ge k) > p`.

    Adjusted: :math:`B \exp(\pm z \sqrt{1/E + \tau^2})`. φ is the mean square of z-scores,
    :math:`\ln(O/E)\sqrt{E}`, or :math:`2(\sqrt{O} - \sqrt{E})` where a ward has none; the outer tenths are
    drawn in to those next to them, and φ is divided by what that takes away where there is only chance.
    Limits are adjusted where φ is above 2 and above what chance gives one time in twenty. A ward is part of
    the rate of all wards, which draws the target towards a very large one. Spiegelhalter (2005),
    https://doi.org/10.1002/sim.1970.

    Not for ranking, and not as a test of all wards at once: one ward in twenty lies outside 95% limits
    by chance.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", f"E0500000{n}") for n in range(5)]
    >>> table = pd.DataFrame(
    ...     {"incidents": [120, 80, 150, 60, 95], "population": 1000},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> funnel = wm.rates.funnel_limits(table, against=100)
    >>> funnel[["funnel_status", "funnel_adjusted"]].values.tolist()[2]
    ['Similar', True]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    schema.refuse_halo(table, "A funnel")
    target = _checked(table, against, per)
    given = (table[name].to_numpy(dtype=np.float64, na_value=np.nan) for name in ("incidents", "population"))
    counts, people = (pd.Series(values, index=table.index) for values in known(*given))
    keys = ["theme", "period"]
    sums = (values.groupby(level=keys).transform("sum") for values in (counts, people))
    level = next(sums) / next(sums) if target is None else pd.Series(target / per, index=table.index)
    expected = (level * people).where(lambda e: e > 0)
    spread = _spread(counts, expected)
    adjusted = (spread["phi"] > _MARKED) & (spread["phi"] > spread["bound"])
    columns: dict[str, Any] = {"funnel_target": per * level, "funnel_expected": expected}
    for suffix, tail in _TAILS.items():
        lower, upper, word = _limits(counts, expected, spread["tau2"], adjusted, tail)
        columns |= {
            f"funnel_lower{suffix}": per * level * lower,
            f"funnel_upper{suffix}": per * level * upper,
            f"funnel_status{suffix}": word,
        }
    columns |= {"funnel_phi": spread["phi"], "funnel_tau2": spread["tau2"], "funnel_adjusted": adjusted}
    around = "the rate of all wards together" if target is None else f"a target of {target:g}"
    widened = (
        "limits of the counts that chance gives (Poisson); where φ is above "
        f"{_MARKED:g} and above chance, widened by the variance between wards (Spiegelhalter 2005)"
    )
    drawn = f"the outer {percent(funnel.WINSORISED)} of z-scores at each end are drawn in"
    method = Method(f"Funnel per {per:,g} people around {around}", notes=(widened, drawn))
    return schema.write(table, into, schema.named(columns, into, root="funnel"), method, root="funnel")


def _spread(counts: pd.Series, expected: pd.Series) -> pd.DataFrame:
    """Return φ and τ² of each row's theme and period, and the φ that chance stays below 19 times in 20."""
    spread = pd.DataFrame(np.nan, index=counts.index, columns=["phi", "tau2", "bound"])
    both = pd.DataFrame({"o": counts, "e": expected}).dropna()
    for _, group in both.groupby(level=["theme", "period"], sort=False):
        phi, tau2 = funnel.overdispersion(group["o"].to_numpy(), group["e"].to_numpy())
        wards = len(group)
        spread.loc[group.index] = phi, tau2, special.chdtri(wards, 0.05) / wards
    return spread


def _limits(
    counts: pd.Series, expected: pd.Series, tau2: pd.Series, adjusted: pd.Series, tail: float
) -> tuple[Numbers, Numbers, Any]:
    """Return the limits as multiples of the target, and the status of each ward by them."""
    count, mean = counts.to_numpy(), expected.to_numpy()
    plain = [limit / mean for limit in funnel.prediction_limits(mean, tail)]
    wide = funnel.adjusted_limits(mean, tau2.to_numpy(), tail)
    lower, upper = (np.where(adjusted, w, p) for p, w in zip(plain, wide, strict=True))
    ratio = count / mean
    beyond = (ratio > upper).astype(int) - (ratio < lower).astype(int)
    signs = np.where(adjusted, beyond, funnel.status(count, mean, tail))
    return lower, upper, status_of_signs(signs, known=~np.isnan(ratio))


def _checked(table: pd.DataFrame, against: object, per: float) -> float | None:
    """Return the given rate, None where wards are held against all of them; raise where neither is meant."""
    target = float(against) if isinstance(against, int | float) and not isinstance(against, bool) else None
    if (target is None and against != "district") or (target is not None and not 0 < target < np.inf):
        raise InputError(
            "A target must be a positive rate.", f"against: {against!r}", mend='against="district"'
        )
    if not per > 0:
        raise InputError("A rate must be for a positive number of people.", f"per: {per}", mend="per=1_000")
    if (table["incidents"] < 0).any():
        raise InputError(
            "A count cannot be negative.", f"rows: {listed(table.index[table['incidents'] < 0])}"
        )
    whole_counts(table["incidents"].to_numpy(dtype=float, na_value=np.nan))
    return target
