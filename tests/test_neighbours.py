import geopandas as gpd
import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.affinity import translate

from wardmap.errors import (
    CRSError,
    DuplicateWardError,
    GeometryError,
    InputError,
    IslandWarning,
    MissingColumnError,
    TooFewWardsError,
)
from wardmap.hotspots.graph.neighbours import neighbours
from wardmap.hotspots.graph.ward_graph import rule_of

NAMES = ["North", "West", "East", "Far"]


def drawn(*shapes, crs=None, codes=None):
    codes = codes or [f"E0500000{i}" for i in range(len(shapes))]
    names = [NAMES[i % 4] for i in range(len(shapes))]
    index = pd.Index(codes, name="ward_code")
    return gpd.GeoDataFrame({"ward_name": names}, geometry=list(shapes), index=index, crs=crs)


def pairs(graph):
    return {(a[-1], b[-1]) for (a, b), weight in graph.adjacency.items() if weight and a < b}


# --- inputs


@pytest.mark.parametrize("missing", [None, Polygon()])
def test_missing_geometry_is_named(missing):
    with pytest.raises(GeometryError, match=r"(?s)no geometry.*West \(E05000001\)"):
        neighbours(drawn(box(0, 0, 1, 1), missing))


@pytest.mark.parametrize("shape", [Point(0, 0), LineString([(0, 0), (1, 1)])])
def test_only_polygons_have_borders(shape):
    with pytest.raises(GeometryError, match=r"(?s)not polygons.*West \(E05000001\)"):
        neighbours(drawn(box(0, 0, 1, 1), shape))


def test_a_bow_tie_is_refused():
    bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    with pytest.raises(GeometryError, match=r"(?s)crosses itself.*read_wards"):
        neighbours(drawn(bow_tie, box(1, 0, 2, 1)))


def test_two_rows_with_one_code_are_refused():
    with pytest.raises(DuplicateWardError, match=r"(?s)'E1'.*dissolve"):
        neighbours(drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), codes=["E1", "E1"]))


def test_no_wards_at_all():
    with pytest.raises(TooFewWardsError, match="no wards"):
        neighbours(drawn(box(0, 0, 1, 1)).iloc[:0])


def test_wards_need_their_index():
    with pytest.raises(MissingColumnError, match="ward_code"):
        neighbours(drawn(box(0, 0, 1, 1)).reset_index())


def test_wards_need_to_be_a_geodataframe():
    with pytest.raises(GeometryError, match="GeoDataFrame"):
        neighbours(pd.DataFrame(drawn(box(0, 0, 1, 1))))


def test_unknown_rule():
    with pytest.raises(InputError, match="bishop"):
        neighbours(drawn(box(0, 0, 1, 1)), rule="bishop")


@pytest.mark.parametrize("crs", [None, 4326, 2263])  # none, degrees, feet
def test_a_tolerance_needs_metres(crs):
    with pytest.raises(CRSError, match=r"(?s)metres.*to_crs\(27700\)"):
        neighbours(drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), crs=crs), tolerance_m=1)


@pytest.mark.parametrize("tolerance", [-1, float("nan"), float("inf")])
def test_a_tolerance_is_a_distance(tolerance):
    with pytest.raises(InputError, match="distance in metres"):
        neighbours(drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), crs=27700), tolerance_m=tolerance)


def test_a_tolerance_goes_with_queen():
    with pytest.raises(InputError, match="queen rule only"):
        neighbours(drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), crs=27700), rule="rook", tolerance_m=1)


def test_islands_are_named_and_kept():
    with pytest.warns(IslandWarning, match=r"(?s)1 of 3 wards.*East \(E05000002\)") as caught:
        graph = neighbours(drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), box(9, 9, 10, 10)))
    assert caught[0].filename == __file__
    assert graph.isolates.tolist() == ["E05000002"]
    assert graph.n == 3


def test_one_neighbour_is_no_reason_to_warn():
    assert neighbours(drawn(box(0, 0, 1, 1), box(1, 0, 2, 1))).n_edges == 2


# --- outputs


def test_queen_meets_at_a_corner_and_rook_does_not():
    four = drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), box(0, 1, 1, 2), box(1, 1, 2, 2))
    assert pairs(neighbours(four)) == {("0", "1"), ("0", "2"), ("0", "3"), ("1", "2"), ("1", "3"), ("2", "3")}
    assert pairs(neighbours(four, rule="rook")) == {("0", "1"), ("0", "2"), ("1", "3"), ("2", "3")}


@pytest.mark.parametrize("rule", ["queen", "rook"])
def test_a_border_without_a_shared_vertex_is_a_border(rule):
    t_junction = drawn(box(0, 0, 2, 1), box(0.5, 1, 1.5, 2))
    assert pairs(neighbours(t_junction, rule=rule)) == {("0", "1")}


@pytest.mark.parametrize("rule", ["queen", "rook"])
@pytest.mark.parametrize("shape", [box(0.9, 0, 2, 1), box(0.2, 0.2, 0.4, 0.4), box(0, 0, 1, 1)])
def test_wards_that_overlap_are_neighbours(rule, shape):
    assert pairs(neighbours(drawn(box(0, 0, 1, 1), shape), rule=rule)) == {("0", "1")}


