from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from libpysal.graph import Graph

from tests.test_gi_star import CODES, RISING, from_matrix, ring, ward_table
from wardmap import schema
from wardmap.errors import AlignmentError, InputError, ResolutionWarning
from wardmap.hotspots.local.local_moran import local_moran
from wardmap.hotspots.local.permutation import neighbour_tails

LENIENT = {"q": 0.6}
NUMBERS = ["moran_i", "moran_lag", "moran_z", "moran_p", "moran_q", "moran_attainable_p"]


def reference(folder, name, weights, code):
    """Return a published table in the order of its codes, and its neighbours."""
    table = pd.read_csv(folder / "reference" / name, dtype={code: str}).sort_values(code)
    pairs = pd.read_csv(folder / "reference" / weights, dtype={"i": str, "j": str})
    alone = sorted(set(table[code]) - set(pairs["i"]))
    links = [*zip(pairs["i"], pairs["j"], pairs["w"], strict=True), *((a, a, 0) for a in alone)]
    return table, Graph.from_arrays(*zip(*sorted(links), strict=True))


# --- inputs


def test_options_are_checked():
    with pytest.raises(InputError, match="'greater', 'less', 'two-sided'"):
        local_moran(ward_table(RISING), ring(), alternative="both")


def test_the_graph_must_have_the_same_wards():
    with pytest.raises(AlignmentError, match="X1"):
        local_moran(ward_table(RISING), ring(["X1", *CODES[1:]]))


def test_a_family_too_small_to_find_anything_warns():
    with pytest.warns(ResolutionWarning, match="no ward could be flagged"):
        local_moran(ward_table(RISING), ring())


# --- what cannot be tested is never significant


def test_no_variation_and_no_neighbours():
    flat = local_moran(ward_table(np.full(12, 0.1)), ring())
    assert flat[NUMBERS].isna().all(axis=None)
    assert flat["moran_method"].iloc[0] == "Local Moran's I not tested: rate does not vary."
    matrix = np.pad(ring(CODES[:11]).sparse.toarray(), (0, 1))
    island = local_moran(ward_table(RISING), from_matrix(matrix, CODES), **LENIENT)
    assert island.iloc[11][NUMBERS].isna().all()
    assert island["moran_class"].iloc[11] == "not testable"


def test_a_ward_at_the_mean_has_nothing_to_be_like():
    values = [5.0, 9.0, 8.0, 1.0, 2.0, 5.0, 5.0, 6.0, 4.0, 5.0, 7.0, 3.0]
    result = local_moran(ward_table(values), ring(), **LENIENT)
    assert result["moran_class"].iloc[0] == "not testable"


@given(values=st.lists(st.sampled_from([0.0, 1.0, 2.0, 50.0, np.nan]), min_size=12, max_size=12))
@settings(max_examples=40)
@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
def test_no_input_makes_every_ward_significant(values):
    result = local_moran(ward_table(values), ring(reach=2))
    assert (result["moran_p"].dropna() >= result["moran_attainable_p"].dropna() - 1e-12).all()
    assert result["moran_class"].isin(["not distinguishable", "not testable"]).any()


# --- outputs: published values first


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
def test_published_local_moran_of_african_conflict(shared_data):
    """Anselin (1995), table 3; spdep prints the same."""
    folder = shared_data
    table, graph = reference(folder, "afcon/afcon_local.csv", "afcon/afcon_weights_binary.csv", "name")
    result = local_moran(ward_table(table["totcon"], table["name"].tolist()), graph, permutations=999)
    got = result[["moran_i", "moran_z"]].droplevel(["theme", "period"])
    published = {
        "SUDAN": (2.9878, 3.6814),
        "EGYPT": (6.9467, 3.4957),
        "KENYA": (1.1969, 3.4344),
        "UGANDA": (1.9425, 3.0060),
    }
    for country, values in published.items():
        assert got.loc[country].tolist() == pytest.approx(values, abs=5e-5)
    np.testing.assert_allclose(got, table[["Ii", "ZIi_cond"]], rtol=1e-9)


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
def test_published_local_moran_of_columbus(shared_data):
    table, graph = reference(
        shared_data,
        "columbus/columbus_oldcol_local.csv",
        "columbus/columbus_oldcol_weights_binary.csv",
        "neigno",
    )
    result = local_moran(ward_table(table["crime"], table["neigno"].tolist()), graph, permutations=999)
    np.testing.assert_allclose(result["moran_i"], table["Ii"], rtol=1e-9)


def gi_of(result, values):
    """Getis and Ord's Gi, without the ward: the conditional z, turned to the ward's own side."""
    return result["moran_z"] * np.sign(np.asarray(values) - np.mean(values))


