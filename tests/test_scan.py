import warnings

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

import wardmap as wm
from wardmap import demo, schema, themes
from wardmap.errors import (
    AlignmentError,
    ColumnClashError,
    CRSError,
    GeometryError,
    InputError,
    MissingColumnError,
    ResolutionWarning,
    TooFewWardsError,
)
from wardmap.hotspots.scans import clusters, zones
from wardmap.hotspots.scans.likelihood import zone_ratios
from wardmap.hotspots.scans.scan import scan

CODES = [f"E0500000{i}" for i in range(6)]
COUNTS = [3, 4, 21, 25, 5, 2]
QUICK = {"replicates": 199}
NUMBERS = [f"scan_{name}" for name in ("cluster", "p", "llr", "incidents", "expected", "ratio")]
THREE = ["E05006918", "E05006922", "E05006930"]  # Anglesey, Burton, Shobnall


def ward_table(counts=COUNTS, people=1000, codes=CODES, themes=("Burglary",), periods=("2017",)):
    index = pd.MultiIndex.from_product([themes, periods, codes], names=schema.WARD_TABLE.index)
    return pd.DataFrame({"incidents": np.ravel(counts), "population": people}, index=index)


def road(codes=CODES, crs=None, x=(0, 2, 4, 5, 7, 9)):
    points = gpd.points_from_xy(np.asarray(x, dtype=float), np.zeros(len(codes)))
    return gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"), crs=crs)


def linked(codes, pairs):
    """Make a graph of 1-based pairs of codes, either way, and everyone else alone."""
    both = [(codes[i - 1], codes[j - 1]) for i, j in pairs] + [(codes[j - 1], codes[i - 1]) for i, j in pairs]
    alone = sorted(set(codes) - {focal for focal, _ in both})
    links = [(focal, other, 1) for focal, other in both] + [(code, code, 0) for code in alone]
    return Graph.from_arrays(*zip(*sorted(links), strict=True))


def wards_of(result, number):
    return result[result["scan_cluster"] == number].index.get_level_values("ward_code").tolist()


@pytest.fixture(scope="module")
def leukaemia(shared_data):
    places = pd.read_csv(shared_data / "reference" / "new_york_leukaemia" / "nydf.csv")
    codes = places["locid"].map("{:03}".format).tolist()
    table = ward_table(np.floor(places["cases"]).astype(int), places["population"].to_numpy(), codes)
    points = gpd.points_from_xy(places["longitude"], places["latitude"])
    return table, gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"))


@pytest.fixture(scope="module")
def practice():
    wards = wm.read_wards(demo.wards_file())
    incidents = wm.assign_wards(wm.read_incidents(demo.extract()), wards)
    table = wm.count_incidents(incidents, wards, by_period="financial year", themes=demo.THEMES)
    return wm.add_rates(table, wm.read_population(demo.population_file())), wards


# --- inputs


@pytest.mark.parametrize("column", ["incidents", "population"])
def test_a_missing_column_names_the_line_that_writes_it(column):
    with pytest.raises(MissingColumnError, match=r"count_incidents|add_rates"):
        scan(ward_table().drop(columns=column), road(), **QUICK)


@pytest.mark.parametrize(
    ("counts", "words"), [([1.5, 2, 3, 4, 5, 6], r"first 1\.5"), ([-1, 2, 3, 4, 5, 6], "first -1")]
)
def test_what_is_no_count_is_refused(counts, words):
    with pytest.raises(InputError, match=words):
        scan(ward_table(counts), road(), **QUICK)


def test_a_population_below_zero_is_refused_by_name():
    with pytest.raises(InputError, match="E05000002"):
        scan(ward_table(people=[1, 2, -3, 4, 5, 6]), road(), **QUICK)


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"shape": "square"}, "'circular', 'elliptic', 'flexible', 'restricted'"),
        ({"nearest": 1}, "at least 2"),
        ({"max_share": 0}, "between 0 and 0.5"),
        ({"max_share": 0.6}, "between 0 and 0.5"),
        ({"penalty": -1}, "between 0 and 1"),
        ({"alpha": np.nan}, "between 0 and 0.5"),
        ({"replicates": 9}, "at least 99"),
        ({"seed": None}, "whole number"),
    ],
)
def test_options_are_checked(option, words):
    with pytest.raises(InputError, match=words):
        scan(ward_table(), road(), **{**QUICK, **option})


