"""What esda and libpysal do today where wardmap does otherwise. A failure here means they have changed.

Then read its release notes, and see whether our own way can be given up.
"""

import warnings

import esda
import numpy as np
import pandas as pd
import pytest
from libpysal.graph import read_gal, read_gwt

from tests.test_gi_star import CODES, from_matrix, ring, ward_table
from wardmap.errors import AlignmentError, IslandWarning, OneWayWarning
from wardmap.hotspots.graph.read_neighbours import read_neighbours
from wardmap.hotspots.local.gi_star import gi_star
from wardmap.hotspots.local.local_moran import local_moran
from wardmap.hotspots.local.moran import moran
from wardmap.rates.standard_rate import standardise_rates
from wardmap.stats.multiplicity import q_values

VALUES = np.random.default_rng(0).gamma(1.0, size=12)
LENIENT = {"q": 0.6}


def simulated(statistic, values, graph, **options):
    """Let esda permute, without the warnings of numpy and numba that it lets through."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return statistic(values, graph, permutations=99, seed=0, n_jobs=1, **options).p_sim


slow = pytest.mark.slow  # esda compiles its permutations when they are first used
PEERS = [(esda.G_Local, {"transform": "B", "star": True}, gi_star), (esda.Moran_Local, {}, local_moran)]


@slow
@pytest.mark.parametrize(("peer", "options", "ours"), PEERS, ids=["Gi*", "local Moran"])
def test_one_missing_value_makes_every_ward_significant(peer, options, ours):
    values = VALUES.copy()
    values[3] = np.nan
    assert (simulated(peer, values, ring(), **options) == 0.01).all()
    p = ours(ward_table(values), ring(), **LENIENT).filter(regex="_p$").iloc[:, 0]
    assert np.isnan(p.iloc[3])
    assert p.notna().sum() == 11
    assert p.mean() > 0.2


@slow
@pytest.mark.parametrize(("peer", "options", "ours"), PEERS, ids=["Gi*", "local Moran"])
def test_no_incidents_anywhere_makes_every_ward_significant(peer, options, ours):
    assert (simulated(peer, np.zeros(12), ring(), **options) == 0.01).all()
    result = ours(ward_table(np.zeros(12)), ring())
    assert (result.filter(regex="_class$") == "not testable").all(axis=None)


@slow
@pytest.mark.parametrize(("peer", "options", "ours"), PEERS, ids=["Gi*", "local Moran"])
def test_a_ward_without_neighbours_is_significant(peer, options, ours):
    matrix = np.pad(ring(CODES[:11]).sparse.toarray(), (0, 1))
    island = from_matrix(matrix, CODES)
    assert simulated(peer, VALUES, island, **options)[11] == 0.01
    result = ours(ward_table(VALUES), island, **LENIENT).iloc[11]
    assert result.filter(regex="_class$").item() == "not testable"


@slow
def test_counts_that_are_whole_numbers_break_the_permutations_of_g_local():
    numba_error = "TypingError"
    with pytest.raises(Exception, match="nopython") as caught:
        simulated(esda.G_Local, np.arange(12), ring(), transform="B", star=True)
    assert caught.type.__name__ == numba_error
    counts = ward_table(np.arange(12), variable="incidents")
    assert gi_star(counts, ring(), variable="incidents", **LENIENT)["gi_p"].notna().all()


def test_the_default_transformation_gives_another_z():
    with pytest.warns(UserWarning, match="row-standardized"):
        by_default = esda.G_Local(VALUES, ring(), permutations=0, star=True).Zs
    binary = esda.G_Local(VALUES, ring(), transform="B", permutations=0, star=True).Zs
    assert np.abs(by_default - binary).max() > 1
    np.testing.assert_allclose(gi_star(ward_table(VALUES), ring(), **LENIENT)["gi_z"], binary)


def test_values_in_another_order_than_the_graph_are_taken_as_they_come():
    values = pd.Series(VALUES, index=CODES)
    shuffled = values.sample(frac=1, random_state=1)
    assert pytest.approx(0.4750, abs=0.1) != esda.Moran(shuffled, ring(), permutations=0).I
    table = ward_table(VALUES)
    right = esda.Moran(values, ring(), permutations=0).I
    for rows in (table, table.sample(frac=1, random_state=1)):
        assert moran(rows, ring(), permutations=99)["moran_i"].item() == pytest.approx(right)


@slow
def test_p_is_one_sided_in_the_direction_of_the_data():
    directed = simulated(esda.Moran_Local, VALUES, ring())
    one, other = (
        local_moran(ward_table(VALUES), ring(), alternative=tail, **LENIENT)["moran_p"]
        for tail in ("greater", "less")
    )
    assert directed.max() <= 0.51
    np.testing.assert_allclose(directed, np.minimum(one, other), atol=4 * 0.5 / np.sqrt(99))


def test_the_divisor_of_local_moran_is_n_minus_1():
    peer = esda.Moran_Local(VALUES, ring(), permutations=0).Is
    ours = local_moran(ward_table(VALUES), ring(), **LENIENT)["moran_i"]
    np.testing.assert_allclose(peer, ours * 11 / 12)


def test_fdr_is_a_threshold_and_is_never_empty():
    p = np.array([0.2, 0.3, 0.4])
    assert esda.fdr(p, 0.05) == pytest.approx(0.05 / 3)
    assert (q_values(p) > 0.05).all()
    on_its_line = np.array([0.02, 0.3, 0.4])  # of q = 0.06: Benjamini-Hochberg has the first, esda has none
    assert esda.fdr(on_its_line, 0.06) == pytest.approx(0.02)
    assert (q_values(on_its_line) <= 0.06).tolist() == [True, False, False]
    on_a_later_line = np.array([0.03, 0.04, 0.4])
    assert esda.fdr(on_a_later_line, 0.06) == pytest.approx(0.02)  # strictly below 0.04, so the fallback
    assert (q_values(on_a_later_line) <= 0.06).tolist() == [True, True, False]


def test_one_ward_without_people_makes_every_rate_unknown():
    incidents, people = np.array([1.0, 2.0, 3.0, 5.0]), np.array([10.0, 0.0, 30.0, 20.0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(esda.smoothing.Empirical_Bayes(incidents, people).r).all()
    table = ward_table(incidents, codes=CODES[:4], variable="incidents").assign(population=people)
    assert standardise_rates(table)["standard_rate"].isna().tolist() == [False, True, False, False]


@slow
@pytest.mark.parametrize(("peer", "options", "ours"), PEERS, ids=["Gi*", "local Moran"])
@pytest.mark.filterwarnings("ignore:.*two-sided:DeprecationWarning")
def test_p_agrees_with_esda_within_the_error_of_drawing_over_several_seeds(peer, options, ours):
    """esda gives the smaller tail; ours, of either side, and the two-sided p is twice the smaller one."""
    codes = [f"W{i:03}" for i in range(60)]
    values = np.random.default_rng(7).gamma(1.0, size=60)
    graph = ring(codes, reach=3)
    high, low, both = (
        ours(ward_table(values, codes), graph, alternative=tail, permutations=9_999, q=0.9)
        .filter(regex="_p$")
        .iloc[:, 0]
        for tail in ("greater", "less", "two-sided")
    )
    smaller = np.minimum(high, low).to_numpy()
    np.testing.assert_allclose(both, np.minimum(2 * smaller, 1))
    error = 5 * np.sqrt(smaller * (1 - smaller) / 999 + smaller / 9_999) + 2 / 1_000
    for seed in range(5):
        theirs = peer(values, graph, permutations=999, seed=seed, n_jobs=1, **options).p_sim
        assert (np.abs(theirs - smaller) <= error).all()


def test_read_gal_drops_a_neighbour_it_does_not_know(tmp_path):
    path = tmp_path / "row.gal"
    path.write_text("3\nA 1\nB\nB 2\nA X\nC 0\n\n")
    assert read_gal(path)["B"].to_dict() == {"A": 1}
    with pytest.raises(AlignmentError, match="'X'"):
        read_neighbours(pd.DataFrame(index=pd.Index(list("ABC"), name="ward_code")), path)


def test_read_gwt_drops_a_ward_that_only_others_name(tmp_path):
    path = tmp_path / "row.gwt"
    path.write_text("0 3 wards ward_code\nA B 1\nB A 1\nB C 1\n")
    theirs = read_gwt(path)
    assert (list(theirs.unique_ids), theirs["B"].to_dict()) == (["A", "B"], {"A": 1})
    wards = pd.DataFrame(index=pd.Index(list("ABC"), name="ward_code"))
    with pytest.warns(OneWayWarning, match="'B to C'"), pytest.warns(IslandWarning, match="1 of 3"):
        ours = read_neighbours(wards, path)
    assert (list(ours.unique_ids), ours["B"].to_dict()) == (["A", "B", "C"], {"A": 1, "C": 1})
