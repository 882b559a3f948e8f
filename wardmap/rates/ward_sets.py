"""`compare_wards`: a named set of wards, pooled, against the whole district and against its rest."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import AlignmentError, InputError, TooFewWardsError, listed
from wardmap.rates.comparison import compare
from wardmap.stats import ratios


def compare_wards(
    table: pd.DataFrame,
    *,
    ward_codes: Sequence[str],
    name: str,
    confidence: float = 0.95,
    into: str = "ratio",
) -> pd.DataFrame:
    """Return the pooled rate ratio of a set of wards to the whole district and to the rest of it.

    Answers: the plan says "almost double the borough": double what? A set that holds 17% of the
    people and runs at 2.0 times the borough runs at 2.5 times the rest. Both are given, labelled.

    Parameters
    ----------
    table
        The ward table, with `incidents` and `population`; one district.
    ward_codes
        The codes of the wards in the set.
    name
        What the set is called.
    confidence
        Of the interval, between 0 and 1.
    into
        The name of the columns, so that a second set can stand beside the first.

    Returns
    -------
    DataFrame
        Index `theme`, `period`, `against` (`district`, `rest`): `wards` (the set's name),
        `incidents` and `population` of the set, `share_incidents` and `share_population` (0 to 1, of
        the district), `ratio`, `ratio_lower`, `ratio_upper`, `ratio_p`, `status`, `status_998` and
        `ratio_method`, as `compare` defines them. Wards without a known population are in neither.

    Raises
    ------
    AlignmentError
        A code is not in the table.
    TooFewWardsError
        The set is empty, or holds every ward.
    InputError
        A code is named twice, or a number that `compare` refuses.

    Notes
    -----
    RR to the rest = r (1 − w) / (1 − w r), where r is the ratio to the whole and w the set's share
    of the people. A set chosen because it was high this year is partly high by chance: judge it by
    another year than the one that chose it.

    Examples
    --------
    >>> import pandas as pd, wardmap as wm
    >>> cells = [("ASB", "2018", f"E0500000{n}") for n in (1, 2, 3, 4)]
    >>> table = pd.DataFrame(
    ...     {"incidents": [80, 80, 40, 40], "population": [1000] * 4},
    ...     index=pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"]),
    ... )
    >>> two = ["E05000001", "E05000002"]
    >>> found = wm.rates.compare_wards(table, ward_codes=two, name="The two")
    >>> found["ratio"].droplevel(["theme", "period"]).round(3).to_dict()
    {'district': 1.333, 'rest': 2.0}
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    schema.refuse_halo(table, "A pooled rate")
    comparable, _ = ratios.known(
        *(table[name].to_numpy(dtype=float, na_value=np.nan) for name in ("incidents", "population"))
    )
    known = table.loc[~np.isnan(comparable), ["incidents", "population"]].reset_index()
    codes = list(ward_codes)
    _refuse_codes(codes, table.index.unique("ward_code"), known["ward_code"])
    known["ward_code"] = np.where(known["ward_code"].isin(codes), "set", "rest")
    pooled = known.groupby(list(schema.WARD_TABLE.index), sort=False).sum()
    results = {
        against: compare(pooled, against=against, confidence=confidence, into=into).xs(
            "set", level="ward_code"
        )
        for against in ("district", "rest")
    }
    found = pd.concat(results, names=["against"]).reorder_levels(["theme", "period", "against"]).sort_index()
    whole = pooled.groupby(level=["theme", "period"]).sum().loc[found.reset_index("against").index]
    found.insert(0, "wards", name)
    for position, what in enumerate(("incidents", "population")):
        found.insert(3 + position, f"share_{what}", found[what] / whole[what].to_numpy())
    return found


def _refuse_codes(codes: list[str], wards: pd.Index, known: pd.Series) -> None:
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise InputError("A ward is named twice.", f"ward codes: {listed(twice)}")
    strangers = sorted(set(codes) - set(wards))
    if strangers:
        raise AlignmentError(
            "The set names wards that are not in the table.",
            f"ward codes: {listed(strangers)}",
            mend="take codes from table.index.unique('ward_code').",
        )
    inside = known.isin(codes)
    if not inside.any() or inside.all():
        raise TooFewWardsError(
            "A set needs wards with people inside it, and outside it.",
            f"with people: {known[inside].nunique()} inside, {known[~inside].nunique()} outside",
        )
