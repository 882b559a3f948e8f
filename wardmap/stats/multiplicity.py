"""Many tests at once: the family of tests, and how many of its findings may be false."""

import numpy as np
from numpy.typing import NDArray


def q_values(p: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Say what share of false alarms to expect if each ward this striking, or more so, were flagged.

    Twenty-one wards tested at 5% give one false hot spot a year by chance alone. Benjamini and
    Hochberg's q-value is the smallest false discovery rate at which the ward would still be flagged.

    Parameters
    ----------
    p
        p-values. The last axis is the family of tests, and every row a family of its own. NaN marks
        a ward that cannot be tested: it stays NaN, and does not count as a member of the family.

    Returns
    -------
    ndarray
        q-values in the shape of `p`: :math:`q_{(i)} = \min_{j \ge i} \min(1, m p_{(j)} / j)` with
        the m testable p-values of the family in ascending order.

    Notes
    -----
    It holds for independent tests and for those that rise and fall together, as neighbours do. Do
    not join families that answer different questions, and do not choose the family after looking.

    References
    ----------
    Benjamini and Hochberg (1995), https://doi.org/10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> q_values(np.array([0.001, 0.01, 0.02, np.nan, 0.04, 0.3])).round(4).tolist()
    [0.005, 0.025, 0.0333, nan, 0.05, 0.3]
    """
    order = np.argsort(p, axis=-1)  # NaN last
    q = np.take_along_axis(p, order, axis=-1)
    tested = np.count_nonzero(~np.isnan(p), axis=-1, keepdims=True)
    q *= tested / np.arange(1, p.shape[-1] + 1)
    descending = q[..., ::-1]
    np.fmin.accumulate(descending, axis=-1, out=descending)
    np.put_along_axis(q, order, np.minimum(q, 1.0), axis=-1)
    return q


def reach(attainable: NDArray[np.float64], q: float) -> tuple[float, float]:
    """Return the smallest attainable p of one family, and the p that a lone finding would need.

    A lone ward is found at level `q` only if its p is at most q/m, m being the testable wards of
    the family. Where the first number is above the second, no ward could be found by itself, however
    extreme. Both are NaN in a family without a testable ward.

    Examples
    --------
    >>> reach(np.array([0.05, 0.0053, np.nan]), 0.1)
    (0.0053, 0.05)
    """
    tested = attainable[~np.isnan(attainable)]
    if not len(tested):
        return np.nan, np.nan
    return float(tested.min()), q / len(tested)


def below_level(
    p: NDArray[np.float64], row: NDArray[np.intp], tested: NDArray[np.int64], level: float
) -> NDArray[np.bool_]:
    """Say which p-values have a q of at most `level`, where only p-values up to `level` were kept.

    The same step-up procedure as `q_values`, for very many families that are nearly empty below the level.

    Parameters
    ----------
    p, row
        The p-values that are at most `level`, and the family (from 0) of each.
    tested
        How many tests each family has, those that were not kept among them.

    Examples
    --------
    >>> below_level(np.array([0.04, 0.001, 0.03]), np.array([0, 0, 1]), np.array([4, 4]), 0.1)
    array([ True,  True, False])
    """
    order = np.lexsort((p, row))
    families = row[order]
    place = np.arange(1, len(p) + 1) - np.searchsorted(families, families)
    enough = p[order] * (tested[families] / place) <= level
    last = np.zeros(len(tested), dtype=np.int64)
    np.maximum.at(last, families[enough], place[enough])
    found = np.empty(len(p), dtype=bool)
    found[order] = place <= last[families]
    return found
