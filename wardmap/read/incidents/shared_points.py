"""`SharedPoints`: rows at one place share one point, which costs a tenth of the memory of one for each."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int32]

NOWHERE = -1


class SharedPoints:
    """The distinct places of many rows, numbered as they come: published police data repeats a fixed list.

    Examples
    --------
    >>> shared = SharedPoints()
    >>> places = shared.number(np.array([1.0, 1.0]), np.array([2.0, 2.0]), np.array([True, False]))
    >>> points = shared.points(places)
    >>> points[0].wkt, points[1]
    ('POINT (1 2)', None)
    """

    def __init__(self) -> None:
        self._known: dict[complex, int] = {}

    def number(self, x: Numbers, y: Numbers, located: npt.NDArray[np.bool_]) -> Places:
        """Return the number of each row's place, `NOWHERE` where it is not `located`."""
        pairs = np.empty(np.count_nonzero(located), dtype=np.complex128)
        pairs.real, pairs.imag = x[located], y[located]
        place, distinct = pd.factorize(pairs)
        known = self._known
        number = np.array([known.setdefault(pair, len(known)) for pair in distinct.tolist()], dtype=np.int32)
        numbers = np.full(len(x), NOWHERE, dtype=np.int32)
        numbers[located] = number[place]
        return numbers

    def points(self, numbers: Places) -> npt.NDArray[Any]:
        """Return the Point of each numbered place, null for `NOWHERE`."""
        x, y = self._places()
        shapes = np.full(len(x) + 1, None, dtype=object)
        shapes[:-1] = shapely.points(x, y)
        return shapes[numbers]  # NOWHERE is the last one

    def _places(self) -> tuple[Numbers, Numbers]:
        pairs = np.array(list(self._known), dtype=np.complex128)
        return pairs.real, pairs.imag


class GivenPoints(SharedPoints):
    """The points that a frame already has, so that a million of them are not made again.

    Where the coordinates that were read are not those of the points, as in a table whose columns say
    otherwise, the points are made from the coordinates.
    """

    def __init__(self, shapes: npt.NDArray[Any]) -> None:
        super().__init__()
        self._shapes = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes
        self._given = False

    def number(self, x: Numbers, y: Numbers, located: npt.NDArray[np.bool_]) -> Places:
        """Return the number of each row's place, `NOWHERE` where it is not `located`."""
        there = self._shapes[located] if len(self._shapes) == len(x) else None
        self._given = there is not None and bool(
            np.array_equal(shapely.get_x(there), x[located])
            and np.array_equal(shapely.get_y(there), y[located])
        )
        if not self._given:
            return super().number(x, y, located)
        return np.where(located, np.arange(len(x), dtype=np.int32), np.int32(NOWHERE))

    def points(self, numbers: Places) -> npt.NDArray[Any]:
        """Return the Point of each numbered place, null for `NOWHERE`."""
        if not self._given:
            return super().points(numbers)
        shapes: npt.NDArray[Any] = np.append(self._shapes, [None])
        return shapes[numbers]


class CompiledSharedPoints(SharedPoints):
    """The same for millions of places, in a table of their coordinates that a compiled function fills."""

    def __init__(self) -> None:
        self._count = 0
        self._x, self._y = np.empty((2, 1 << 16))
        self._slots = np.full(1 << 17, NOWHERE, dtype=np.int32)

    def number(self, x: Numbers, y: Numbers, located: npt.NDArray[np.bool_]) -> Places:
        """Return the number of each row's place, `NOWHERE` where it is not `located`."""
        from wardmap.read.incidents import place_kernel  # noqa: PLC0415 - loads a compiler

        numbers = np.empty(len(x), dtype=np.int32)
        if self._count + len(x) > len(self._x):
            size = 1 << (self._count + len(x)).bit_length()
            self._x, self._y = (np.resize(old[: self._count], size) for old in (self._x, self._y))
            self._slots = np.full(2 * size, NOWHERE, dtype=np.int32)
            place_kernel.fill(self._x[: self._count], self._y[: self._count], self._slots)
        self._count = place_kernel.number(x, y, located, self._x, self._y, self._slots, self._count, numbers)
        return numbers

    def _places(self) -> tuple[Numbers, Numbers]:
        return self._x[: self._count], self._y[: self._count]