def test_too_few_maps_for_alpha_warn():
    with pytest.warns(ResolutionWarning, match=r"(?s)reach 0\.001.*0\.005.*replicates=1_000") as caught:
        scan(ward_table(), road(), alpha=0.001, **QUICK)
    assert caught[0].filename == __file__


def test_a_ward_that_is_not_on_the_map_is_named():
    with pytest.raises(AlignmentError, match="E05000005"):
        scan(ward_table(), road().iloc[:5], **QUICK)


def test_a_ward_without_a_place_is_named():
    wards = road()
    wards.loc[CODES[4], "geometry"] = None
    with pytest.raises(GeometryError, match="E05000004"):
        scan(ward_table(), wards, **QUICK)


def test_a_ward_that_is_twice_on_the_map():
    with pytest.raises(InputError, match="twice"):
        scan(ward_table(), pd.concat([road(), road().iloc[:1]]), **QUICK)


def test_ellipses_need_a_plane():
    with pytest.raises(CRSError, match="27700"):
        scan(ward_table(), road(crs=4326), shape="elliptic", **QUICK)


@pytest.mark.parametrize("shape", ["flexible", "restricted"])
def test_zones_of_any_shape_need_the_neighbours(shape):
    with pytest.raises(InputError, match=r"wm\.neighbours\(wards\)"):
        scan(ward_table(), road(), shape=shape, **QUICK)
    with pytest.raises(AlignmentError, match="X0"):
        scan(ward_table(), road(), shape=shape, graph=linked([*CODES[1:], "X0"], []), **QUICK)


def test_two_wards_are_too_few():
    with pytest.raises(TooFewWardsError):
        scan(ward_table([1, 2], codes=CODES[:2]), road(), **QUICK)


def test_a_column_of_somebody_else_is_not_overwritten():
    with pytest.raises(ColumnClashError, match="scan_p"):
        scan(ward_table().assign(scan_p=0.5), road(), **QUICK)


# --- what cannot be tested is never a cluster


def test_no_incidents():
    result = scan(ward_table([0] * 6), road(), **QUICK)
    assert result[NUMBERS].isna().all(axis=None)
    assert (result["scan_class"] == "not testable").all()
    assert result["scan_method"].iloc[0] == "Scan not made: there are no incidents."


def test_no_zone_holds_so_few_people():
    result = scan(ward_table(), road(), max_share=0.1, **QUICK)
    assert result["scan_method"].iloc[0] == "Scan not made: no zone holds so few people."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"population": 0}, "nobody known to live there"),
        ({"population": np.nan}, "nobody known to live there"),
        ({"incidents": np.nan}, "incidents not known"),
    ],
)
def test_a_ward_without_people_or_count_is_left_out_as_if_it_were_not_there(change, reason):
    table = ward_table().astype(float)
    table.loc[("Burglary", "2017", CODES[3]), list(change)] = list(change.values())
    result = scan(table, road(), **QUICK)
    without = scan(table.drop(index=CODES[3], level="ward_code"), road(), **QUICK)
    pd.testing.assert_frame_equal(result.drop(index=CODES[3], level="ward_code")[NUMBERS], without[NUMBERS])
    assert result.xs(CODES[3], level="ward_code")["scan_class"].item() == "not testable"
    assert result["scan_method"].iloc[0].endswith(f"Not tested: {reason}: 'E05000003'.")


def test_known_in_two_wards_only():
    table = ward_table(people=[1, 1, 0, 0, 0, 0])
    assert "in 2 wards of at least 3" in scan(table, road(), **QUICK)["scan_method"].iloc[0]


def test_one_ward_with_every_incident():
    result = scan(ward_table([0, 0, 9, 0, 0, 0]), road(), **QUICK)
    assert result["scan_cluster"].dropna().index.get_level_values("ward_code").tolist() == [CODES[2]]
    row = result.iloc[2]
    assert row["scan_llr"] == pytest.approx(9 * np.log(6))
    assert row["scan_ratio"] == np.inf
    assert row["scan_p"] == 1 / 200


