import esda
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_gi_star import CODES, RISING, from_matrix, ring, ward_table
from tests.test_local_moran import reference
from wardmap import schema
from wardmap.errors import AlignmentError, InputError
from wardmap.hotspots.local.moran import moran
from wardmap.rates.standard_rate import standardise_rates

FEW = {"permutations": 199}


@pytest.mark.parametrize("option", [{"weights": "W"}, {"alternative": "both"}, {"permutations": 9}])
def test_options_are_checked(option):
    with pytest.raises(InputError):
        moran(ward_table(RISING), ring(), **option)


def test_the_graph_must_have_the_same_wards():
    with pytest.raises(AlignmentError, match="X1"):
        moran(ward_table(RISING), ring(["X1", *CODES[1:]]))


def test_what_cannot_be_tested_is_null_with_a_reason():
    values = [*[1.0] * 12, *RISING[:3], *[np.nan] * 9, *RISING]
    result = moran(ward_table(values, themes=("flat", "few", "fine")), ring(), **FEW)
    schema.check(result, schema.CLUSTERING)
    assert result["moran_p"].isna().tolist() == [True, True, False]
    assert "does not vary" in result["moran_method"].iloc[0]
    assert "known in 3 wards" in result["moran_method"].iloc[1]
    assert result["moran_wards"].tolist() == [12, 3, 12]


def test_a_ward_without_neighbours_is_left_out():
    matrix = np.pad(ring(CODES[:11]).sparse.toarray(), (0, 1))
    result = moran(ward_table(RISING), from_matrix(matrix, CODES), **FEW)
    without = moran(ward_table(RISING[:11], CODES[:11]), ring(CODES[:11]), **FEW)
    pd.testing.assert_frame_equal(result, without)


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("weights", "i", "z"), [("row-standardised", 0.510951264, 5.6341), ("binary", 0.52063815, 6.2116)]
)
def test_published_moran_of_columbus(shared_data, weights, i, z):
    table, graph = reference(
        shared_data,
        "columbus/columbus_oldcol_local.csv",
        "columbus/columbus_oldcol_weights_binary.csv",
        "neigno",
    )
    result = moran(ward_table(table["crime"], table["neigno"].tolist()), graph, weights=weights, **FEW)
    assert result["moran_i"].item() == pytest.approx(i, abs=1e-8)
    assert result["moran_z"].item() == pytest.approx(z, abs=5e-5)
    assert result["moran_p"].item() == 1 / 200
    if weights == "row-standardised":
        variance = ((result["moran_i"] - result["moran_expected"]) / result["moran_z"]) ** 2
        assert variance.item() == pytest.approx(0.008908762, abs=1e-8)


@given(seed=st.integers(0, 1_000), weights=st.sampled_from(["row-standardised", "binary"]))
@settings(max_examples=25)
def test_esda_as_peer(seed, weights):
    values = np.random.default_rng(seed).gamma(1, size=12)
    peer = esda.Moran(values, ring(reach=2), transformation=weights[0], permutations=0)
    result = moran(ward_table(values), ring(reach=2), weights=weights, permutations=99)
    assert result["moran_i"].item() == pytest.approx(peer.I)
    assert result["moran_z"].item() == pytest.approx(peer.z_rand)


def test_both_ends_and_both_sides():
    high, low, both = (
        moran(ward_table(RISING), ring(), alternative=tail, **FEW)["moran_p"].item()
        for tail in ("greater", "less", "two-sided")
    )
    assert high < 0.1 < low
    assert both == pytest.approx(2 * high)


def test_p_is_uniform_when_there_is_nothing_to_find():
    values = np.random.default_rng(3).normal(size=(400, 12))
    themes = [f"T{i}" for i in range(400)]
    p = moran(ward_table(values, themes=themes), ring(reach=2), **FEW)["moran_p"]
    for level in (0.05, 0.2, 0.5):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 400)


def test_a_batch_equals_one_at_a_time_and_rows_may_be_shuffled():
    values = np.random.default_rng(3).gamma(1, size=(4, 12))
    values[2, 4] = np.nan
    table = ward_table(values, themes=("A", "B"), periods=("2016", "2017"))
    batch = moran(table, ring(), **FEW)
    alone = pd.concat([moran(part, ring(), **FEW) for _, part in table.groupby(level=["theme", "period"])])
    pd.testing.assert_frame_equal(batch.astype({"moran_method": str}), alone.astype({"moran_method": str}))
    moved = moran(table.sample(frac=1, random_state=0), ring(), **FEW)
    pd.testing.assert_frame_equal(moved.loc[batch.index], batch)


def test_the_method_says_how():
    assert moran(ward_table(RISING), ring(), **FEW)["moran_method"].item() == (
        "Moran's I of rate with the neighbours given, row-standardised weights, 12 wards, 24 links. "
        "p: one-sided for likeness, 199 random dealings of the values (seed 0), at best 0.005."
    )


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("column", "n", "published"), [("standard_rate", 100, 0.25789), ("rate", 98, 0.20904)]
)
def test_published_moran_of_rates_in_north_carolina(shared_data, column, n, published):
    """spdep keeps the two counties without neighbours in the sums of squares, and counts them in one of
    its two functions only; here they are left out."""
    table, graph = reference(
        shared_data, "nc_sids/ncsids_local.csv", "nc_sids/ncsids_weights_CC89_binary.csv", "FIPS"
    )
    counts = ward_table(table["SID74"], table["FIPS"].tolist(), variable="incidents")
    counts = counts.assign(population=table["BIR74"].to_numpy(), rate=table["rate"].to_numpy())
    counts = standardise_rates(counts)
    z = (counts[column] - counts[column].mean()).to_numpy()
    near = graph.sparse.toarray()
    assert n / near.sum() * (z @ near @ z) / (z @ z) == pytest.approx(published, abs=5e-6)
    result = moran(counts, graph, variable=column, weights="binary", **FEW)
    assert result["moran_wards"].item() == 98
    assert result["moran_i"].item() == pytest.approx(published, rel=0.06)
