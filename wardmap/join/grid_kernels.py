"""The compiled half of the point index: a grid over the wards, built once, asked millions of times.

Imported only for large jobs, because loading the compiler costs more than a small job does.

Every edge of every ward is listed in each cell that it could touch, and for the middle of every cell
(the reference) it is known which wards hold it. A cell without edges has one answer for all its
points. In the other cells the way from the point to the reference, first level and then upright,
is followed, and each edge that it crosses turns inside into outside. On which side of an edge a
point lies is the sign of a determinant. Where rounding could change that sign, or where the way
touches a corner, the point is not decided here: `ASK_GEOS` hands it back to GEOS itself.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

NO_WARD = -1
ASK_GEOS = -2
MIXED = -3  # the answer of a cell whose points differ: look at its edges and covers

_EPS = 2.0**-52
_SIDE_ERROR = 1e-15  # relative; the true bound of this determinant is 3.4e-16
_SIDE_FLOOR = 1e-290  # below it products may have lost digits to underflow

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.intp]


@njit(cache=True, nogil=True)
def _cell(value: float, start: float, per_unit: float, cells: int) -> int:
    """Return the row or column of a coordinate; never decreases as the coordinate grows."""
    return min(max(int((value - start) * per_unit), 0), cells - 1)


@njit(cache=True, nogil=True)
def _side(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """Return 1 where p lies left of a to b, -1 where right, 0 where rounding leaves it open."""
    left = (ax - px) * (by - py)
    right = (ay - py) * (bx - px)
    error = _SIDE_ERROR * (abs(left) + abs(right)) + _SIDE_FLOOR
    if left - right > error:
        return 1
    if right - left > error:
        return -1
    return 0


@njit(cache=True, nogil=True)
def _x_at(ax: float, ay: float, bx: float, by: float, y: float) -> float:
    """Return where a to b is at height y, to within 8 roundings of its largest coordinate."""
    return ax + (y - ay) / (by - ay) * (bx - ax)


@njit(cache=True, nogil=True)
def list_edges(xy: Floats, shape_of: Ints, box: Floats, size: Ints) -> tuple[Ints, Ints]:
    """Return for each cell the edges that could touch it, as starts and a flat list.

    Edge i runs from vertex i to vertex i + 1; `shape_of[i]` is negative where a ring ends. `box`
    holds the left, the bottom, columns per unit and rows per unit; `size` columns and rows.
    """
    columns, rows = size
    start = np.zeros(columns * rows + 1, dtype=np.int32)
    listed = np.empty(0, dtype=np.int32)
    loose = 32 * _EPS * np.max(np.abs(xy))
    for filling in (False, True):
        for i in range(len(shape_of) - 1):
            if shape_of[i] < 0:
                continue
            ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
            low, high = min(ay, by), max(ay, by)
            bottom = _cell(low, box[1], box[3], rows)
            top = _cell(high, box[1], box[3], rows)
            for row in range(bottom, top + 1):
                left, right = min(ax, bx), max(ax, bx)
                if bottom < top:
                    enter = max(low, box[1] + row / box[3] - loose)
                    leave = min(high, box[1] + (row + 1) / box[3] + loose)
                    one, two = _x_at(ax, ay, bx, by, enter), _x_at(ax, ay, bx, by, leave)
                    left, right = max(left, min(one, two)), min(right, max(one, two))
                first = _cell(left - loose, box[0], box[2], columns)
                last = _cell(right + loose, box[0], box[2], columns)
                for cell in range(row * columns + first, row * columns + last + 1):
                    if filling:
                        listed[start[cell]] = i
                        start[cell] += 1
                    else:
                        start[cell + 1] += 1
        if filling:
            start[1:] = start[:-1].copy()
            start[0] = 0
        else:
            start = np.cumsum(start).astype(np.int32)
            listed = np.empty(start[-1], dtype=np.int32)
    return start, listed


@njit(cache=True, nogil=True)
def sweep(
    xy: Floats, shape_of: Ints, box: Floats, size: Ints, start: Ints, listed: Ints
) -> tuple[Ints, Ints, Ints]:
    """Return each cell's answer, and for mixed cells the shapes that hold the reference.

    Along a row of references, left to right, each crossed edge lets its shape begin or end.
    """
    columns, rows = size
    answer = np.empty(columns * rows, dtype=np.int32)
    cover_start = np.zeros(columns * rows + 1, dtype=np.int32)
    cover = np.empty(1024, dtype=np.int32)
    covered = 0
    holding = np.empty(np.max(shape_of) + 1, dtype=np.int32)
    loose = 32 * _EPS * np.max(np.abs(xy))
    for row in range(rows):
        held = 0
        y = box[1] + (row + 0.5) / box[3]
        for column in range(columns):
            cell = row * columns + column
            if start[cell] == start[cell + 1] and held < 2:
                answer[cell] = holding[0] if held == 1 else NO_WARD
                cover_start[cell + 1] = covered
                continue
            x = box[0] + (column + 0.5) / box[2]
            edges = listed[start[cell] : start[cell + 1]]
            held = _cross(holding, held, edges, xy, shape_of, y, box, 2 * columns, 2 * column)
            answer[cell] = ASK_GEOS if _touches(edges, xy, x, y, loose) else MIXED
            if covered + held > len(cover):
                cover = np.concatenate((cover, np.empty(len(cover) + held, dtype=np.int32)))
            cover[covered : covered + held] = holding[:held]
            covered += held
            cover_start[cell + 1] = covered
            held = _cross(holding, held, edges, xy, shape_of, y, box, 2 * columns, 2 * column + 1)
    return answer, cover_start, cover[:covered].copy()


@njit(cache=True, nogil=True)
def _cross(
    holding: Ints,
    held: int,
    edges: Ints,
    xy: Floats,
    shape_of: Ints,
    y: float,
    box: Floats,
    halves: int,
    half: int,
) -> int:
    """Let shapes begin and end at the edges that cross height y in one half of a cell."""
    for i in edges:
        ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
        if (ay > y) != (by > y):
            crossing = _x_at(ax, ay, bx, by, y)
            if _cell(crossing, box[0], 2 * box[2], halves) == half:
                held = _turn(holding, held, shape_of[i])
    return held


@njit(cache=True, nogil=True)
def _touches(edges: Ints, xy: Floats, x: float, y: float, loose: float) -> bool:
    """Return whether an edge crosses height y too close to x to say on which side."""
    for i in edges:
        ax, ay, bx, by = xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1]
        if (ay > y) != (by > y) and abs(_x_at(ax, ay, bx, by, y) - x) <= loose:
            return True
    return False


@njit(cache=True, nogil=True)
def _turn(holding: Ints, held: int, shape: int) -> int:
    """Let `shape` begin where it is not held and end where it is; keep the list in order."""
    at = 0
    while at < held and holding[at] < shape:
        at += 1
    if at < held and holding[at] == shape:
        for k in range(at, held - 1):
            holding[k] = holding[k + 1]
        return held - 1
    for k in range(held, at, -1):
        holding[k] = holding[k - 1]
    holding[at] = shape
    return held + 1


@njit(cache=True, nogil=True)
def look_up(
    points_x: Floats,
    points_y: Floats,
    ward: Ints,
    several: npt.NDArray[np.bool_],
    box: Floats,
    size: Ints,
    bounds: Floats,
    answer: Ints,
) -> None:
    """Write into `ward` what each point's cell answers; `MIXED` is left for `walk`."""
    columns, rows = size
    for k in range(len(points_x)):
        x, y = points_x[k], points_y[k]
        several[k] = False
        if bounds[0] <= x <= bounds[2] and bounds[1] <= y <= bounds[3]:
            column = _cell(x, box[0], box[2], columns)
            ward[k] = answer[_cell(y, box[1], box[3], rows) * columns + column]
        else:
            ward[k] = NO_WARD  # NaN comes here too


