"""`funnel_limits`: how far rates may lie from the target by chance, and as wards differ anyway."""

from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy import stats

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.method import percent
from wardmap.rates.status import status
from wardmap.stats.checks import Numbers
from wardmap.stats.funnel import adjusted_limits
from wardmap.stats.ratios import known

_TAILS = {"": 0.025, "_998": 0.001}
_MARKED = 2.0
_WINSORISED = 0.1


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
        The rate that wards are held against: `district`, that of all wards together, or a number per `per`
        people, a national rate, say.
    per
        The number of people that rates are for.
    into
        The prefix of the columns.

    Returns
    -------
    DataFrame
        The table with `funnel_target`, `funnel_expected` (incidents at the target), `funnel_lower`,
        `funnel_upper` (95 %), `funnel_lower_998`, `funnel_upper_998` (99.8 %; all of them rates per
        `per`), `funnel_phi` (how many times the variance that chance gives: 1 is chance),
        `funnel_tau2` (the variance between wards beyond chance, of the logarithm of the ratio),
        `funnel_adjusted` (boolean: whether the limits allow for it), `funnel_status` and
        `funnel_status_998` (`Above`, `Similar`, `Below`) and `funnel_method`. Null without a population,
        and where nothing is expected.

    Raises
    ------
    InputError
        A count is negative, or `against` or `per` is not positive.

    Notes
    -----
    With target B and E expected:

    .. math:: B\,\frac{\chi^2_{p;\,2E}}{2E} \ldots B\,\frac{\chi^2_{1-p;\,2(E+1)}}{2E}

    adjusted :math:`B \exp(\pm z \sqrt{1/E + \tau^2})`. φ is the mean square of z-scores, the outer tenths
    drawn in to the tenth and the ninetieth percentile: :math:`\ln(O/E)\sqrt{E}`, or
    :math:`2(\sqrt{O} - \sqrt{E})` where a ward has none. Limits are adjusted where φ is above 2 and above
    what chance gives one time in twenty. A ward is part of the rate of all wards, which draws the target
    towards a very large one. Spiegelhalter (2005), https://doi.org/10.1002/sim.1970.

    Not for ranking, and not as a test of all wards at once: one ward in twenty lies outside 95 % limits
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
    spread = pd.DataFrame(np.nan, index=table.index, columns=["phi", "tau2", "bound"])
    for _, group in pd.DataFrame({"o": counts, "e": expected}).dropna().groupby(level=keys, sort=False):
        phi, tau2 = overdispersion(group["o"].to_numpy(), group["e"].to_numpy(), winsorised=_WINSORISED)
        spread.loc[group.index] = phi, tau2, stats.chi2.ppf(0.95, len(group)) / len(group)
    adjusted = (spread["phi"] > _MARKED) & (spread["phi"] > spread["bound"])
    columns: dict[str, Any] = {"funnel_target": per * level, "funnel_expected": expected}
    rate = per * counts / people
    for suffix, tail in _TAILS.items():
        lower, upper = _limits(expected, spread["tau2"], adjusted, tail)
        ends = {"least": per * level * lower, "most": per * level * upper}
        columns |= {f"funnel_lower{suffix}": ends["least"], f"funnel_upper{suffix}": ends["most"]}
        columns[f"funnel_status{suffix}"] = status(rate, rate, **ends)
    columns |= {"funnel_phi": spread["phi"], "funnel_tau2": spread["tau2"], "funnel_adjusted": adjusted}
    around = "the rate of all wards together" if target is None else f"a target of {target:g}"
    return schema.write(
        table,
        into,
        schema.named(columns, into, root="funnel"),
        f"Funnel per {per:,g} people around {around}; exact Poisson limits, or where φ is above "
        f"{_MARKED:g} and above chance, limits widened by the variance between wards (Spiegelhalter "
        f"2005; z-scores winsorised at {percent(_WINSORISED)}).",
        root="funnel",
    )


def overdispersion(observed: Numbers, expected: Numbers, *, winsorised: float) -> tuple[float, float]:
    """Return φ, the variance of the z-scores in units of chance, and τ², the variance between wards.

    Examples
    --------
    >>> observed, expected = np.array([120.0, 80, 150, 60, 95]), np.full(5, 100.0)
    >>> [round(number, 6) for number in overdispersion(observed, expected, winsorised=0)]
    [10.220199, 0.117752]
    """
    if (observed == 0).any():
        z = 2 * (np.sqrt(observed) - np.sqrt(expected))
    else:
        z = np.log(observed / expected) * np.sqrt(expected)
    z = np.clip(z, *np.quantile(z, [winsorised, 1 - winsorised]))
    wards = len(z)
    phi = float((z**2).mean())
    beyond = wards * phi - (wards - 1)
    weight = expected.sum() - (expected**2).sum() / expected.sum()
    return phi, float(max(0.0, beyond / weight)) if weight > 0 else 0.0


def _limits(
    expected: pd.Series, tau2: pd.Series, adjusted: pd.Series, tail: float
) -> tuple[pd.Series, pd.Series]:
    """Return the limits as multiples of the target."""
    narrow, wide = adjusted_limits(expected, tau2, tail)
    lower = pd.Series(stats.chi2.ppf(tail, 2 * expected) / (2 * expected), index=expected.index)
    upper = pd.Series(stats.chi2.ppf(1 - tail, 2 * (expected + 1)) / (2 * expected), index=expected.index)
    return lower.mask(adjusted, narrow), upper.mask(adjusted, wide)


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
    return target