@given(counts=st.lists(st.sampled_from([0, 1, 7, 60]), min_size=6, max_size=6))
@settings(max_examples=30)
def test_no_input_makes_more_than_half_of_the_people_a_cluster(counts):
    result = scan(ward_table(counts), road(), **QUICK)
    first = result[result["scan_cluster"] == 1]
    assert len(first) <= 3
    assert result["scan_p"].dropna().between(1 / 200, 1).all()


# --- outputs: published values first


@pytest.mark.real_data
def test_published_clusters_of_new_york_up_to_a_tenth_of_the_people(leukaemia):
    """SaTScan, 999 replicates, longitude and latitude as plane coordinates."""
    result = scan(*leukaemia, max_share=0.1, replicates=999).droplevel(["theme", "period"])
    by_rank = result.dropna(subset="scan_cluster").groupby("scan_cluster").first()
    published = {
        1: (85, 49.71, 11.577255, 0.001),
        2: (38, 17.79, 9.019716, 0.013),
        3: (64, 40.85, 6.114140, 0.216),
        4: (25, 12.82, 4.651839, 0.609),
        5: (28, 15.54, 4.169203, 0.755),
        6: (12, 5.14, 3.363518, 0.961),
        7: (11, 4.61, 3.209485, 0.976),
    }
    for rank, (cases, expected, llr, p) in published.items():
        assert by_rank.loc[rank, "scan_incidents"] == cases
        assert by_rank.loc[rank, "scan_expected"] == pytest.approx(expected, abs=0.005)
        assert by_rank.loc[rank, "scan_llr"] == pytest.approx(llr, abs=5e-7)
        spread = np.sqrt(p * (1 - p) * 2 / 999)  # both are drawn
        assert by_rank.loc[rank, "scan_p"] == pytest.approx(p, abs=4 * spread + 0.001)
    assert (result["scan_cluster"] == 1).sum() == 26
    centres = {1: "049", 3: "112", 4: "062", 5: "046", 6: "266", 7: "166"}
    assert result.loc[list(centres.values()), "scan_cluster"].tolist() == list(centres)
    second = result.index[result["scan_cluster"] == 2].tolist()
    assert second == ["084", "085", "086", "087", "088", "089", "090", "092"]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("crs", "options", "published"),
    [
        (None, {}, (28, 100, 58.28, 14.083511)),
        (4326, {}, (31, 106, 62.13, 14.780276)),
        (None, {"shape": "elliptic", "penalty": 1}, (32, 114, 65.18, 17.442551)),
    ],
)
def test_published_clusters_of_new_york_up_to_half_of_the_people(leukaemia, crs, options, published):
    places, cases, expected, llr = published
    table, wards = leukaemia
    result = scan(table, wards.set_crs(crs) if crs else wards, replicates=99, **options)
    best = result[result["scan_cluster"] == 1]
    assert len(best) == places
    assert best["scan_incidents"].iloc[0] == cases
    assert best["scan_expected"].iloc[0] == pytest.approx(expected, abs=0.005)
    assert best["scan_llr"].iloc[0] == pytest.approx(llr, abs=5e-7)
    assert best["scan_p"].iloc[0] == 0.01


FURTHER = [(38, 9.019716), (64, 6.114140), (25, 4.651839)]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("max_share", "crs", "published", "centre"),
    [
        (0.5, None, [(100, 14.083511), *FURTHER, (12, 3.363518)], "052"),
        (0.5, 4326, [(106, 14.780276)], "052"),
        (0.1, None, [(85, 11.577255), *FURTHER], "049"),
    ],
)  # fmt: skip
def test_published_ranks_and_centres_of_new_york(leukaemia, max_share, crs, published, centre):
    """SaTScan 9.6: cases and log likelihood ratios of the clusters in their order."""
    table, wards = leukaemia
    wards = wards.set_crs(crs) if crs else wards
    found = scan(table, wards, max_share=max_share, replicates=199).droplevel(["theme", "period"])
    assert found.loc[centre, "scan_cluster"] == 1
    ranks = (
        found.dropna(subset="scan_cluster").groupby("scan_cluster")[["scan_incidents", "scan_llr"]].first()
    )
    np.testing.assert_allclose(ranks.astype(float).iloc[: len(published)], published, atol=5e-7)


