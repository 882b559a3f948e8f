"""`evaluate_project`: the change where a project worked, compared with where it did not."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.priority.chosen_wards import checked_codes, ward_names
from wardmap.stats.intervals import normal_quantile, two_sided_p
from wardmap.stats.regression_to_mean import regressed
from wardmap.stats.two_counts import log_ratio_of_ratios

_CONFIDENCE = 0.95
_RELATIVE = ("relative", "relative_lower", "relative_upper")
_ROLES = ("treated", "control", "buffer", "buffer_control")


def evaluate_project(
    table: pd.DataFrame,
    *,
    treated_codes: Sequence[str],
    control_codes: Sequence[str],
    before: str,
    after: str,
    buffer_codes: Sequence[str] = (),
    buffer_control_codes: Sequence[str] = (),
    theme: str | None = None,
) -> pd.DataFrame:
    """Compare the change where a project worked with the change where it did not.

    Answers: how many incidents fewer than the comparison wards lead one to expect, and could that be
    chance? Did they move next door?

    Parameters
    ----------
    table
        The ward table with `incidents`; `months` and `population` are used where there.
    treated_codes
        Codes of the wards where the project worked.
    control_codes
        Codes of comparison wards: alike in size and in past, and out of the project's reach. There is no
        default, because the comparison is the claim.
    before, after
        The two periods. Where `months` says that they differ in length, the first is scaled.
    buffer_codes, buffer_control_codes
        Wards next door, to which incidents may have moved, and wards to compare those with. Without a
        comparison, the buffer is taken to have stayed as it was.
    theme
        One theme; every theme of the table when left out.

    Returns
    -------
    DataFrame
        Index `theme`: for each of the four sets `<set>_before` and `<set>_after` (incidents), `wdd` (the
        weighted displacement difference: incidents more than expected, buffer included), `wdd_lower`,
        `wdd_upper` (95%), `wdd_p` (two-sided), `relative` (the treated wards' ratio of after to before
        over the control wards'), `relative_lower`, `relative_upper`, `expected_alone` (incidents in the
        treated wards after, if they only regressed to the district's mean; null without `population`),
        `verdict` (`fell more`, `fell less or rose`, `cannot tell`: by the interval of `wdd`) and
        `project_method`.

    Raises
    ------
    InputError
        A ward in two roles or unknown, the same period twice, or a period that is not there.

    Notes
    -----
    WDD = ΔT − ΔC + ΔD − ΔDC with the sum of all counts as variance (Wheeler and Ratcliffe 2018,
    doi:10.1186/s40163-018-0085-5); counts of a period of k times the other's length enter as count/k,
    with variance count/k². It asks the two sets to rise and fall by the same *number*, so
    they should be alike in size; `relative` asks for the same *proportion* (log-normal limits), which
    unlike sizes can meet. Where the two disagree, the comparison is not a good one. Neither knows why
    the wards were chosen: hold the fall against `expected_alone`. Crime varies more than a Poisson
    count, so an interval that barely leaves 0 out is weak evidence.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", year, f"E0500000{n}") for year in ("2018", "2019") for n in (1, 2)]
    >>> table = pd.DataFrame(
    ...     {"incidents": [207, 308, 110, 318]},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> found = wm.priority.evaluate_project(
    ...     table, treated_codes=["E05000001"], control_codes=["E05000002"], before="2018", after="2019"
    ... )
    >>> found[["wdd", "verdict"]].values.tolist()
    [[-107.0, 'fell more']]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents"])
    themes = list(table.index.get_level_values("theme").unique()) if theme is None else [theme]
    given = dict(zip(_ROLES, (treated_codes, control_codes, buffer_codes, buffer_control_codes), strict=True))
    found = {}
    for name in themes:
        one, other = (
            schema.select(table, str(name), period).droplevel(["theme", "period"])
            for period in (before, after)
        )
        sets = _sets(given, ward_names(one))
        length = _relative_length(one, other, before, after)
        found[str(name)] = _of_theme(one, other.reindex(one.index), sets, length)
    names = {role: ", ".join(codes) for role, codes in sets.items() if codes}
    rows = pd.DataFrame.from_dict(found, orient="index").rename_axis("theme")
    return schema.write(
        rows.assign(verdict=pd.Categorical(rows["verdict"], categories=schema.VERDICTS)),
        "project",
        {},
        f"{after} against {before}; {'; '.join(f'{role}: {codes}' for role, codes in names.items())}. "
        "Weighted displacement difference, variance the sum of the counts; relative: ratio of ratios; 95%.",
    )


def _of_theme(
    before: pd.DataFrame, after: pd.DataFrame, sets: dict[str, list[str]], length: float
) -> dict[str, float | str]:
    """Return the comparison for one theme; `length` is the first period's length over the second's."""
    counts: dict[str, float | str] = {}
    wdd, variance, pairs = 0.0, 0.0, []
    for role, sign in zip(_ROLES, (1, -1, 1, -1), strict=True):
        was, now = (float(rows.loc[sets[role], "incidents"].sum()) for rows in (before, after))
        counts |= {f"{role}_before": was, f"{role}_after": now}
        wdd += sign * (now - was / length)
        variance += now + was / length**2
        pairs.append((was, now))
    relative = map(float, log_ratio_of_ratios(pairs[0], pairs[1], confidence=_CONFIDENCE))
    half = normal_quantile(_CONFIDENCE) * np.sqrt(variance)
    lower, upper = wdd - half, wdd + half
    return counts | {
        "wdd": wdd,
        "wdd_lower": lower,
        "wdd_upper": upper,
        "wdd_p": float(two_sided_p(wdd / np.sqrt(variance))) if variance else np.nan,
        **dict(zip(_RELATIVE, relative, strict=False)),
        "expected_alone": _expected_alone(before, sets["treated"], length),
        "verdict": "fell more" if upper < 0 else "fell less or rose" if lower > 0 else "cannot tell",
    }


def _expected_alone(before: pd.DataFrame, codes: list[str], length: float) -> float:
    if "population" not in before:
        return np.nan
    people = before["population"].to_numpy(dtype=float, na_value=0.0)
    counts = before["incidents"].to_numpy(dtype=float)
    expected = regressed(counts, people).expected / length
    return float(expected[before.index.isin(codes)].sum())


def _sets(given: dict[str, Sequence[str]], names: pd.Series) -> dict[str, list[str]]:
    """Return the codes of each role, checked: known, and in one role only."""
    sets = {
        role: checked_codes(codes, names, f"The {role.replace('_', ' ')} set")
        if role in _ROLES[:2] or len(codes)
        else []
        for role, codes in given.items()
    }
    every = [code for codes in sets.values() for code in codes]
    twice = sorted({code for code in every if every.count(code) > 1})
    if twice:
        raise InputError("A ward cannot have two roles in one comparison.", f"ward codes: {listed(twice)}")
    return sets


def _relative_length(one: pd.DataFrame, other: pd.DataFrame, before: str, after: str) -> float:
    if before == after:
        raise InputError(
            "A change needs two periods.",
            f"before and after: {before}",
            mend='before="2017/18", after="2018/19"',
        )
    if "months" not in one:
        return 1.0
    return float(one["months"].iloc[0]) / float(other["months"].iloc[0])
