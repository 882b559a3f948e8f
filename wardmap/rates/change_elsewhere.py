"""`compare_change`: whether it rose less than elsewhere, more, or whether that cannot be told."""

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, MissingColumnError, listed
from wardmap.method import Method
from wardmap.rates.change import Breaks, check_breaks, crosses_break, pair
from wardmap.rates.status import verdict
from wardmap.stats.intervals import check_confidence
from wardmap.stats.two_counts import log_ratio_of_ratios

_ENOUGH_PAST = 5


def compare_change(
    table: pd.DataFrame,
    *,
    against: pd.DataFrame,
    before: str,
    after: str,
    confidence: float = 0.95,
    breaks: Breaks | None = None,
    into: str = "change_ratio",
) -> pd.DataFrame:
    r"""Return each ward's change beside that of another area, as a ratio with its doubt.

    Answers: "if the increase is lower than England's, interventions could be said to be working":
    is it lower, or does chance make it look so? Told from the two pairs of counts alone, that rule
    fires on noise half of the time.

    Parameters
    ----------
    table
        The ward table, with `incidents`. Its earlier periods say how much a ward varies anyway.
    against
        Incidents of the other area: index `theme`, `period`, column `incidents`.
    before, after
        The two periods.
    confidence
        Of the interval, between 0 and 1.
    breaks
        For each theme, the periods that are the first of a new way of recording. Across a break there
        is no verdict.
    into
        The name of the columns, so that a second area can stand beside the first.

    Returns
    -------
    DataFrame
        Index `theme`, `ward_code`: `ward_name` where there was one, `before`, `after`,
        `elsewhere_before`, `elsewhere_after` (incidents), `change_ratio` ((after / before) over the same
        elsewhere; null where a count is 0), `change_ratio_lower`, `change_ratio_upper`, `change_ratio_p`
        (two-sided, not corrected for the number of wards), `change_ratio_phi` (the factor by which
        the ward's variance was taken to exceed a Poisson count's; null where it has fewer than five
        earlier periods and 1 was taken), `change_ratio_status` (`less`, `more`, `cannot tell`) and
        `change_ratio_method`.

    Raises
    ------
    AlignmentError
        The other area has no count of a theme in one of the periods.
    InputError
        As for `compare_periods`; or the other area has a row twice or a negative count.

    Warns
    -----
    IncompleteWarning
        Months of both periods are missing, equally many.

    Notes
    -----
    .. math:: \rho = \frac{O_1 / O_0}{E_1 / E_0}, \qquad
        \operatorname{var} \ln \rho = \phi\,(1/O_1 + 1/O_0) + 1/E_1 + 1/E_0

    φ is the ward's Pearson dispersion over the periods before `after`, at least 1. "Less" is no
    proof that an intervention worked: a ward chosen because it was high falls by itself.

    Examples
    --------
    Up by a quarter, England up by a third: less on paper.

    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2016", "E05000001"), ("ASB", "2017", "E05000001")]
    >>> names = ["theme", "period", "ward_code"]
    >>> table = pd.DataFrame({"incidents": [40, 50]}, index=pd.MultiIndex.from_tuples(cells, names=names))
    >>> england = pd.DataFrame({"incidents": [300_000, 400_000]}, index=table.index.droplevel("ward_code"))
    >>> found = wm.rates.compare_change(table, against=england, before="2016", after="2017")
    >>> found[["change_ratio", "change_ratio_status"]].values.tolist()
    [[0.9375, 'cannot tell']]
    """
    check_confidence(confidence)
    found = pair(table, before, after)
    crossed = crosses_break(found, check_breaks(breaks, table), schema.in_order(table), before, after)
    counts = _elsewhere(against, found.index.get_level_values("theme"), before, after)
    phi = _dispersion(table, after).reindex(found.index).to_numpy(dtype=float)
    own, other = (
        tuple(pair[name].to_numpy(dtype=float) for name in ("before", "after")) for pair in (found, counts)
    )
    change = log_ratio_of_ratios(own, other, confidence=confidence, phi=np.where(np.isnan(phi), 1, phi))  # type: ignore[arg-type]
    p = np.where(crossed, np.nan, change.p)
    columns = {
        "change_ratio": change.ratio,
        "change_ratio_lower": change.lower,
        "change_ratio_upper": change.upper,
        "change_ratio_p": p,
        "change_ratio_phi": phi,
        "change_ratio_status": verdict(1 - change.ratio, p, confidence, schema.AGAINST),
    }
    method = Method(
        f"Change from {before} to {after} over that elsewhere",
        confidence=confidence,
        interval=f"log-normal, its variance raised by how much the ward varied over {_ENOUGH_PAST} or more "
        "earlier periods where there are so many",
        test="two-sided, not corrected for the number of wards",
    )
    found = found.assign(
        elsewhere_before=counts["before"].to_numpy(), elsewhere_after=counts["after"].to_numpy()
    )
    return schema.write(
        found, into, schema.named(columns, into, root="change_ratio"), method, root="change_ratio"
    )


def _elsewhere(given: pd.DataFrame, themes: pd.Index, before: str, after: str) -> pd.DataFrame:
    """Return the other area's two counts, a row for every row of the pair."""
    if list(given.index.names) != ["theme", "period"] or "incidents" not in given:
        raise MissingColumnError(
            "The other area needs the index theme, period and the column incidents.",
            f"index found: {listed(given.index.names)}",
            f"columns found: {listed(given.columns)}",
            mend='against.set_index(["theme", "period"])',
        )
    if not given.index.is_unique or (given["incidents"] < 0).any():
        raise InputError("The other area has a row twice, or a negative count.")
    rows = {
        name: pd.MultiIndex.from_arrays([themes, [label] * len(themes)], names=["theme", "period"])
        for name, label in (("before", before), ("after", after))
    }
    counts = pd.DataFrame({name: given["incidents"].reindex(at).to_numpy() for name, at in rows.items()})
    lacking = counts.isna().any(axis=1).to_numpy()
    if lacking.any():
        raise AlignmentError(
            "The other area has no count of some themes in one of the periods.",
            f"themes: {listed(themes[lacking].unique())}",
            f"periods needed: {before!r}, {after!r}",
            mend="add them, or compare the other themes only.",
        )
    return counts


def _dispersion(table: pd.DataFrame, after: str) -> pd.Series:
    """Return each ward's Pearson dispersion over earlier periods, at least 1; null with too few."""
    order = schema.in_order(table)
    past = order[: order.index(after)]
    earlier = table.loc[table.index.get_level_values("period").isin(past), "incidents"]
    by_ward = earlier.groupby(level=["theme", "ward_code"])
    phi = (by_ward.var() / by_ward.mean()).fillna(1.0).clip(lower=1)
    return phi.where(by_ward.size() >= _ENOUGH_PAST)