@pytest.mark.real_data
@pytest.mark.parametrize(("max_share", "llr"), [(0.1, 14.807678), (0.5, 15.005562)])
def test_the_other_coordinates_of_new_york_give_other_clusters(shared_data, max_share, llr):
    """The columns x and y of the same file, as smerc prints them."""
    places = pd.read_csv(shared_data / "reference" / "new_york_leukaemia" / "nydf.csv")
    codes = places["locid"].map("{:03}".format).tolist()
    table = ward_table(np.floor(places["cases"]).astype(int), places["population"].to_numpy(), codes)
    points = gpd.points_from_xy(places["x"], places["y"])
    wards = gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"))
    result = scan(table, wards, max_share=max_share, replicates=99)
    assert result.loc[result["scan_cluster"] == 1, "scan_llr"].iloc[0] == pytest.approx(llr, abs=5e-7)


@pytest.mark.real_data
def test_published_ellipse_of_new_york_with_its_penalty_and_direction(leukaemia):
    """SaTScan: 17.442551, with the strong penalty 15.504490; twice as long as wide, 90° from north."""
    table, wards = leukaemia
    cases, people = (table[name].to_numpy(dtype=float) for name in ("incidents", "population"))
    mean, points = cases.sum() * people / people.sum(), shapely.get_coordinates(wards.geometry)
    chains = zones.ellipses(points, people, max_share=0.5, penalty=1)
    best = next(clusters.non_overlapping(chains, mean, cases, above=0))
    assert best.statistic == pytest.approx(15.504490, abs=5e-7)
    assert best.llr(cases.sum()) == pytest.approx(17.442551, abs=5e-7)
    ratios = np.concatenate([part.max(axis=(1, 2)) for _, part in zone_ratios(chains, mean, cases[:, None])])
    shapes = [(shape, turn * 180 / turns) for shape, turns in zip(zones.SHAPES, zones.ANGLES, strict=True)
              for turn in range(turns)]  # fmt: skip
    family, centre = np.divmod(ratios.argmax(), len(cases))
    assert shapes[family] == (2.0, 0.0)  # along x, that is to the east
    assert wards.index[centre] in {wards.index[ward] for ward in best.wards}


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize(("crs", "p"), [(None, 0.00015), (4326, 0.000087)])
def test_p_of_the_best_cluster_of_new_york_is_of_the_published_size(leukaemia, crs, p):
    table, wards = leukaemia
    result = scan(table, wards.set_crs(crs) if crs else wards, replicates=9_999)
    found = result.loc[result["scan_cluster"] == 1, "scan_p"].iloc[0]
    assert 1 / 10_000 <= found <= p + 4 * np.sqrt(p / 9_999) + 1 / 10_000


# Which of the places with a mid-p below 0.2 touch, and which places around the best zone: facts read from
# the neighbours that Waller and Gotway (2004) publish with these data.
HIGH_PAIRS = [
    (1, 2), (1, 13), (1, 15), (1, 47), (1, 49), (2, 13), (2, 35), (2, 47), (5, 12), (9, 17),
    (9, 18), (9, 33), (17, 18), (27, 35), (35, 47), (35, 51), (37, 38), (37, 51), (37, 52),
    (38, 43), (38, 46), (47, 51), (52, 53), (64, 65), (64, 67), (65, 67), (76, 77), (85, 86),
    (86, 92), (89, 90), (92, 93), (102, 103), (103, 106), (111, 219), (117, 123), (117, 124),
    (119, 220), (120, 131), (120, 132), (123, 124), (124, 125), (125, 126), (131, 132), (132, 139),
    (135, 208), (135, 210), (139, 150), (146, 210), (155, 224), (155, 225), (166, 167), (208, 210),
    (216, 217), (216, 219), (219, 220), (224, 225), (265, 266), (265, 281), (266, 281),
]  # fmt: skip
PAIRS_AROUND_THE_BEST = [
    (21, 83), (21, 90), (21, 91), (71, 85), (71, 86), (71, 259), (83, 84), (83, 89), (83, 90),
    (83, 250), (84, 85), (84, 87), (84, 89), (84, 250), (85, 86), (85, 87), (85, 248), (85, 250),
    (86, 87), (86, 88), (86, 91), (86, 92), (86, 259), (87, 88), (87, 89), (88, 89), (88, 91),
    (89, 90), (89, 91), (90, 91), (91, 92), (91, 93), (92, 93), (92, 259), (93, 259), (93, 277),
    (248, 250), (259, 277),
]  # fmt: skip


