from math import comb

import esda
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

import wardmap as wm
from wardmap import demo, schema
from wardmap.errors import (
    AlignmentError,
    ColumnClashError,
    InputError,
    MissingColumnError,
    ResolutionWarning,
    TooFewWardsError,
)
from wardmap.hotspots.graph.neighbours import neighbours
from wardmap.hotspots.local import local_tests
from wardmap.hotspots.local.gi_star import gi_star
from wardmap.hotspots.local.permutation import neighbour_tails

CODES = [f"E0500{i:04}" for i in range(12)]


def ward_table(values, codes=CODES, themes=("Burglary",), periods=("2017",), variable="rate"):
    index = pd.MultiIndex.from_product([themes, periods, codes], names=schema.WARD_TABLE.index)
    return pd.DataFrame({variable: np.asarray(values).ravel()}, index=index)


def ring(codes=CODES, reach=1):
    """Put wards around a lake, each next to `reach` others on either side."""
    n = len(codes)
    links = [(i, (i + step) % n) for i in range(n) for step in range(-reach, reach + 1) if step]
    return Graph.from_arrays([codes[i] for i, _ in links], [codes[j] for _, j in links], [1] * len(links))


def from_matrix(matrix, codes):
    focal, other = np.nonzero(matrix)
    alone = np.flatnonzero(matrix.sum(axis=1) == 0)
    focal, other = np.concatenate([focal, alone]), np.concatenate([other, alone])
    order = np.argsort(focal, kind="stable")
    weight = matrix[focal[order], other[order]].astype(float)
    return Graph.from_arrays(np.array(codes)[focal[order]], np.array(codes)[other[order]], weight)


RISING = [9.0, 8.0, 7.0, 2.0, 1.0, 3.0, 2.5, 1.5, 0.5, 3.5, 2.2, 1.1]
NUMBERS = ["gi_z", "gi_p", "gi_q", "gi_attainable_p"]
LENIENT = {"q": 0.4}  # two neighbours among eleven others: 1/55 at best


# --- inputs


def test_a_missing_variable_names_the_nearest_column_and_the_line_that_writes_it():
    with pytest.raises(MissingColumnError, match=r"(?s)'rate'.*nearest first: rates.*add_rates"):
        gi_star(ward_table(RISING, variable="rates"), ring())


def test_the_index_must_be_that_of_the_ward_table():
    with pytest.raises(MissingColumnError, match="theme, period, ward_code"):
        gi_star(ward_table(RISING).reset_index("theme"), ring())


@pytest.mark.parametrize("values", [["a"] * 12, [True] * 12])
def test_the_variable_must_be_a_number(values):
    with pytest.raises(InputError, match="must hold numbers"):
        gi_star(ward_table(values), ring())


def test_an_infinite_rate_is_refused_by_name():
    with pytest.raises(InputError, match=r"(?s)infinite in 1 wards.*E05000003"):
        gi_star(ward_table([*RISING[:3], np.inf, *RISING[4:]]), ring())


@pytest.mark.parametrize(
    ("option", "words"),
    [
        ({"alternative": "two_sided"}, "'greater', 'less', 'two-sided'"),
        ({"q": 0}, "between 0 and 1"),
        ({"q": 10}, "between 0 and 1"),
        ({"permutations": 9}, "at least 99"),
        ({"permutations": 999.0}, "whole number"),
        ({"seed": None}, "whole number"),
        ({"seed": -1}, "at least 0"),
    ],
)
def test_options_are_checked(option, words):
    with pytest.raises(InputError, match=words):
        gi_star(ward_table(RISING), ring(), **option)


def test_two_wards_are_too_few():
    with pytest.raises(TooFewWardsError, match=r"(?s)at least 3.*table: 2"):
        gi_star(ward_table([1.0, 2.0], codes=CODES[:2]), from_matrix(1 - np.eye(2), CODES[:2]))


def test_no_rows_at_all():
    with pytest.raises(TooFewWardsError):
        gi_star(ward_table(RISING).iloc[:0], ring())


def test_wards_on_one_side_only_are_listed():
    with pytest.raises(AlignmentError, match=r"(?s)table only, 1: 'E05000000'.*graph only, 1: 'X1'"):
        gi_star(ward_table(RISING), ring(["X1", *CODES[1:]]))