def test_published_gi_of_six_points():
    """spdep's example of localG: six points, those within 15 are neighbours."""
    points = np.array([(10, 10), (20, 10), (40, 10), (15, 20), (30, 20), (30, 30)])
    apart, values = np.hypot(*(points[:, np.newaxis] - points).T), [2, 3, 3.2, 5, 8, 7]
    graph = from_matrix((apart <= 15) & (apart > 0), CODES[:6])
    result = local_moran(ward_table(values, CODES[:6]), graph, alternative="greater", q=0.99)
    published = [-1.014, -0.044, 1.316, -0.314, 1.154, 1.778]
    np.testing.assert_allclose(gi_of(result, values), published, atol=5e-4)


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore::wardmap.errors.ResolutionWarning")
def test_published_gi_of_getis_and_ord_1996(shared_data):
    """The cell at x = y = 210, those within 30 m as neighbours: Gi 1.221979 (spdep), and every other cell."""
    cells = pd.read_csv(shared_data / "reference" / "getis_ord" / "getisord_localG.csv")
    x, y = (cells[[axis]].to_numpy() for axis in "xy")
    apart, codes = np.hypot(x - x.T, y - y.T), [f"C{i:03}" for i in range(len(cells))]
    graph = from_matrix((apart > 0) & (apart <= 30), codes)
    gi = gi_of(local_moran(ward_table(cells["val"], codes), graph, permutations=99), cells["val"])
    focal = np.flatnonzero((cells["x"] == 210) & (cells["y"] == 210))[0]
    assert gi.iloc[focal] == pytest.approx(1.221979, abs=5e-7)
    np.testing.assert_allclose(gi, cells["G_30"], rtol=1e-9)


def test_five_wards_by_hand():
    """Values 5, 4, 3, 1, 2 in a row: deviations 2, 1, 0, -2, -1, and their mean square is 2."""
    row = from_matrix(np.diag(np.ones(4), 1) + np.diag(np.ones(4), -1), CODES[:5])
    with pytest.warns(ResolutionWarning):
        result = local_moran(ward_table([5.0, 4.0, 3.0, 1.0, 2.0], CODES[:5]), row, alternative="greater")
    i = np.array([2 * 1, 1 * (2 + 0) / 2, 0, -2 * (0 - 1) / 2, -1 * -2]) / 2
    np.testing.assert_allclose(result["moran_i"].iloc[[0, 1, 3, 4]], i[[0, 1, 3, 4]])
    # ward 0 is next to ward 1, the highest of the other four; ward 3 has 3 and 2 beside it, of the six
    # pairs of 5, 4, 3, 2 only these two sum to 5 or less
    assert result["moran_p"].iloc[[0, 3]].tolist() == [1 / 4, 1 / 6]


def test_z_is_that_of_all_arrangements_of_the_others():
    """Ward 0 keeps its value 9 and its two neighbours; the other eleven values go everywhere, one by one."""
    values = np.array([9.0, 8.5, 7.0, 2.0, 1.0, 3.0, 2.5, 1.5, 0.5, 3.5, 0.0, 4.0])
    result = local_moran(ward_table(values), ring(), **LENIENT).iloc[0]
    z = (values - values.mean()) / values.std()
    every = np.array([z[0] * (z[i] + z[j]) / 2 for i, j in combinations(range(1, 12), 2)])
    assert result["moran_z"] == pytest.approx((result["moran_i"] - every.mean()) / every.std())


def test_p_turns_with_the_side_of_the_ward():
    values = np.random.default_rng(1).gamma(1, size=12)
    like, unlike, both = (
        local_moran(ward_table(values), ring(), alternative=tail, q=0.6)["moran_p"].to_numpy()
        for tail in ("greater", "less", "two-sided")
    )
    links = ring().sparse.tocsr()
    tails = neighbour_tails(values[:, np.newaxis], links.astype(float), permutations=99, seed=0)
    high = values > values.mean()
    np.testing.assert_array_equal(like, np.where(high, tails.at_least[:, 0], tails.at_most[:, 0]))
    np.testing.assert_array_equal(unlike, np.where(high, tails.at_most[:, 0], tails.at_least[:, 0]))
    np.testing.assert_allclose(both, np.minimum(1, 2 * np.minimum(like, unlike)))


def test_the_four_kinds_by_name():
    values = [9.0, 9.5, 9.2, 5.0, 0.4, 0.5, 0.3, 5.2, 0.2, 9.9, 0.6, 5.1]
    result = local_moran(ward_table(values), ring(), q=0.9)
    assert result["moran_class"].iloc[[1, 5, 9]].tolist() == ["high-high", "low-low", "high-low"]
    turned = local_moran(ward_table([-value for value in values]), ring(), q=0.9)
    assert turned["moran_class"].iloc[[1, 5, 9]].tolist() == ["low-low", "high-high", "low-high"]


def test_columns_and_types():
    table = ward_table(RISING * 4, themes=("Burglary", "Robbery"), periods=("2016", "2017"))
    result = local_moran(table, ring(), **LENIENT)
    schema.check(result, schema.WARD_TABLE)
    assert result.columns.tolist() == ["rate", *NUMBERS, "moran_class", "moran_method"]


# --- alignment


def test_a_batch_equals_one_at_a_time_and_rows_may_be_shuffled():
    values = np.random.default_rng(3).gamma(1, size=(4, 12))
    values[2, 4] = np.nan
    table = ward_table(values, themes=("A", "B"), periods=("2016", "2017"))
    batch = local_moran(table, ring(), q=0.6)
    alone = [local_moran(part, ring(), q=0.6) for _, part in table.groupby(level=["theme", "period"])]
    pd.testing.assert_frame_equal(
        batch.astype({"moran_method": str}), pd.concat(alone).astype({"moran_method": str})
    )
    moved = local_moran(table.sample(frac=1, random_state=0), ring(), q=0.6)
    pd.testing.assert_frame_equal(moved.loc[batch.index], batch)


# --- provenance


def test_the_method_says_how():
    sentence = local_moran(ward_table(RISING), ring(), **LENIENT)["moran_method"].iloc[0]
    assert sentence.startswith(
        "Local Moran's I of rate with the neighbours given, weights that sum to 1, 12 wards, 24 links. "
        "p: two-sided, for likeness or contrast, all arrangements of the other wards, at best 0.036."
    )
