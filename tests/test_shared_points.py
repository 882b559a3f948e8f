"""Rows at one place share one point: by a dictionary, or by a compiled table that numbers alike."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from wardmap.read.incidents.shared_points import CompiledSharedPoints, GivenPoints, SharedPoints

BOTH = pytest.mark.parametrize("kind", [SharedPoints, CompiledSharedPoints])
NUMBER = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, -0.0, 1.5, -1.5]))


@BOTH
def test_points_keep_every_digit_and_share_places(kind):
    x, y = np.array([0.1 + 0.2, 1e-300, 0.1 + 0.2, 7.0]), np.array([1 / 3, -5.0, 1 / 3, 7.0])
    shared = kind()
    made = shared.points(shared.number(x, y, np.array([True, True, True, False])))
    assert made[0] is made[2]
    assert made[3] is None
    assert [(p.x, p.y) for p in made[:3]] == list(zip(x[:3], y[:3], strict=True))
    assert kind().points(np.empty(0, dtype=np.int32)).tolist() == []


@given(st.lists(st.lists(st.tuples(NUMBER, NUMBER, st.booleans()), max_size=8), max_size=4))
def test_both_number_alike(files):
    one, other = SharedPoints(), CompiledSharedPoints()
    for rows in files:
        x, y, located = (
            np.array([row[i] for row in rows], dtype=kind) for i, kind in enumerate((float, float, bool))
        )
        assert one.number(x, y, located).tolist() == other.number(x, y, located).tolist()


def test_the_table_grows():
    shared = CompiledSharedPoints()
    x = np.arange(300_000.0) / 7
    everywhere = np.ones(50_000, dtype=bool)
    numbers = [
        shared.number(x[i : i + 50_000], -x[i : i + 50_000], everywhere) for i in range(0, 300_000, 50_000)
    ]
    assert np.concatenate(numbers).tolist() == list(range(300_000))
    again = shared.number(x[:50_000], -x[:50_000], everywhere)
    assert again.tolist() == list(range(50_000))
    assert shared.points(again)[12_345].x == x[12_345]


def test_the_points_of_a_frame_are_kept_and_made_only_where_the_coordinates_say_otherwise():
    shapes = np.array([shapely.Point(1, 2, 9), None, shapely.Point(0, 0), shapely.Point(3, 4)])
    located = np.array([True, False, False, True])
    x, y = np.array([1.0, np.nan, 0.0, 3.0]), np.array([2.0, np.nan, 0.0, 4.0])
    for east in (x, x + 1):
        shared = GivenPoints(shapes)
        points = shared.points(shared.number(east, y, located))
        assert [point and point.wkt for point in points] == [
            f"POINT ({east[0]:g} 2)", None, None, f"POINT ({east[3]:g} 4)",
        ]  # fmt: skip
