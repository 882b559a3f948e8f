"""`weigh_harm`: counts by offence become harm, by a table of weights that the user brings."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, SmallNumbersWarning, counted, listed, warn
from wardmap.method import Method
from wardmap.stats.intervals import weighted_limits
from wardmap.themes import ALL_CRIME

_KEYS = ["period", "ward_code"]

THEME = "harm"
"""The theme of the rows that `weigh_harm` returns."""

FEWEST = 10
"""Incidents below which a weighted sum has no interval: OHID's rule for standardised rates."""


def weigh_harm(
    table: pd.DataFrame,
    *,
    weights: pd.Series,
    version: str,
    confidence: float = 0.95,
    into: str = "harm",
) -> pd.DataFrame:
    r"""Add up harm: every incident times the weight of its offence.

    Answers: which wards suffer most, when a robbery counts for more than a stolen bicycle? wardmap
    brings no weights: they are a published judgement (the Cambridge index, the ONS severity score) or
    the partnership's own, and change from version to version.

    Parameters
    ----------
    table
        A ward table whose themes are offences: `count_incidents` of incidents whose `theme` is the
        offence code. The theme `all crime`, which adds up the others, is passed over.
    weights
        Index the offences, as the table names them; values not negative, in any unit.
    version
        Which weights these are: name, date and unit. It is printed with every number.
    confidence
        Of the interval, between 0 and 1.
    into
        The name of the columns, so that harm by other weights can stand beside it.

    Returns
    -------
    DataFrame
        A ward table with the one theme `harm`: `ward_name` where there was one, `incidents` (those
        with a weight), `incidents_method`, `harm` (in the unit of the weights), `harm_lower` and
        `harm_upper` (null with fewer than 10 incidents), `harm_variance`, `harm_largest` (the offence
        whose single incident weighs most; null where there is none), `harm_largest_share` (what one
        such incident is of the ward's harm, 0 to 1), `harm_rank` (1 is the most harm in the period;
        ties share the better rank), `harm_rank_without` (its rank if that one incident had not
        happened, the other wards unchanged), `unmatched` (incidents without a weight, which are in no
        other column) and `harm_method`.

    Raises
    ------
    InputError
        A weight is negative, missing, or there twice; no offence has a weight.

    Warns
    -----
    SmallNumbersWarning
        Offences without a weight: named, with their incidents.

    Notes
    -----
    .. math:: H = \sum_t w_t O_t, \qquad \operatorname{Var}(H) = \sum_t w_t^2 O_t

    The interval scales Byar's limits of the count O to that variance (Dobson and others 1991,
    https://doi.org/10.1002/sim.4780100317); below 0 it is cut, and with fewer than 10 incidents there
    is none. One homicide can move a ward by itself:
    where `harm_rank` and `harm_rank_without` differ, say so. The types of data.police.uk are too
    broad for any such weights: "Violence and sexual offences" holds both ends of the scale.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> index = pd.MultiIndex.from_product(
    ...     [["robbery", "bicycle theft"], ["2018"], ["E05000001", "E05000002"]],
    ...     names=["theme", "period", "ward_code"],
    ... )
    >>> table = pd.DataFrame({"incidents": [1, 0, 10, 40]}, index=index)
    >>> weights = pd.Series({"robbery": 365.0, "bicycle theft": 2.0})
    >>> found = wm.rates.weigh_harm(table, weights=weights, version="Example weights, in days")
    >>> found[["harm", "harm_rank", "harm_rank_without"]].values.tolist()
    [[385.0, 1.0, 2.0], [80.0, 2.0, 2.0]]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    _check_weights(weights)
    table = table[table.index.get_level_values("theme") != ALL_CRIME]
    offences = table.index.get_level_values("theme").astype(str)
    matched = offences.isin(weights.index)
    _say_unmatched(table["incidents"], offences, matched)

    wards = table.groupby(level=_KEYS, sort=False, observed=True)
    counts = table["incidents"].where(matched, 0)
    weight = pd.Series(offences.map(weights.to_dict()), index=table.index, dtype=float).fillna(0.0)
    incidents, harm, variance = (
        values.groupby(level=_KEYS, sort=False, observed=True).sum()
        for values in (counts, weight * counts, weight**2 * counts)
    )
    largest = _largest(weight.where(counts > 0), harm.index)
    one = largest["weight"].fillna(0)
    enough = incidents.where(incidents >= FEWEST).to_numpy(dtype=float)
    lower, upper = weighted_limits(enough, harm.to_numpy(), variance.to_numpy(), confidence)
    found = pd.DataFrame({name: wards[name].first() for name in ("ward_name",) if name in table}, harm.index)
    found = schema.write(
        found, "incidents", {"incidents": incidents.astype(int)}, "Incidents whose offence has a weight."
    )
    columns = {
        "harm": harm,
        "harm_lower": lower,
        "harm_upper": upper,
        "harm_variance": variance,
        "harm_largest": largest["offence"],
        "harm_largest_share": one.where(harm > 0) / harm,
        "harm_rank": _rank(harm, harm),
        "harm_rank_without": _rank(harm, harm - one),
        "unmatched": (wards["incidents"].sum() - incidents).astype(int),
    }
    method = Method(
        f"Incidents times the weight of their offence ({version}; {offences[matched].nunique()} of "
        f"{offences.nunique()} offences have one)",
        confidence=confidence,
        interval=f"by Dobson's method, none below {FEWEST} incidents",
    )
    found = schema.write(found, into, schema.named(columns, into, root="harm"), method, root="harm")
    return pd.concat({THEME: found}, names=["theme"])


def _check_weights(weights: pd.Series) -> None:
    if weights.index.has_duplicates:
        twice = weights.index[weights.index.duplicated()].unique()
        raise InputError("An offence has two weights.", f"offences: {listed(twice)}")
    wrong = ~(weights.astype(float) >= 0)
    if wrong.any():
        raise InputError(
            "A weight must be there and not negative.",
            f"offences: {listed(weights.index[wrong])}",
            mend="weights = weights.dropna()",
        )


def _say_unmatched(counts: pd.Series, offences: pd.Index, matched: npt.NDArray[np.bool_]) -> None:
    left = counts[~matched].groupby(offences[~matched]).sum().sort_values(ascending=False)
    names = [f"{offence} ({number:,})" for offence, number in left.items()]
    if not matched.any():
        raise InputError(
            "No offence of the table has a weight.",
            f"themes of the table: {listed(names)}",
            mend='count_incidents(incidents.assign(theme=incidents["offence_code"]), wards)',
        )
    if names:
        warn(
            SmallNumbersWarning,
            f"{counted(len(names), 'offence')} without a weight: {int(left.sum()):,} incidents are left out.",
            f"offences and their incidents: {listed(names)}",
            mend="add their weights, or say what the harm leaves out.",
        )


def _largest(weight: pd.Series, wards: pd.Index) -> pd.DataFrame:
    """Return the offence whose single incident weighs most in each ward, the first by name among equals."""
    there = weight.dropna().rename("weight").reset_index("theme").rename(columns={"theme": "offence"})
    there = there.sort_values(["weight", "offence"], ascending=[False, True])
    return there[~there.index.duplicated()].reindex(wards).astype({"offence": "string"})


def _rank(harm: pd.Series, own: pd.Series) -> pd.Series:
    """Rank each ward with harm `own` among the other wards of its period; ties share the better rank."""
    ranks = [
        1
        + (others.to_numpy()[:, None] > own.loc[others.index].to_numpy()).sum(axis=0)
        - (others.to_numpy() > own.loc[others.index].to_numpy())
        for _, others in harm.groupby(level="period", sort=False, observed=True)
    ]
    return pd.Series(np.concatenate(ranks), index=harm.index)