@pytest.mark.real_data
def test_published_flexible_cluster_of_new_york(leukaemia):
    """FleXScan 3.1.2, up to 10 places; only the neighbours around its best zone are needed to find it."""
    table, wards = leukaemia
    graph = linked(wards.index.tolist(), PAIRS_AROUND_THE_BEST)
    result = scan(table, wards, shape="flexible", graph=graph, replicates=99).droplevel(["theme", "period"])
    best = result[result["scan_cluster"] == 1]
    assert best.index.tolist() == ["085", "086", "088", "089", "090", "092", "093"]
    assert best["scan_incidents"].iloc[0] == 39
    assert best["scan_expected"].iloc[0] == pytest.approx(16.3981, abs=5e-5)
    assert best["scan_llr"].iloc[0] == pytest.approx(11.6713, abs=5e-5)


@pytest.mark.real_data
def test_published_restricted_clusters_of_new_york(leukaemia):
    """FleXScan 3.1.2, up to 50 places, mid-p below 0.2: all twelve clusters that it lists."""
    table, wards = leukaemia
    graph = linked(wards.index.tolist(), HIGH_PAIRS)
    result = scan(table, wards, shape="restricted", graph=graph, nearest=50, replicates=99)
    found = result.droplevel(["theme", "period"]).dropna(subset="scan_cluster")
    first = found[found["scan_cluster"] == 1]
    members = (1, 2, 13, 15, 27, 35, 37, 38, 43, 46, 47, 49, 51, 52, 53)
    assert first.index.tolist() == [f"{i:03}" for i in members]
    assert first["scan_p"].iloc[0] == 0.01
    by_rank = found.groupby("scan_cluster").first()
    published = [
        (79, 36.1025, 20.8014), (13, 3.46124, 7.74784), (19, 7.22415, 6.72554), (23, 10.3451, 5.87065),
        (24, 11.2449, 5.59191), (9, 2.60011, 4.81257), (21, 10.129, 4.55025), (9, 3.01554, 3.88929),
        (11, 4.20808, 3.82013), (11, 4.76234, 3.00674), (6, 1.88824, 2.84034), (12, 5.59582, 2.78814),
    ]  # fmt: skip
    got = by_rank[["scan_incidents", "scan_expected", "scan_llr"]].astype(float).to_numpy()
    assert len(got) >= 10  # those that every random map beats are not listed, and few maps were drawn
    np.testing.assert_allclose(got[:12], published[: len(got)], rtol=1e-5)


def test_a_flexible_scan_follows_a_bend_that_no_circle_does():
    """Four wards in an L, of nine in a square: three times the rate of the others."""
    codes = [f"W{i}" for i in range(9)]
    grid = gpd.points_from_xy(np.tile(range(3), 3), np.repeat(range(3), 3))
    wards = gpd.GeoDataFrame(geometry=grid, index=pd.Index(codes, name="ward_code"))
    rook = [(i, i + 1) for i in (1, 2, 4, 5, 7, 8)] + [(i, i + 3) for i in range(1, 7)]
    table = ward_table([90, 30, 30, 90, 30, 30, 90, 90, 30], codes=codes)
    bend = ["W0", "W3", "W6", "W7"]
    for shape in ("flexible", "restricted"):
        result = scan(table, wards, shape=shape, graph=linked(codes, rook), nearest=9, **QUICK)
        assert wards_of(result, 1) == bend
    assert wards_of(scan(table, wards, **QUICK), 1) != bend