def test_numbers_are_not_codes():
    with pytest.raises(AlignmentError, match="table are integer, in the graph string"):
        gi_star(ward_table(RISING, codes=range(12)), ring([str(i) for i in range(12)]))


def test_the_graph_must_be_a_graph():
    with pytest.raises(InputError, match=r"wm\.neighbours"):
        gi_star(ward_table(RISING), ring().to_W())


@pytest.mark.parametrize("weights", [[1.0, 0.5] * 12, [-1.0] * 24])
def test_neighbours_of_different_weight_are_refused(weights):
    links = ring().adjacency.index
    uneven = Graph.from_arrays(links.get_level_values(0), links.get_level_values(1), weights)
    with pytest.raises(InputError, match=r'(?s)different weight.*transform\("B"\)'):
        gi_star(ward_table(RISING), uneven)


def test_a_ward_missing_from_one_theme_is_refused():
    table = ward_table(RISING * 2, themes=("Burglary", "Robbery")).iloc[:-1]
    with pytest.raises(
        InputError, match=r"(?s)every ward exactly once.*'E05000011' in Robbery, 2017: 0 rows"
    ):
        gi_star(table, ring())


def test_a_ward_given_twice_is_refused():
    table = ward_table(RISING)
    with pytest.raises(InputError, match="2 rows"):
        gi_star(pd.concat([table, table.iloc[[0]]]), ring())


def test_a_column_of_somebody_else_is_not_overwritten():
    with pytest.raises(ColumnClashError, match="gi_p"):
        gi_star(ward_table(RISING).assign(gi_p=0.5), ring(), **LENIENT)


def test_a_family_too_small_to_find_anything_warns_with_the_values():
    message = r"(?s)1 of 1 families.*have: 0\.018.*needs for q = 0\.1: 0\.0083.*larger q"
    with pytest.warns(ResolutionWarning, match=message) as caught:
        gi_star(ward_table(RISING), ring())
    assert caught[0].filename == __file__


def test_too_few_permutations_warn_with_the_number_needed():
    codes = [f"W{i:03}" for i in range(60)]
    values = np.random.default_rng(0).gamma(2, size=60)
    with pytest.warns(ResolutionWarning, match=r"permutations=600\."):
        gi_star(ward_table(values, codes), ring(codes, reach=5), permutations=99)
    gi_star(ward_table(values, codes), ring(codes, reach=5), permutations=600)


# --- what cannot be tested is never significant


@pytest.mark.parametrize("value", [0.0, 0.1, 7.0])
def test_no_variation(value):
    result = gi_star(ward_table(np.full(12, value)), ring())
    assert result[NUMBERS].isna().all(axis=None)
    assert (result["gi_class"] == "not testable").all()
    assert result["gi_method"].unique().tolist() == ["Getis-Ord Gi* not tested: rate does not vary."]


def test_rounding_is_no_variation():
    values = [0.1 + 0.2, 0.3] * 6
    assert gi_star(ward_table(values), ring())[NUMBERS].isna().all(axis=None)


def test_an_island_is_not_tested_and_does_not_disturb_the_others():
    matrix = ring(CODES[:11]).sparse.toarray()
    matrix = np.pad(matrix, (0, 1))
    result = gi_star(ward_table(RISING), from_matrix(matrix, CODES), **LENIENT)
    assert result.iloc[11][NUMBERS].isna().all()
    assert result.iloc[11]["gi_class"] == "not testable"
    assert result.iloc[:11][NUMBERS].notna().all(axis=None)
    assert "11 wards testable" in result["gi_method"].iloc[0]
    assert "Not tested: no neighbours: 'E05000011'." in result["gi_method"].iloc[0]


def test_a_ward_next_to_all_others_is_not_tested():
    hub = np.zeros((12, 12))
    hub[0, 1:] = hub[1:, 0] = 1
    with pytest.warns(ResolutionWarning):
        result = gi_star(ward_table(RISING), from_matrix(hub, CODES))
    assert result.iloc[0][NUMBERS].isna().all()
    assert "all arrangements alike: 'E05000000'" in result["gi_method"].iloc[0]
    np.testing.assert_allclose(result["gi_attainable_p"].iloc[1:], 1 / 11)


