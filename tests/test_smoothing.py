"""Smoothed rates: Marshall's example, esda in the same run, and what must always hold."""

import esda.smoothing
import libpysal
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from libpysal.graph import Graph

from wardmap.errors import AlignmentError, InputError
from wardmap.rates import smooth_rates
from wardmap.stats.empirical_bayes import marshall


def table(counts, people=1000.0):
    cells = [("ASB", "2018", f"E{n:03d}") for n in range(len(counts))]
    index = pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"])
    return pd.DataFrame({"incidents": counts, "population": people}, index=index)


def in_a_row(wards):
    """Each ward beside the next; the last one alone on an island."""
    near = {
        f"E{n:03d}": [f"E{m:03d}" for m in (n - 1, n + 1) if 0 <= m < wards - 1] for n in range(wards - 1)
    }
    return Graph.from_dicts({**near, f"E{wards - 1:03d}": []})


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"against": "mean"}, "against 'mean'"),
        ({"against": "neighbours"}, "graph: none"),
        ({"graph": in_a_row(3)}, "graph: given"),
        ({"per": 0}, "per: 0"),
    ],
)
def test_options_that_do_not_fit_are_named(options, says):
    with pytest.raises(InputError, match=says):
        smooth_rates(table([1, 2, 3]), **options)


def test_negative_counts_and_wards_that_the_graph_lacks_are_named():
    with pytest.raises(InputError, match="negative(.|\n)*E001"):  # noqa: RUF043
        smooth_rates(table([1, -1]))
    with pytest.raises(AlignmentError, match="not in the graph: 'E003'"):
        smooth_rates(table([1, 2, 3, 4]), against="neighbours", graph=in_a_row(3))


def test_where_wards_are_alike_all_get_the_mean():
    found = smooth_rates(table([10, 11, 9, 10]))
    assert found["smoothed"].tolist() == pytest.approx([10] * 4)
    assert found["smoothed_weight"].tolist() == [0] * 4


def test_a_ward_without_people_is_null_and_moves_nobody():
    with_it = smooth_rates(table([40, 12, 10, 5], people=[4000.0, 4000, 4000, 0]))
    without = smooth_rates(table([40, 12, 10], people=[4000.0, 4000, 4000]))
    assert pd.isna(with_it["smoothed"].iloc[3])
    assert with_it["smoothed"].iloc[:3].tolist() == without["smoothed"].tolist()


def test_no_incidents_anywhere_is_a_rate_of_nothing():
    for options in ({}, {"against": "gamma-poisson"}, {"against": "neighbours", "graph": in_a_row(3)}):
        assert smooth_rates(table([0, 0, 0]), **options)["smoothed"].tolist() == [0, 0, 0]


@pytest.mark.real_data
def test_auckland_equals_marshall(shared_data):
    """Infant deaths in Auckland (Marshall 1991): b 0.002633436, and his smoothed values."""
    auckland = pd.read_csv(shared_data / "reference" / "auckland" / "auckland_EB.csv")
    deaths, born = auckland["M77_85"].to_numpy(float), auckland["pop"].to_numpy(float)
    smoothed, _ = marshall(deaths, born, np.ones((1, len(born))))
    assert deaths.sum() / born.sum() == pytest.approx(0.002633436, abs=5e-10)
    assert smoothed == pytest.approx(auckland["EB_global"].to_numpy(), rel=1e-12)


def test_towards_neighbours_equals_esda_where_the_spread_is_around_the_wards_own_window():
    rng = np.random.default_rng(0)
    people = rng.integers(2_000, 9_000, 36).astype(float)
    counts = rng.poisson(0.02 * people * rng.gamma(2, 0.5, 36))
    lattice = libpysal.weights.lat2W(6, 6, rook=False)
    graph = Graph.from_W(lattice)
    renamed = graph.adjacency.rename(lambda n: f"E{n:03d}")
    expected = esda.smoothing.Spatial_Empirical_Bayes(counts, people, lattice).r.ravel()
    found = smooth_rates(table(counts, people), against="neighbours", graph=Graph(renamed), per=1)
    assert found["smoothed"].to_numpy() == pytest.approx(expected, rel=1e-10)


def test_an_island_leans_on_nobody_and_so_keeps_its_rate():
    found = smooth_rates(table([40, 12, 10, 7]), against="neighbours", graph=in_a_row(4))
    assert found["smoothed"].iloc[3] == 7


@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(100, 9000)), min_size=4, max_size=20),
    st.sampled_from(["district", "gamma-poisson", "neighbours"]),
)
def test_a_smoothed_rate_lies_between_the_wards_own_and_the_mean(wards, towards):
    counts, people = (np.array(column, dtype=float) for column in zip(*wards, strict=True))
    given_table = table(counts, people)
    graph = in_a_row(len(wards)) if towards == "neighbours" else None
    found = smooth_rates(given_table, against=towards, graph=graph)
    own = 1000 * counts / people
    assert found["smoothed_weight"].between(0, 1).all()
    assert found["smoothed"].between(own.min() - 1e-9, own.max() + 1e-9).all()
    backwards = smooth_rates(given_table.iloc[::-1], against=towards, graph=graph).iloc[::-1]
    assert backwards["smoothed"].to_numpy() == pytest.approx(found["smoothed"].to_numpy(), rel=1e-6)
