"""`PointIndex`: which ward holds each of these points, exactly as GEOS says, at any size."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Shapes = npt.NDArray[np.object_]

NO_WARD = -1
ASK_GEOS = -2

_GRID_PAYS_FROM = 100_000  # points: below, GEOS is done before the compiled kernels are loaded
_CELLS_PER_VERTEX = (2, 32)  # between these, one for each point: a finer grid costs more and answers faster
_MOST_CELLS = 1 << 24
_MOST_AT_ONCE = 1 << 21  # points that a thread takes at once
_ALONE = 1 << 17  # points: below, threads are not worth their start


class PointIndex:
    """Find the shape that holds each point: GEOS `intersects`, and the first of several.

    Answers: in which ward, by its position in `shapes`? Sort the shapes by ward code, and the first
    that holds a point is the one with the lowest code. Small jobs are answered by prepared GEOS
    shapes. Once more than 100,000 points have been asked for, a grid is built (and a finer one later)
    that answers where no edge is near and leaves to GEOS whatever rounding could change, so the answer
    never depends on the size of the job. Safe to use from several threads; a copy sent to another
    process builds its own grid.

    Parameters
    ----------
    shapes
        Polygons and multipolygons; heights are ignored. They may overlap, leave gaps and have holes.
        A shape with invalid rings holds what an odd number of its rings holds, as prepared GEOS says.
    expecting
        How many points there will be in all, where they come bit by bit and it is known.

    Examples
    --------
    >>> import numpy as np, shapely
    >>> index = PointIndex(np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)]))
    >>> position, several = index.place(np.array([0.5, 1.0, 5.0]), np.array([0.5, 0.5, 0.5]))
    >>> position.tolist(), several.tolist()
    ([0, 0, -1], [False, True, False])
    """

    def __init__(self, shapes: Shapes, *, expecting: int = 0) -> None:
        self.shapes = np.asarray(shapes, dtype=object)
        self._lock = threading.Lock()
        self._asked = expecting
        self._empty = bool(shapely.is_empty(self.shapes).all())
        self._grid: _Grid | None = None
        self._grid_serves = _GRID_PAYS_FROM

    def __reduce__(self) -> tuple[Any, ...]:
        return PointIndex, (self.shapes,)

    def place(self, x: Floats, y: Floats) -> tuple[Positions, Flags]:
        """Return each point's position in `shapes`, -1 for none, and whether several shapes hold it.

        A point whose coordinates are not finite is in no shape.
        """
        x, y = np.ascontiguousarray(x, dtype=float), np.ascontiguousarray(y, dtype=float)
        with self._lock:
            self._asked += len(x)
            if self._asked > self._grid_serves and not self._empty:
                self._grid, self._grid_serves = _Grid.over(self.shapes, self._asked), 8 * self._asked
            grid = self._grid
        if grid is None:
            return self._by_geos(x, y)
        position, several = grid.place(x, y)
        open_ = np.flatnonzero(position == ASK_GEOS)
        if open_.size:
            position[open_], several[open_] = self._by_geos(x[open_], y[open_])
        return position, several

    def _by_geos(self, x: Floats, y: Floats) -> tuple[Positions, Flags]:
        """Ask GEOS, once for each place: published points repeat."""
        finite = np.isfinite(x) & np.isfinite(y)
        spot_of, spots = pd.factorize(x[finite] + 1j * y[finite])
        tree = shapely.STRtree(shapely.points(spots.real, spots.imag))
        shape, spot = tree.query(self.shapes, predicate="intersects")
        first = np.full(len(spots), len(self.shapes), dtype=np.int32)
        np.minimum.at(first, spot, shape.astype(np.int32))
        holders = np.bincount(spot, minlength=len(spots))
        first[holders == 0] = NO_WARD
        position = np.full(len(x), NO_WARD, dtype=np.int32)
        several = np.zeros(len(x), dtype=bool)
        position[finite], several[finite] = first[spot_of], holders[spot_of] > 1
        return position, several


@dataclass(frozen=True)
class _Grid:
    """What the kernels need to know about the shapes, built once."""

    box: Floats
    size: Positions
    lookup: tuple[npt.NDArray[Any], ...]
    edges: tuple[npt.NDArray[Any], ...]

    @classmethod
    def over(cls, shapes: Shapes, points: int) -> "_Grid":
        from wardmap.join import grid_kernels  # noqa: PLC0415 - loads a compiler

        xy, shape_of = _edges(shapes)
        bounds = np.array([*xy.min(axis=0), *xy.max(axis=0)])
        fewest, most = (number * len(xy) for number in _CELLS_PER_VERTEX)
        box, size = _layout(bounds, min(max(fewest, points), most, _MOST_CELLS))
        start, listed = grid_kernels.list_edges(xy, shape_of, box, size)
        answer, cover_start, cover = grid_kernels.sweep(xy, shape_of, box, size, start, listed)
        edges = (xy, shape_of, box, size, start, listed, cover_start, cover)
        return cls(box, size, (box, size, bounds, answer), edges)

    def place(self, x: Floats, y: Floats) -> tuple[Positions, Flags]:
        from wardmap.join import grid_kernels  # noqa: PLC0415 - loads a compiler

        position = np.empty(len(x), dtype=np.int32)
        several = np.empty(len(x), dtype=bool)

        def answer(part: slice) -> None:
            points = (x[part], y[part], position[part], several[part])
            grid_kernels.look_up(*points, *self.lookup)
            mixed = np.flatnonzero(points[2] == grid_kernels.MIXED)
            cells = grid_kernels.cells_of(x[part], y[part], mixed, self.box, self.size)
            # In the order of their cells: what one point asks of memory, the next finds in the cache.
            order = np.argsort(cells)
            grid_kernels.walk(mixed[order], cells[order], *points, *self.edges)

        if len(x) <= _ALONE:
            answer(slice(0, len(x)))
            return position, several
        threads = os.cpu_count() or 1
        size = min(-(-len(x) // threads), _MOST_AT_ONCE)
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(answer, [slice(begin, begin + size) for begin in range(0, len(x), size)]))
        return position, several


def _edges(shapes: Shapes) -> tuple[Floats, Positions]:
    """Return all vertices, and for each the shape whose edge begins there (-1 at the end of a ring)."""
    parts, shape_of_part = shapely.get_parts(shapes, return_index=True)
    rings, part_of_ring = shapely.get_rings(parts, return_index=True)
    xy, ring_of = shapely.get_coordinates(rings, return_index=True)
    shape_of = shape_of_part[part_of_ring][ring_of].astype(np.int32)
    shape_of[np.append(np.flatnonzero(np.diff(ring_of)), len(xy) - 1)] = -1
    return xy, shape_of


def _layout(bounds: Floats, cells: int) -> tuple[Floats, Positions]:
    """Choose square cells, about so many as asked for, but none that rounding could confuse."""
    width, height = bounds[2:] - bounds[:2]
    side = max(np.sqrt(width * height / cells), 1e-7 * np.abs(bounds).max())
    columns, rows = max(int(width / side), 1), max(int(height / side), 1)
    per_unit = (columns / (width or 1.0), rows / (height or 1.0))
    return np.array([*bounds[:2], *per_unit]), np.array([columns, rows], dtype=np.int32)