def test_a_ward_without_a_rate_is_left_out_as_if_it_were_not_there():
    table = ward_table([*RISING[:5], np.nan, *RISING[6:]])
    result = gi_star(table, ring(), **LENIENT)
    graph = ring()
    kept = [code for code in CODES if code != CODES[5]]
    without = gi_star(table.drop(index=CODES[5], level="ward_code"), graph.subgraph(kept), **LENIENT)
    assert result.iloc[5][NUMBERS].isna().all()
    pd.testing.assert_frame_equal(result.drop(index=CODES[5], level="ward_code")[NUMBERS], without[NUMBERS])
    assert "Not tested: rate not known: 'E05000005'." in result["gi_method"].iloc[0]


def test_a_family_with_rates_in_two_wards_only():
    values = [*RISING, 1.0, 2.0, *[np.nan] * 10, *[np.nan] * 12]
    result = gi_star(ward_table(values, themes=("A", "B", "C")), ring(), **LENIENT)
    assert result.loc["A", NUMBERS].notna().all(axis=None)
    assert result.loc[["B", "C"], NUMBERS].isna().all(axis=None)
    assert "rate known in 2 wards of at least 3" in result.loc["B", "gi_method"].iloc[0]
    assert "known in 0 wards" in result.loc["C", "gi_method"].iloc[0]


@given(
    values=st.lists(st.sampled_from([0.0, 1.0, 2.0, 50.0, np.nan]), min_size=12, max_size=12),
    alternative=st.sampled_from(["greater", "less", "two-sided"]),
)
@settings(max_examples=60)
@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
def test_no_input_makes_every_ward_significant(values, alternative):
    result = gi_star(ward_table(values), ring(reach=2), alternative=alternative)
    assert (result["gi_p"].dropna() >= result["gi_attainable_p"].dropna()).all()
    assert not result["gi_class"].isin(["hot spot", "cold spot"]).all()
    untested = result["gi_class"] == "not testable"
    assert (untested == result["gi_p"].isna()).all()
    assert result.loc[np.isnan(values), "gi_p"].isna().all()


# --- outputs: published values first


def test_published_z_of_six_points():
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)])
    apart = np.hypot(*(points[:, np.newaxis] - points).T)
    near = (apart <= 15) & (apart > 0)
    graph = from_matrix(near, CODES[:6])
    result = gi_star(ward_table([2, 3, 3.2, 5, 8, 7], codes=CODES[:6]), graph, q=0.99)
    np.testing.assert_allclose(result["gi_z"], [-1.397, -0.289, 0.651, -0.289, 1.235, 2.024], atol=5e-4)


@pytest.mark.real_data
def test_published_z_of_getis_and_ord_1996(shared_data):
    cells = pd.read_csv(shared_data / "reference" / "getis_ord" / "getisord_localG.csv")
    x, y = (cells[[axis]].to_numpy() for axis in "xy")
    apart = np.hypot(x - x.T, y - y.T)
    codes = [f"C{i:03}" for i in range(len(cells))]
    result = gi_star(
        ward_table(cells["val"], codes), from_matrix((apart > 0) & (apart <= 30), codes), permutations=2_559
    )
    focal = np.flatnonzero((cells["x"] == 210) & (cells["y"] == 210))[0]
    assert result["gi_z"].iloc[focal] == pytest.approx(1.45078, abs=5e-6)
    np.testing.assert_allclose(result["gi_z"], cells["Gstar_30"], rtol=1e-9)


