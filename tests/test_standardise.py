import esda
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_gi_star import CODES, ward_table
from wardmap import schema
from wardmap.errors import InputError, MissingColumnError
from wardmap.rates.standard_rate import standardise_rates


def counts(incidents, people):
    return ward_table(incidents, CODES[: len(incidents)], variable="incidents").assign(population=people)


def test_published_standard_rates():
    """The example of esda's assuncao_rate."""
    table = counts([30, 25, 25, 15, 33, 21, 30, 20], [100, 100, 110, 90, 100, 90, 110, 90])
    got = standardise_rates(table)["standard_rate"]
    np.testing.assert_allclose(got.iloc[:4], [1.03843, -0.04099, -0.56250, -1.73062], atol=2e-5)


@pytest.mark.real_data
def test_published_variance_of_auckland(shared_data):
    """Infant deaths (Marshall 1991): a 7.284173e-07 and b 0.002633436, read back from the scores."""
    deaths = pd.read_csv(shared_data / "reference" / "auckland" / "auckland_EB.csv")
    codes = [f"A{number:03}" for number in deaths["i"]]
    table = ward_table(deaths["M77_85"], codes, variable="incidents").assign(
        population=deaths["pop"].to_numpy()
    )
    score = standardise_rates(table)["standard_rate"].to_numpy()
    rate, b = deaths["raw"].to_numpy(), 0.002633436
    assert deaths["M77_85"].sum() / deaths["pop"].sum() == pytest.approx(b, abs=5e-10)
    far = np.abs(score) > 0.5
    a = ((rate - b) / score) ** 2 - b / deaths["pop"].to_numpy()
    np.testing.assert_allclose(a[far], 7.284173e-07, rtol=2e-4)


@given(seed=st.integers(0, 10_000), spread=st.sampled_from([0.0, 1.0]))
@settings(max_examples=50)
def test_esda_as_peer_where_the_variance_is_below_that_of_chance_and_where_not(seed, spread):
    rng = np.random.default_rng(seed)
    people = rng.integers(50, 5_000, size=10).astype(float)
    incidents = np.round(people * 0.05 * (1 + spread * rng.random(10)))
    peer = esda.smoothing.assuncao_rate(incidents, people)
    np.testing.assert_allclose(standardise_rates(counts(incidents, people))["standard_rate"], peer)


def test_what_is_not_known_is_left_out():
    table = counts([3.0, np.nan, 5.0, 6.0, 2.0], [100.0, 100.0, 0.0, np.nan, 200.0])
    result = standardise_rates(table)["standard_rate"]
    assert result.isna().tolist() == [False, True, True, True, False]
    alone = standardise_rates(counts([3.0, 4.0, 2.0], [100.0, 0.0, 200.0]))["standard_rate"]
    np.testing.assert_array_equal(result.iloc[[0, 4]], alone.iloc[[0, 2]])


def test_no_incidents():
    result = standardise_rates(counts([0, 0, 0], [1, 2, 3]))
    assert result["standard_rate"].isna().all()
    assert result["standard_rate_method"].iloc[0] == "Rates not standardised: there are no incidents."


@pytest.mark.parametrize("column", ["incidents", "population"])
def test_below_zero_and_missing(column):
    table = counts([1, 2, 3], [4, 5, 6])
    with pytest.raises(MissingColumnError, match=column):
        standardise_rates(table.drop(columns=column))
    table.loc[table.index[1], column] = -1
    with pytest.raises(InputError, match=rf"(?s){column}.*E05000001"):
        standardise_rates(table)


def test_each_theme_and_period_by_itself_and_the_column_dictionary():
    table = ward_table(np.arange(24), themes=("A", "B"), variable="incidents").assign(population=100)
    result = standardise_rates(table)
    schema.check(result, schema.WARD_TABLE)
    alone = [standardise_rates(part) for _, part in table.groupby(level="theme")]
    pd.testing.assert_frame_equal(result, pd.concat(alone), check_categorical=False)
    assert (
        "standardised after Assunção and Reis (1999) over 12 wards" in result["standard_rate_method"].iloc[0]
    )