def test_a_ward_in_two_parts_is_a_neighbour_by_either():
    parted = MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])
    assert pairs(neighbours(drawn(parted, box(1, 0, 2, 1), box(6, 0, 7, 1)))) == {("0", "1"), ("0", "2")}


def test_a_tolerance_bridges_a_gap_and_no_more():
    gaps = drawn(box(0, 0, 9, 9), box(9.5, 0, 20, 9), box(22, 0, 30, 9), crs=27700)
    with pytest.warns(IslandWarning):
        assert pairs(neighbours(gaps)) == set()
    with pytest.warns(IslandWarning):
        assert pairs(neighbours(gaps, tolerance_m=1)) == {("0", "1")}
    assert pairs(neighbours(gaps, tolerance_m=2)) == {("0", "1"), ("1", "2")}


def test_weights_are_one_links_go_both_ways_and_nobody_neighbours_itself():
    graph = neighbours(drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), box(2, 0, 3, 1)))
    assert graph.adjacency.tolist() == [1, 1, 1, 1]
    assert len(graph.asymmetry()) == 0
    assert all(focal != other for focal, other in graph.adjacency.index)


# --- alignment


def test_nodes_go_in_the_order_of_the_wards_islands_included():
    shapes = [box(9, 9, 10, 10), box(1, 0, 2, 1), box(0, 0, 1, 1), box(20, 0, 21, 1)]
    shuffled = drawn(*shapes, codes=["Z9", "A1", "M5", "B2"])
    with pytest.warns(IslandWarning):
        graph = neighbours(shuffled)
    assert graph.unique_ids.tolist() == ["Z9", "A1", "M5", "B2"]
    assert pairs(graph) == {("1", "5")}


def test_the_order_of_the_wards_does_not_change_who_is_whose_neighbour():
    grid = drawn(*(translate(box(0, 0, 1, 1), i % 3, i // 3) for i in range(9)))
    assert pairs(neighbours(grid)) == pairs(neighbours(grid.iloc[::-1]))


def test_the_wards_are_not_changed():
    grid = drawn(box(0, 0, 1, 1), box(1, 0, 2, 1))
    before = grid.copy()
    neighbours(grid)
    pd.testing.assert_frame_equal(grid, before)


# --- provenance


def test_the_rule_is_remembered_and_forgotten_when_it_no_longer_holds():
    grid = drawn(box(0, 0, 1, 1), box(1, 0, 2, 1), crs=27700)
    assert rule_of(neighbours(grid)) == "queen"
    assert rule_of(neighbours(grid, rule="rook")) == "rook"
    assert rule_of(neighbours(grid, tolerance_m=1.5)) == "queen within 1.5 m"
    assert rule_of(neighbours(grid).higher_order(2)) == ""


# --- real wards


@pytest.mark.real_data
def test_east_staffordshire(shared_data):
    path = shared_data / "boundaries" / "east_staffordshire_wards_2013.geojson"
    real = gpd.read_file(path).set_index("WD13CD").rename_axis("ward_code")
    queen, rook = neighbours(real), neighbours(real, rule="rook")
    assert (queen.n, queen.n_edges, rook.n_edges) == (21, 80, 78)
    only_a_point = set(queen.adjacency.index) - set(rook.adjacency.index)
    names = {frozenset(real.loc[list(pair), "WD13NM"]) for pair in only_a_point}
    assert names == {frozenset({"Branston", "Stapenhill"})}


# --- by centroids


def test_the_nearest_are_by_centroid_and_equal_distances_go_by_code(wards):
    graph = neighbours(wards, rule="nearest", nearest=1)
    codes = wards.index.tolist()
    expected = [(codes[0], codes[1]), (codes[1], codes[0]), (codes[2], codes[1]), (codes[3], codes[2])]
    assert graph.adjacency.index.tolist() == [*expected, (codes[4], codes[3])]
    assert rule_of(graph) == "1 nearest"
    moved = neighbours(wards.iloc[::-1], rule="nearest", nearest=1)
    pd.testing.assert_series_equal(moved.adjacency.sort_index(), graph.adjacency.sort_index())


def test_within_a_distance_of_centroids(wards):
    graph = neighbours(wards, rule="distance", distance_m=2_000)
    assert graph.cardinalities.tolist() == [2, 3, 4, 3, 2]
    assert rule_of(graph) == "within 2000 m"
    with pytest.warns(IslandWarning, match="5 of 5"):
        neighbours(wards, rule="distance", distance_m=999)


@pytest.mark.parametrize(
    "options",
    [
        {"rule": "nearest", "nearest": 0},
        {"rule": "nearest", "nearest": 5},
        {"rule": "distance"},
        {"rule": "nearest", "tolerance_m": 1},
    ],
)
def test_options_of_centroids_are_checked(wards, options):
    with pytest.raises(InputError):
        neighbours(wards, **options)


def test_centroids_need_metres(wards):
    with pytest.raises(CRSError, match="need wards in metres"):
        neighbours(wards.to_crs(4326), rule="nearest", nearest=2)
