import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
from wardmap.hotspots.scan import scan

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
    table = wm.count_incidents(incidents, wards, period="financial year", themes=demo.THEMES)
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
        ({"shape": "square"}, "'circular', 'elliptic'"),
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
@settings(deadline=None, max_examples=30)
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
    second = result.index[result["scan_cluster"] == 2].tolist()
    assert second == ["084", "085", "086", "087", "088", "089", "090", "092"]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("crs", "options", "published"),
    [
        (None, {}, (28, 100, 58.28, 14.083511)),
        (4326, {}, (31, 106, 62.13, 14.780276)),
        pytest.param(
            None,
            {"shape": "elliptic", "penalty": 1},
            (32, 114, 65.18, 17.442551),
            marks=pytest.mark.slow,
        ),
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
@settings(deadline=None, max_examples=15)
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