@njit(cache=True, nogil=True)
def cells_of(points_x: Floats, points_y: Floats, which: Positions, box: Floats, size: Ints) -> Ints:
    """Return the cell of each of `which` points, all of them within bounds."""
    cells = np.empty(len(which), dtype=np.int32)
    for at in range(len(which)):
        k = which[at]
        column = _cell(points_x[k], box[0], box[2], size[0])
        cells[at] = _cell(points_y[k], box[1], box[3], size[1]) * size[0] + column
    return cells


@njit(cache=True, nogil=True)
def walk(
    which: Positions,
    cells: Ints,
    points_x: Floats,
    points_y: Floats,
    ward: Ints,
    several: npt.NDArray[np.bool_],
    xy: Floats,
    shape_of: Ints,
    box: Floats,
    size: Ints,
    start: Ints,
    listed: Ints,
    cover_start: Ints,
    cover: Ints,
) -> None:
    """Write the lowest shape of `which` points, and whether several hold it, by the edges of their cells."""
    for at in range(len(which)):
        k, cell = which[at], cells[at]
        row, column = divmod(cell, size[0])
        middle_x, middle_y = box[0] + (column + 0.5) / box[2], box[1] + (row + 0.5) / box[3]
        edges = listed[start[cell] : start[cell + 1]]
        covers = cover[cover_start[cell] : cover_start[cell + 1]]
        ward[k], several[k] = _walk(points_x[k], points_y[k], middle_x, middle_y, xy, shape_of, edges, covers)


