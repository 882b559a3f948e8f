"""`standardise_rates`: rates that all vary alike, to give to a local statistic when wards differ in size."""

import numpy as np
import pandas as pd

from wardmap import schema
from wardmap.errors import InputError, listed
from wardmap.stats.empirical_bayes import standardised
from wardmap.stats.ratios import known


def standardise_rates(table: pd.DataFrame, *, into: str = "standard_rate") -> pd.DataFrame:
    r"""Rescale each ward's rate by how much a rate from so few people varies.

    Answers: how unusual is a rate, small wards given their due? Rates from few people swing widely, so
    the highest and the lowest are mostly small wards, and a local statistic of raw rates finds small
    wards. Standardised rates have the same variance everywhere.

    Parameters
    ----------
    table
        The ward table with `incidents` and `population`. Each theme and period is standardised by
        itself. A ward whose incidents are not known, or where nobody lives, is left out.
    into
        The name of the column written.

    Returns
    -------
    DataFrame
        The table with `standard_rate` (number): how many standard deviations the rate lies from that of
        all wards together; null where incidents are not known or nobody lives, and in a theme and period
        without incidents. And `standard_rate_method` (category, never null).

    Raises
    ------
    MissingColumnError, InputError
        Incidents or population are not there, not numbers, or below 0.

    Notes
    -----
    With the overall rate b, the weighted variance s² of the rates and mean population n̄:

    .. math:: z_i = \frac{r_i - b}{\sqrt{v_i}}, \quad v_i = a + b / n_i, \quad a = s^2 - b / \bar{n}

    Where a is so far below 0 that :math:`v_i` is negative, :math:`v_i = b / n_i`, ward by ward, as
    Assunção and Reis and esda have it; spdep sets a to 0 for all wards instead.

    Do not print it as a rate, and do not smooth it further. It says nothing about how sure a ward's own
    rate is: that is its interval.

    References
    ----------
    Assunção and Reis (1999), https://doi.org/10.1002/(SICI)1097-0258(19990830)18:16<2147::AID-SIM179>3.0.CO;2-I

    Examples
    --------
    Eight wards of about 100 people, the example of esda's documentation.

    >>> import pandas as pd, wardmap as wm
    >>> codes = [f"E0500000{i}" for i in range(8)]
    >>> index = pd.MultiIndex.from_product(
    ...     [["Burglary"], ["2017"], codes], names=["theme", "period", "ward_code"]
    ... )
    >>> table = pd.DataFrame({"incidents": [30, 25, 25, 15, 33, 21, 30, 20]}, index=index)
    >>> table["population"] = [100, 100, 110, 90, 100, 90, 110, 90]
    >>> wm.rates.standardise_rates(table)["standard_rate"].round(2).tolist()[:4]
    [1.04, -0.04, -0.56, -1.73]
    """
    schema.require(table, schema.WARD_TABLE, ["incidents", "population"])
    for name in ("incidents", "population"):
        _refuse_no_counts(table[name])
    at = schema.families(table)
    incidents, people = known(at.laid_out(table["incidents"]), at.laid_out(table["population"]))
    standard = np.full(incidents.shape, np.nan)
    words = np.full(len(incidents), "Rates not standardised: there are no incidents.", dtype=object)
    for family, counts in enumerate(incidents):
        kept = ~np.isnan(counts)
        if counts[kept].any():
            standard[family, kept] = standardised(counts[kept], people[family, kept])
            words[family] = (
                "Rates of incidents by population, standardised after Assunção and Reis (1999) over "
                f"{kept.sum():,} wards."
            )
    columns = schema.named({"standard_rate": standard[at.family, at.ward]}, into, root="standard_rate")
    return schema.write(table, into, columns, words[at.family], root="standard_rate")


def _refuse_no_counts(column: pd.Series) -> None:
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise InputError(f"Column {column.name!r} must hold numbers.", f"it holds: {column.dtype}")
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if (values < 0).any():
        raise InputError(
            f"Column {column.name!r} must not be below 0.", f"rows: {listed(column.index[values < 0])}"
        )
    if np.isinf(values).any():
        raise InputError(
            f"Column {column.name!r} must not be infinite.", f"rows: {listed(column.index[np.isinf(values)])}"
        )