def test_an_even_map_has_no_restricted_cluster_and_was_tested():
    result = scan(ward_table([5] * 6), road(), shape="restricted", graph=linked(CODES, []), **QUICK)
    assert (result["scan_class"] == "not distinguishable").all()
    assert result["scan_cluster"].isna().all()


def test_six_wards_by_hand():
    result = scan(ward_table(), road(), **QUICK).droplevel(["theme", "period"])
    pair = result.loc[CODES[2:4]]
    assert (pair["scan_cluster"] == 1).all()
    assert (pair["scan_incidents"] == 46).all()
    np.testing.assert_allclose(pair["scan_expected"], 20.0)
    np.testing.assert_allclose(pair["scan_ratio"], (46 / 2) / (14 / 4))
    np.testing.assert_allclose(pair["scan_llr"], 46 * np.log(46 / 20) + 14 * np.log(14 / 40))
    assert (pair["scan_class"] == "cluster").all()
    assert result.drop(CODES[2:4])[NUMBERS].isna().all(axis=None)
    assert (result.drop(CODES[2:4])["scan_class"] == "not distinguishable").all()


def test_columns_and_types():
    table = ward_table(COUNTS * 4, themes=("Burglary", "Robbery"), periods=("2016", "2017"))
    result = scan(table, road(), **QUICK)
    schema.check(result, schema.WARD_TABLE)
    assert result.columns.tolist() == [*table.columns, *NUMBERS, "scan_class", "scan_method"]
    assert result["scan_class"].cat.categories.tolist() == ["cluster", "not distinguishable", "not testable"]
    assert "scan_p" not in table


def test_a_second_run_sits_beside_the_first_and_replaces_itself():
    once = scan(ward_table(), road(), **QUICK)
    both = scan(once, road(), into="scan_small", max_share=0.25, **QUICK)
    assert {"scan_p", "scan_small_p", "scan_small_method"} < set(both.columns)
    pd.testing.assert_frame_equal(scan(once, road(), **QUICK), once)


# --- alignment


@given(seed=st.integers(0, 100))
@settings(max_examples=15)
def test_the_order_of_rows_and_wards_does_not_matter(seed):
    table = ward_table(np.random.default_rng(seed).poisson(9, 12), themes=("Burglary", "Robbery"))
    result = scan(table, road(), **QUICK)
    moved = scan(table.sample(frac=1, random_state=seed), road().sample(frac=1, random_state=seed), **QUICK)
    pd.testing.assert_frame_equal(moved.loc[result.index], result)


def test_wards_of_the_map_that_are_not_in_the_table_do_not_matter():
    more = pd.concat([road(), road(["X1", "X2"], x=(1, 3))])
    pd.testing.assert_frame_equal(scan(ward_table(), more, **QUICK), scan(ward_table(), road(), **QUICK))


def test_a_batch_equals_one_theme_and_period_at_a_time():
    counts = np.random.default_rng(0).poisson(9, (4, 6))
    counts[3] = 0
    table = ward_table(counts, themes=("A", "B"), periods=("2016", "2017"))
    table.loc[("B", "2016", CODES[0]), "population"] = 0
    batch = scan(table, road(), **QUICK)
    alone = [scan(part, road(), **QUICK) for _, part in table.groupby(level=["theme", "period"])]
    pd.testing.assert_frame_equal(
        batch.astype({"scan_method": str}), pd.concat(alone).astype({"scan_method": str})
    )


@pytest.mark.parametrize("factor", [1e-3, 1.0, 1e5])
def test_the_unit_of_people_and_distance_does_not_matter(factor):
    wards = road(x=np.array([0, 2, 4, 5, 7, 9]) * factor)
    result = scan(ward_table(people=1000 * factor), wards, **QUICK)
    np.testing.assert_allclose(
        result[NUMBERS].astype(float), scan(ward_table(), road(), **QUICK)[NUMBERS].astype(float)
    )


# --- provenance