def test_the_practice_district_is_told_what_21_wards_can_show():
    """Of k neighbours there are 20 over k arrangements; and the sentence says what is missed."""
    wards = wm.read_wards(demo.wards_file())
    graph = neighbours(wards)
    incidents = wm.assign_wards(wm.read_incidents(demo.extract()), wards)
    crime = {"all crime": demo.THEMES["all crime"]}
    table = wm.count_incidents(incidents, wards, by_period="financial year", themes=crime)
    result = gi_star(wm.add_rates(table, wm.read_population(demo.population_file())), graph)
    year = result.loc[("all crime", demo.YEARS[0])]
    arrangements = [comb(20, k) for k in graph.cardinalities.reindex(year.index)]
    np.testing.assert_allclose(year["gi_attainable_p"], 1 / np.array(arrangements, dtype=float))
    sentence = year["gi_method"].iloc[0]
    for words in ("all arrangements", "over the 21 wards testable", "most small clusters stay unfound"):
        assert words in sentence
    assert (year.loc[["E05006918", "E05006922", "E05006930"], "gi_z"] > 1).all()  # where it was planted
    many = gi_star(
        ward_table(np.arange(60.0) % 7, [f"W{i:02}" for i in range(60)]),
        ring([f"W{i:02}" for i in range(60)]),
    )
    assert "unfound" not in many["gi_method"].iloc[0]


def test_esda_as_peer():
    rng = np.random.default_rng(0)
    values = rng.gamma(1, size=12)
    graph = ring(reach=2)
    peer = esda.G_Local(values, graph, transform="B", permutations=0, star=True)
    result = gi_star(ward_table(values), graph)
    np.testing.assert_allclose(result["gi_z"], peer.Zs)


def test_p_by_hand():
    # the neighbours of ward 1 are wards 0 and 2: 9 + 7, the best of the 55 pairs of the others
    result = gi_star(ward_table(RISING), ring(), **LENIENT).droplevel(["theme", "period"])
    assert result.loc[CODES[1], "gi_p"] == result.loc[CODES[1], "gi_attainable_p"] == 1 / 55
    assert result.loc[CODES[1], "gi_class"] == "hot spot"
    # those of ward 11 are wards 10 and 0: 2.2 + 9 = 11.2. As high: 9 with 8, 7, 3.5, 3, 2.5 or 2.2,
    # and 8 with 7 or 3.5
    assert result.loc[CODES[11], "gi_p"] == 8 / 55


def test_columns_types_and_ranges():
    table = ward_table(RISING * 4, themes=("Burglary", "Robbery"), periods=("2016", "2017"))
    result = gi_star(table, ring(), **LENIENT)
    schema.check(result, schema.WARD_TABLE)
    assert result.columns.tolist() == ["rate", *NUMBERS, "gi_class", "gi_method"]
    assert result["gi_p"].between(result["gi_attainable_p"], 1).all()
    assert (result["gi_q"] >= result["gi_p"]).all()
    assert result["gi_class"].cat.categories.tolist() == ["hot spot", "not distinguishable", "not testable"]
    assert ((result["gi_class"] == "hot spot") == (result["gi_q"] <= 0.4) & (result["gi_z"] > 0)).all()


def test_counts_work_as_they_are():
    counts = np.array([9, 8, 7, 2, 1, 3, 2, 1, 0, 3, 2, 1])
    whole, real = (
        gi_star(ward_table(values, variable="incidents"), ring(), variable="incidents", **LENIENT)
        for values in (counts, counts.astype(float))
    )
    pd.testing.assert_frame_equal(whole[NUMBERS], real[NUMBERS])
    nullable = ward_table(counts).astype("Int64")
    np.testing.assert_array_equal(gi_star(nullable, ring(), **LENIENT)[NUMBERS], real[NUMBERS])


def test_cold_spots_only_when_asked_for():
    values = [-value for value in RISING]
    greater = gi_star(ward_table(values), ring(), **LENIENT)
    less = gi_star(ward_table(values), ring(), alternative="less", **LENIENT)
    hot = gi_star(ward_table(RISING), ring(), **LENIENT)
    assert "cold spot" not in greater["gi_class"].cat.categories
    assert "hot spot" not in less["gi_class"].cat.categories
    np.testing.assert_array_equal(less["gi_class"] == "cold spot", hot["gi_class"] == "hot spot")
    np.testing.assert_allclose(less[["gi_p", "gi_q"]], hot[["gi_p", "gi_q"]])


