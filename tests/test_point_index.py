"""PointIndex: what GEOS `intersects` says, the first of several, on every edge and at every size."""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import REPOSITORY
from wardmap.join import point_index
from wardmap.join.point_index import PointIndex


def by_geos(shapes, x, y):
    """Return what GEOS says: the lowest shape that intersects each point, and whether several do."""
    shape, point = shapely.STRtree(shapely.points(x, y)).query(shapes, predicate="intersects")
    first = np.full(len(x), len(shapes))
    np.minimum.at(first, point, shape)
    holders = np.bincount(point, minlength=len(x))
    return np.where(holders == 0, -1, first), holders > 1


def beside_edges(shapes, number, seed=0):
    """Return points on vertices, on edges, on their middles, level with vertices, and a hair beside them."""
    rng = np.random.default_rng(seed)
    rings = shapely.get_rings(shapely.get_parts(shapes))
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    begin = rng.choice(np.flatnonzero(ring[1:] == ring[:-1]), number)
    a, b = xy[begin], xy[begin + 1]
    along = rng.choice([0.0, 0.5, -1.0], (number, 1))
    points = a + np.where(along < 0, rng.random((number, 1)), along) * (b - a)
    step = 10.0 ** rng.uniform(-11, -2, (number, 1)) * rng.choice([-1.0, 1.0], (number, 2))
    step *= rng.choice([0.0, 1.0], (number, 2))  # a quarter stays, half moves along one axis
    points += step
    return points[:, 0].copy(), points[:, 1].copy()


def assert_as_geos(shapes, x, y, monkeypatch):
    monkeypatch.setattr(point_index, "_GRID_PAYS_FROM", 0)
    position, several = PointIndex(shapes).place(x, y)
    first, multiple = by_geos(shapes, x, y)
    np.testing.assert_array_equal(position, first)
    np.testing.assert_array_equal(several, multiple)


def wavy_wards(across, vertices_per_side):
    """Return wards on a lattice whose shared sides are wavy lines of many vertices: a coverage."""
    rng = np.random.default_rng(1)
    along = np.linspace(0, 1, vertices_per_side, endpoint=False)

    def side(start, towards):
        wave = 0.2 * np.sin(np.pi * along) * np.sin(2 * np.pi * rng.integers(3, 9) * along + rng.random())
        wave[0] = 0
        across_it = np.array([-towards[1], towards[0]])
        return np.asarray(start) + np.outer(along, towards) + np.outer(wave, across_it)

    level = {(i, j): side((i, j), (1, 0)) for i in range(across) for j in range(across + 1)}
    upright = {(i, j): side((i, j), (0, 1)) for i in range(across + 1) for j in range(across)}

    def back(line, end):
        return np.vstack([[end], line[:0:-1]])

    return np.array(
        [
            shapely.Polygon(
                np.vstack(
                    [
                        level[i, j],
                        upright[i + 1, j],
                        back(level[i, j + 1], (i + 1, j + 1)),
                        back(upright[i, j], (i, j + 1)),
                    ]
                )
            )
            for i in range(across)
            for j in range(across)
        ]
    )


def messy_wards(number=120, seed=2):
    """Return wards that overlap and leave gaps, with holes, islands and several parts."""
    rng = np.random.default_rng(seed)
    shapes = []
    for x, y in rng.uniform(0, 100, (number, 2)):
        angle = np.sort(rng.uniform(0, 2 * np.pi, rng.integers(3, 60)))
        radius = rng.uniform(1, 12, len(angle))[:, None]
        star = np.column_stack([np.cos(angle), np.sin(angle)]) * radius + (x, y)
        shape = shapely.make_valid(shapely.Polygon(star))
        shape = shape.difference(shapely.Point(x, y).buffer(rng.uniform(0.1, 4)))
        shape = shape.union(shapely.box(x + 13, y, x + 14, y + rng.integers(1, 3)))
        shapes.append(shape)
    lattice = [shapely.box(i, 40, i + 5, 45) for i in range(0, 100, 5)]  # sides level and upright
    return np.array([*shapes, *lattice])


# Outputs --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pays_from", [0, 1000], ids=["grid", "GEOS"])
def test_five_shapes_by_hand(monkeypatch, pays_from):
    monkeypatch.setattr(point_index, "_GRID_PAYS_FROM", pays_from)
    holed = shapely.box(0, 0, 4, 4).difference(shapely.box(1, 1, 2, 2))
    shapes = np.array(
        [holed, shapely.box(3, 0, 6, 4), shapely.MultiPoint().buffer(1), shapely.box(8, 0, 9, 1)]
    )
    x = np.array([0.5, 1.5, 1.0, 3.5, 5.0, 4.0, 7.0, 9.0, np.nan, np.inf])
    y = np.array([0.5, 1.5, 1.5, 1.0, 1.0, 4.0, 1.0, 1.0, 1.0, 1.0])
    position, several = PointIndex(shapes).place(x, y)
    assert position.tolist() == [0, -1, 0, 0, 1, 0, -1, 3, -1, -1]
    assert several.tolist() == [False, False, False, True, False, True, False, False, False, False]


def test_a_shape_with_crossed_rings_holds_what_prepared_geos_says(monkeypatch):
    monkeypatch.setattr(point_index, "_GRID_PAYS_FROM", 0)
    bow_tie = shapely.Polygon([(0, 0), (4, 4), (4, 0), (0, 4)])
    twice = shapely.MultiPolygon([shapely.box(0, 0, 3, 3), shapely.box(2, 2, 5, 5)])
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(-1, 12) / 2, np.arange(-1, 12) / 2))
    for shape in (bow_tie, twice):
        position, _ = PointIndex(np.array([shape])).place(x, y)
        shapely.prepare(shape)
        np.testing.assert_array_equal(position == 0, shapely.intersects_xy(shape, x, y))