def test_the_sentence_says_how_it_was_made():
    result = scan(ward_table(), road(crs=4326), seed=5, **QUICK)
    sentence = result["scan_method"].iloc[0]
    for words in ("199 random maps", "seed 5", "50 % of the population", "great-circle", "at best 0.005"):
        assert words in sentence
    near = scan(ward_table(), road(), shape="restricted", graph=linked(CODES, [(1, 2)]), **QUICK)
    assert "among the nearest 10, all high by themselves" in near["scan_method"].iloc[0]
    assert "penalty 0.5" in scan(ward_table(), road(), shape="elliptic", **QUICK)["scan_method"].iloc[0]


# --- the practice district


@pytest.mark.parametrize("theme", ["all crime", "Anti-social behaviour"])
def test_the_scan_finds_the_planted_cluster(practice, theme):
    table, wards = practice
    result = scan(table, wards, **QUICK)
    for year in demo.YEARS:
        found = result.loc[(theme, year)]
        assert (found.loc[THREE, "scan_class"] == "cluster").all()
        assert (found.loc[THREE, "scan_cluster"] == 1).all()


def test_the_scan_finds_nothing_where_nothing_is_planted(practice):
    """Road collisions of the practice district have the same risk everywhere."""
    table, wards = practice
    collisions = table.loc[[themes.KSI]]
    assert (scan(collisions, wards, **QUICK)["scan_class"] != "cluster").all()


# --- real input, and many maps without anything to find


@pytest.mark.slow
def test_p_is_uniform_when_there_is_nothing_to_find():
    rng = np.random.default_rng(4)
    codes = [f"W{i:02}" for i in range(21)]
    points = gpd.points_from_xy(*rng.random((2, 21)))
    wards = gpd.GeoDataFrame(geometry=points, index=pd.Index(codes, name="ward_code"))
    people = rng.integers(2_000, 9_000, 21)
    counts = rng.multinomial(400, people / people.sum(), size=300)
    names = [f"T{i:03}" for i in range(300)]
    result = scan(ward_table(counts, people=np.tile(people, 300), codes=codes, themes=names), wards, **QUICK)
    first = result[result["scan_cluster"] == 1].groupby(level="theme")["scan_p"].first()
    p = first.reindex(names, fill_value=1.0)
    for level in (0.05, 0.2, 0.5):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 300)


@pytest.mark.real_data
@pytest.mark.parametrize(("district", "wards"), [("E07000193", 21), (None, 211)])
def test_the_autumn_of_2018_in_a_borough_and_in_its_county(shared_data, district, wards):
    """All recorded crime of October to December: the scan runs, and Burton's centre is a cluster."""
    boundaries = wm.read_wards(
        shared_data / "boundaries" / "staffordshire_wards_2013.gpkg", district=district
    )
    files = str(shared_data / "police" / "2018-1*" / "*-staffordshire-street.csv")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        incidents = wm.assign_wards(wm.read_incidents(files), boundaries)
        types = {"everything": sorted(incidents["theme"].astype(str).unique())}
        table = wm.count_incidents(incidents, boundaries, by_period="year", themes=types)
    people = pd.read_csv(shared_data / "population" / "ew_ward17_population_bestfit_from_lsoa.csv")
    codes = table.index.get_level_values("ward_code")
    table["population"] = people.set_index("ward17_code")["pop_mid2017"].reindex(codes).to_numpy()
    assert codes.nunique() == wards
    table["rate"] = table["incidents"] / table["population"]
    graph = wm.neighbours(boundaries)
    table = wm.hotspots.local_moran(wm.gi_star(table, graph), graph)
    assert table["gi_p"].dropna().ge(table["gi_attainable_p"].dropna()).all()
    assert table["gi_p"].notna().sum() > 0.6 * wards
    assert not table["gi_class"].eq("hot spot").mean() > 0.3
    assert wm.hotspots.moran(table, graph)["moran_p"].notna().all()
    result = scan(table, boundaries, replicates=999).droplevel(["theme", "period"])
    tested = result["scan_class"] != "not testable"
    assert tested.sum() > 0.7 * wards  # some wards were drawn anew between 2013 and 2017
    assert (tested == table["population"].notna().to_numpy()).all()
    assert (result.loc[[THREE[1]], "scan_class"] == "cluster").all()  # the ward Burton
    assert result["scan_p"].dropna().between(0.001, 1).all()