def test_two_sided_doubles_the_smaller_tail_and_finds_both():
    values = [9.0, 9.5, 8.0, 5.0, 5.1, 5.2, 1.0, 0.5, 0.0, 5.3, 5.4, 4.9]
    high, low, both = (
        gi_star(ward_table(values), ring(), alternative=alternative, q=0.5)
        for alternative in ("greater", "less", "two-sided")
    )
    smaller = np.minimum(high["gi_p"], low["gi_p"])
    np.testing.assert_allclose(both["gi_p"], np.minimum(1, 2 * smaller))
    np.testing.assert_allclose(both["gi_attainable_p"], 2 / 55)
    assert both["gi_class"].iloc[[1, 7]].tolist() == ["hot spot", "cold spot"]


def test_a_low_ward_between_high_ones_is_no_hot_spot_by_name():
    values = [9.0, -60.0, 8.0, 2.0, 1.0, 3.0, 2.5, 1.5, 0.5, 3.5, 2.2, 1.1]
    middle = gi_star(ward_table(values), ring(), q=0.9).iloc[1]
    assert middle["gi_p"] == middle["gi_attainable_p"]
    assert middle["gi_z"] < 0
    assert middle["gi_class"] == "not distinguishable"


def test_a_second_run_sits_beside_the_first_and_replaces_itself():
    once = gi_star(ward_table(RISING), ring(), **LENIENT)
    beside = gi_star(once, ring(reach=2), into="gi_wide", **LENIENT)
    assert {"gi_p", "gi_wide_p", "gi_wide_class", "gi_wide_method"} < set(beside.columns)
    pd.testing.assert_frame_equal(beside[once.columns], once)
    pd.testing.assert_frame_equal(gi_star(once, ring(), **LENIENT), once)


# --- alignment


@given(seed=st.integers(0, 1_000))
@settings(max_examples=20)
def test_the_order_of_rows_and_nodes_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    table = ward_table(rng.gamma(1, size=24), themes=("Burglary", "Robbery"))
    result = gi_star(table, ring(), **LENIENT)
    links = ring().adjacency.sample(frac=1, random_state=seed)
    shuffled = Graph(links)
    moved = gi_star(table.sample(frac=1, random_state=seed), shuffled, **LENIENT)
    pd.testing.assert_frame_equal(moved.loc[result.index], result)


def test_the_order_of_rows_does_not_matter_to_random_arrangements():
    codes = [f"W{i:03}" for i in range(60)]
    table = ward_table(np.random.default_rng(0).gamma(2, size=60), codes)
    graph = ring(codes, reach=5)
    result = gi_star(table, graph)
    moved = gi_star(table.sample(frac=1, random_state=1), graph)
    assert "9,999 random arrangements of the other wards (seed 0)" in result["gi_method"].iloc[0]
    pd.testing.assert_frame_equal(moved.loc[result.index], result)


def test_new_names_for_the_wards_move_the_results_with_them():
    rng = np.random.default_rng(1)
    values = rng.gamma(1, size=12)
    renamed = rng.permutation(CODES).tolist()
    result = gi_star(ward_table(values), ring(), **LENIENT)
    moved = gi_star(ward_table(values, codes=renamed), ring(renamed), **LENIENT)
    np.testing.assert_allclose(moved[NUMBERS], result[NUMBERS], rtol=1e-12)


@given(factor=st.floats(1e-6, 1e6), seed=st.integers(0, 100))
@settings(max_examples=20)
def test_the_unit_does_not_matter(factor, seed):
    values = np.random.default_rng(seed).poisson(3, size=12) / 7
    one, other = (gi_star(ward_table(x), ring(), **LENIENT)[NUMBERS] for x in (values, values * factor))
    np.testing.assert_allclose(other, one, rtol=1e-9, atol=1e-12)


def test_a_batch_equals_one_theme_and_period_at_a_time():
    rng = np.random.default_rng(3)
    values = rng.gamma(1, size=(6, 12))
    values[2, 4] = np.nan
    values[5] = 1.0
    table = ward_table(values, themes=("A", "B", "C"), periods=("2016", "2017"))
    batch = gi_star(table, ring(), **LENIENT)
    alone = [gi_star(part, ring(), **LENIENT) for _, part in table.groupby(level=["theme", "period"])]
    pd.testing.assert_frame_equal(
        batch.astype({"gi_method": str}), pd.concat(alone).astype({"gi_method": str})
    )


