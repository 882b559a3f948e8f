"""Whole shares between floors and caps: in proportion to need as far as the limits leave room."""

import numpy as np
import numpy.typing as npt

from wardmap.errors import InputError
from wardmap.stats.shares import largest_remainder

Wholes = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def apportion(weights: Floats, total: int, floors: Wholes, caps: Wholes) -> Wholes:
    """Split `total` into whole parts in proportion to `weights`, none below its floor or above its cap.

    The parts are `scale * weight`, cut at the limits, with the one scale that uses up the total; those
    that no limit cuts are rounded by the largest remainder. So more weight never gets less, and a part
    that grows in weight never shrinks. Ties go to the earlier position.

    Raises
    ------
    InputError
        The floors need more than the total, the caps hold less, or what is left has no weight to go by.
    """
    if floors.sum() > total:
        raise InputError(
            "The floors need more than there is.", f"floors together: {floors.sum():,}; to share: {total:,}"
        )
    if caps.sum() < total:
        raise InputError(
            "The caps leave something over.", f"caps together: {caps.sum():,}; to share: {total:,}"
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        enters = np.where(
            weights > 0, floors / weights, np.inf
        )  # the scale from which a part leaves its floor
        leaves = np.where(weights > 0, caps / weights, np.inf)  # the scale at which it reaches its cap
    scale = _last_scale_that_fits(weights, total, floors, caps, np.concatenate([[0.0], enters, leaves]))
    free = (enters <= scale) & (scale < leaves)
    parts = np.where(scale < leaves, floors, caps)
    left = total - int(parts[~free].sum())
    if free.any():
        parts[free] = largest_remainder(weights[free], left)
    elif left:
        raise InputError(
            "Something is left over that no part with any weight can take.",
            f"left over: {left:,} of {total:,}",
            f"parts with weight: {(weights > 0).sum()} of {len(weights)}",
        )
    return parts


def _last_scale_that_fits(weights: Floats, total: int, floors: Wholes, caps: Wholes, scales: Floats) -> float:
    """Return the largest of the scales at which parts turn that does not use more than the total."""
    turns = np.unique(scales[np.isfinite(scales)])
    low, high = 0, len(turns)
    while high - low > 1:
        middle = (low + high) // 2
        fits = np.clip(turns[middle] * weights, floors, caps).sum() <= total
        low, high = (middle, high) if fits else (low, middle)
    return float(turns[low])
