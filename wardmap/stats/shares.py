"""Largest remainder: whole shares that sum exactly to the total."""

import numpy as np
import numpy.typing as npt

from wardmap.errors import InputError


def largest_remainder(weights: npt.ArrayLike, total: int) -> npt.NDArray[np.int64]:
    """Split `total` into whole parts in proportion to `weights` (Hamilton's method).

    Each part gets the whole number below its exact share; what is left over goes one each to the
    largest remainders, ties to the larger share and then to the earlier position. So pass the
    weights in ward-code order when ties should go by code.

    Raises
    ------
    InputError
        A weight is negative or not a number, nothing has weight, or the total is negative.

    Examples
    --------
    >>> largest_remainder([5, 3, 1], 10).tolist()
    [6, 3, 1]
    """
    share = np.asarray(weights, dtype=float)
    if share.size == 0 or not np.isfinite(share).all() or (share < 0).any() or share.sum() == 0:
        raise InputError(
            "Shares need weights that are numbers, not negative, and not all zero.",
            f"weights: {share.tolist()[:10]}",
        )
    if total < 0:
        raise InputError("A negative total cannot be shared out.", f"total: {total}")
    exact = share / share.sum() * total
    parts: npt.NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.lexsort((np.arange(share.size), -share, -(exact - parts)))
    parts[order[: total - int(parts.sum())]] += 1
    return parts
