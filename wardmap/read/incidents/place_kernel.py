"""A table of places that is compiled: open addressing, a slot for each place and one to spare.

Imported only for large jobs, because loading the compiler costs more than a small job does.
"""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

_FREE = -1


@njit(cache=True, nogil=True)
def number(
    x: Floats,
    y: Floats,
    located: npt.NDArray[np.bool_],
    known_x: Floats,
    known_y: Floats,
    slots: Ints,
    count: int,
    numbers: Ints,
) -> int:
    """Write the number of each row's place, -1 where it is not located; return how many places there are.

    The first `count` of the places are in the `slots` already, whose number is a power of two.
    """
    for row in range(len(x)):
        if not located[row]:
            numbers[row] = _FREE
            continue
        slot = _slot(x[row], y[row], known_x, known_y, slots)
        if slots[slot] == _FREE:
            slots[slot] = count
            known_x[count], known_y[count] = x[row], y[row]
            count += 1
        numbers[row] = slots[slot]
    return count


@njit(cache=True, nogil=True)
def fill(known_x: Floats, known_y: Floats, slots: Ints) -> None:
    """Put all known places into empty slots."""
    for place in range(len(known_x)):
        slots[_slot(known_x[place], known_y[place], known_x, known_y, slots)] = place


@njit(cache=True, nogil=True)
def _slot(x: float, y: float, known_x: Floats, known_y: Floats, slots: Ints) -> int:
    """Return the slot of a place, or the free one where it belongs."""
    slot = (_mixed(x) * 31 + _mixed(y)) & (len(slots) - 1)
    while slots[slot] != _FREE and (known_x[slots[slot]] != x or known_y[slots[slot]] != y):
        slot = (slot + 1) & (len(slots) - 1)
    return slot


@njit(cache=True, nogil=True)
def _mixed(value: float) -> int:
    """Spread what tells numbers apart over the low bits; equal numbers come to the same."""
    mantissa, exponent = math.frexp(value)
    bits = int(mantissa * 2.0**53) + exponent
    bits = (bits ^ (bits >> 29)) * 0x1CE4E5B9
    return bits ^ (bits >> 23)