def test_a_small_job_as_geos_says_the_other_way_round():
    """Shapes asked for points, and points asked for shapes: two code paths of GEOS."""
    shapes = messy_wards()
    x, y = beside_edges(shapes, 20_000)
    point, shape = shapely.STRtree(shapes).query(shapely.points(x, y), predicate="intersects")
    first = np.full(len(x), len(shapes))
    np.minimum.at(first, point, shape)
    position, several = PointIndex(shapes).place(x, y)
    np.testing.assert_array_equal(position, np.where(first == len(shapes), -1, first))
    np.testing.assert_array_equal(several, np.bincount(point, minlength=len(x)) > 1)


def test_a_messy_layer_as_geos_says(monkeypatch):
    shapes = messy_wards()
    rng = np.random.default_rng(0)
    x, y = beside_edges(shapes, 60_000)
    assert_as_geos(shapes, x, y, monkeypatch)
    assert_as_geos(shapes, *rng.integers(-10, 240, (2, 60_000)) / 2, monkeypatch)


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e9])
def test_coordinates_far_from_zero_lose_digits_but_not_agreement(monkeypatch, offset):
    shapes = shapely.transform(messy_wards(40), lambda xy: xy + offset)
    assert_as_geos(shapes, *beside_edges(shapes, 20_000), monkeypatch)


@pytest.mark.slow
def test_a_layer_of_millions_of_vertices_with_overlaps_and_gaps(monkeypatch):
    shapes = wavy_wards(32, 700)
    assert shapely.get_num_coordinates(shapes).sum() > 2_800_000
    assert_as_geos(shapes, *beside_edges(shapes, 200_000), monkeypatch)
    moved = np.append(shapes, shapely.transform(shapes[:300], lambda xy: xy * 0.99 + 0.01))[50:]
    assert_as_geos(moved, *beside_edges(moved, 200_000), monkeypatch)


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:27700"])
def test_the_wards_of_england_as_geos_says(monkeypatch, shared_data, crs):
    wards = gpd.read_file(shared_data / "boundaries" / "england_wards_2013.gpkg")
    shapes = shapely.make_valid(np.asarray(wards.to_crs(crs).geometry))
    assert_as_geos(shapes, *beside_edges(shapes, 250_000), monkeypatch)


@settings(max_examples=60)
@given(
    rings=st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=9, unique=True),
        min_size=1,
        max_size=6,
    ),
    scale=st.sampled_from([1.0, 0.1, 1 / 3, 1e-9, 1e7]),
    shift=st.sampled_from([0.0, 0.1, -1 / 3]),
)
def test_hostile_polygons(rings, scale, shift):
    """Spikes, touching rings and shared vertices on a lattice; points on every vertex, middle and cell."""
    made = shapely.make_valid(np.array([shapely.Polygon(ring) for ring in rings]))
    shapes = np.array([shapely.MultiPolygon(areas(shape)) for shape in made])
    shapes = shapely.transform(shapes, lambda xy: xy * scale + shift)
    x, y = np.meshgrid(np.arange(-2, 29) / 4 * scale + shift, np.arange(-2, 29) / 4 * scale + shift)
    with pytest.MonkeyPatch.context() as patch:
        assert_as_geos(shapes, x.ravel(), y.ravel(), patch)


def areas(shape):
    return [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]


# Alignment ------------------------------------------------------------------------------------------


def test_neither_size_nor_order_nor_chunks_nor_a_copy_change_an_answer(monkeypatch):
    shapes = messy_wards(60)
    x, y = beside_edges(shapes, 5_000)
    small = PointIndex(shapes).place(x, y)
    monkeypatch.setattr(point_index, "_GRID_PAYS_FROM", 0)
    index = PointIndex(shapes)
    shuffle = np.random.default_rng(0).permutation(len(x))
    monkeypatch.setattr(point_index, "_MOST_AT_ONCE", 700)
    monkeypatch.setattr(point_index, "_ALONE", 1_000)
    for one in (index, pickle.loads(pickle.dumps(index))):  # noqa: S301 - our own bytes
        position, several = one.place(x, y)
        np.testing.assert_array_equal(position, small[0])
        np.testing.assert_array_equal(several, small[1])
        np.testing.assert_array_equal(one.place(x[shuffle], y[shuffle])[0], small[0][shuffle])


def test_the_grid_grows_finer_with_the_job_and_answers_the_same(monkeypatch):
    shapes = messy_wards(60)
    x, y = beside_edges(shapes, 30_000)
    expected = by_geos(shapes, x, y)[0]
    monkeypatch.setattr(point_index, "_GRID_PAYS_FROM", 0)
    index, cells = PointIndex(shapes), set()
    for part in np.array_split(np.arange(len(x)), [2_000]):
        np.testing.assert_array_equal(index.place(x[part], y[part])[0], expected[part])
        cells.add(int(np.prod(index._grid.size)))
    assert len(cells) == 2


def test_threads_may_share_an_index():
    shapes = messy_wards(60)
    x, y = beside_edges(shapes, 240_000)
    expected = by_geos(shapes, x, y)[0]
    index = PointIndex(shapes)
    with ThreadPoolExecutor(4) as threads:
        parts = list(threads.map(lambda k: index.place(x[k::8], y[k::8])[0], range(8)))
    for k, part in enumerate(parts):
        np.testing.assert_array_equal(part, expected[k::8])


def test_a_small_job_does_not_load_the_compiler():
    code = (
        "import sys, numpy as np, shapely; from wardmap.join.point_index import PointIndex;"
        "PointIndex(np.array([shapely.box(0, 0, 1, 1)])).place(np.zeros(9), np.zeros(9));"
        "print('numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "False"