def test_threads_and_portions_change_nothing(monkeypatch):
    values = np.random.default_rng(4).gamma(1, size=(9, 60))
    codes = [f"W{number:02}" for number in range(60)]
    table = ward_table(values, codes, themes=[f"T{number}" for number in range(9)])
    whole = gi_star(table, ring(codes, reach=3), permutations=999)
    assert "random arrangements" in whole["gi_method"].iloc[0]
    monkeypatch.setattr(local_tests, "_CELLS", 1)  # nine portions, of one theme each
    pd.testing.assert_frame_equal(gi_star(table, ring(codes, reach=3), permutations=999), whole)


@pytest.mark.parametrize(("limit", "compiled"), [(12, True), (13, False)])
def test_large_jobs_are_compiled_and_small_ones_are_not(monkeypatch, limit, compiled):
    called = []
    monkeypatch.setattr(local_tests, "COMPILE_FROM", limit)
    monkeypatch.setattr(
        local_tests, "neighbour_tails",
        lambda *given, **options: called.append(options["compiled"]) or neighbour_tails(*given, **options),
    )  # fmt: skip
    result = gi_star(ward_table(RISING), ring(), **LENIENT)
    assert called == [compiled]
    monkeypatch.undo()
    pd.testing.assert_frame_equal(result, gi_star(ward_table(RISING), ring(), **LENIENT))


def test_categories_in_the_index_are_fine_used_or_not():
    table = ward_table(RISING)
    frame = table.reset_index()
    for name, extra in (("theme", "Arson"), ("period", "2015"), ("ward_code", "A0")):
        frame[name] = pd.Categorical(frame[name], categories=[extra, *frame[name].unique()])
    marked = frame.set_index(list(schema.WARD_TABLE.index))
    np.testing.assert_array_equal(
        gi_star(marked, ring(), **LENIENT)[NUMBERS], gi_star(table, ring(), **LENIENT)[NUMBERS]
    )


def test_links_of_a_ward_to_itself_and_row_standardising_change_nothing():
    table = ward_table(RISING)
    expected = gi_star(table, ring(), **LENIENT)[NUMBERS]
    for graph in (ring().assign_self_weight(1), ring().transform("R")):
        pd.testing.assert_frame_equal(gi_star(table, graph, **LENIENT)[NUMBERS], expected)


def test_inputs_are_not_changed():
    table, graph = ward_table(RISING), ring()
    before = table.copy(), graph.adjacency.copy()
    gi_star(table, graph, **LENIENT)
    pd.testing.assert_frame_equal(table, before[0])
    pd.testing.assert_series_equal(graph.adjacency, before[1])


# --- provenance


def test_few_incidents_leave_little_to_find_and_the_method_says_so():
    result = gi_star(ward_table([1.0] + [0.0] * 11), ring(), q=0.3)
    tested = result["gi_class"] != "not testable"
    assert tested.tolist() == [False] + [True] * 11  # of the others of ward 0 all are alike
    np.testing.assert_allclose(result["gi_attainable_p"].iloc[1:], 10 / 55)  # pairs with ward 0 of 55
    assert "No ward could be found by itself, however extreme." in result["gi_method"].iloc[0]


def test_the_method_says_how():
    result = gi_star(ward_table(RISING), ring(), **LENIENT)
    sentence = (
        "Getis-Ord Gi* of rate with the neighbours given and the ward itself, weights of 1, 12 wards, "
        "24 links. p: one-sided for high neighbours, all arrangements of the other wards, at best 0.018. "
        "q: Benjamini-Hochberg over the 12 wards testable within each theme and period; "
        "hot spot where q is at most 0.4. "
        "Of fewer than 50 wards most small clusters stay unfound: see wm.hotspots.detectable."
    )
    assert result["gi_method"].unique().tolist() == [sentence]


def test_the_method_names_the_rule_of_the_neighbours(wards):
    table = ward_table([5.0, 4.0, 3.0, 1.0, 2.0], codes=wards.index)
    result = gi_star(table, neighbours(wards), q=0.99)
    assert (
        "with queen neighbours and the ward itself, weights of 1, 5 wards, 8 links"
        in result["gi_method"].iloc[0]
    )