@njit(cache=True, nogil=True)
def _walk(
    x: float,
    y: float,
    middle_x: float,
    middle_y: float,
    xy: Floats,
    shape_of: Ints,
    edges: Ints,
    covers: Ints,
) -> tuple[int, bool]:
    """Return the lowest shape that holds a point of a mixed cell, and whether several do."""
    lowest, several = NO_WARD, False
    edge, cover = 0, 0
    while edge < len(edges) or cover < len(covers):
        shape = shape_of[edges[edge]] if edge < len(edges) else covers[cover]
        inside = cover < len(covers) and covers[cover] <= shape
        if inside:
            shape = covers[cover]
            cover += 1
        while edge < len(edges) and shape_of[edges[edge]] == shape:
            i = edges[edge]
            crossed = _crossings(xy[i, 0], xy[i, 1], xy[i + 1, 0], xy[i + 1, 1], x, y, middle_x, middle_y)
            if crossed < 0:
                return ASK_GEOS, False
            inside ^= crossed == 1
            edge += 1
        several |= inside and lowest >= 0
        if inside and lowest < 0:
            lowest = shape
    return lowest, several


@njit(cache=True, nogil=True)
def _crossings(
    ax: float, ay: float, bx: float, by: float, x: float, y: float, middle_x: float, middle_y: float
) -> int:
    """Return 1 where the way from the point to the reference crosses the edge an odd number of times.

    The way turns at (middle_x, y). The answer is -1 where rounding, or the edge's touching the point,
    the turn or the reference, leaves it open.
    """
    if ay == y and (ax in (x, middle_x) or by == y):
        return -1
    if ax == middle_x and ay == middle_y:
        return -1
    crossed = 0
    if (ay > y) != (by > y):
        at_point = _side(ax, ay, bx, by, x, y)
        at_turn = _side(ax, ay, bx, by, middle_x, y)
        if at_point == 0 or at_turn == 0:
            return -1
        crossed ^= at_point != at_turn
    if (ax > middle_x) != (bx > middle_x):
        at_turn = _side(ax, ay, bx, by, middle_x, y)
        at_reference = _side(ax, ay, bx, by, middle_x, middle_y)
        if at_turn == 0 or at_reference == 0:
            return -1
        crossed ^= at_turn != at_reference
    return crossed
