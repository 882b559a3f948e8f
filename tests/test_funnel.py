"""Funnels: limits that chance gives, and those that allow for how wards differ anyway."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from wardmap.errors import InputError
from wardmap.rates import funnel_limits


def table(counts, people=1000):
    cells = [("ASB", "2018", f"E{n:02d}") for n in range(len(counts))]
    index = pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"])
    return pd.DataFrame({"incidents": counts, "population": people}, index=index)


@pytest.mark.parametrize("wrong", [{"against": 0}, {"against": np.inf}, {"against": "rest"}, {"per": 0}])
def test_options_out_of_range_are_named(wrong):
    with pytest.raises(InputError, match=str(next(iter(wrong.values())))):
        funnel_limits(table([1, 2]), **wrong)


def test_negative_counts_are_named():
    with pytest.raises(InputError, match="negative(.|\n)*E01"):  # noqa: RUF043
        funnel_limits(table([1, -2]))


def test_counts_that_are_not_whole_are_refused():
    with pytest.raises(InputError, match=r"(?s)whole number.*1\.5"):
        funnel_limits(table([1.5, 2]))


def test_limits_are_those_of_counts_that_chance_gives():
    """Methods C5: counts around E = 1, 2, 3.7, 10, 50; in the table as rates around 10 per 1,000."""
    expected = np.array([1, 2, 3.7, 10, 50])
    found = funnel_limits(table([1, 2, 4, 10, 50], people=100 * expected), against=10)
    counts = {name: found[f"funnel_{name}"].to_numpy() * expected / 10 for name in
              ("lower", "upper", "lower_998", "upper_998")}  # fmt: skip
    np.testing.assert_allclose(counts["lower"], [0, 0, 0.003022, 3.775188, 36.121724], atol=1e-6)
    np.testing.assert_allclose(
        counts["upper"], [3.901949, 5.766236, 8.475475, 17.159951, 64.830492], atol=1e-6
    )
    np.testing.assert_allclose(counts["lower_998"], [0, 0, 0, 1.220529, 29.122816], atol=1e-6)
    np.testing.assert_allclose(
        counts["upper_998"], [5.867626, 8.112559, 11.519230, 21.662001, 73.751409], atol=1e-6
    )


def test_no_incident_where_two_are_expected_is_similar():
    """P(0 given 2) is .135: nothing to speak of. Where 3.7 are expected it is .0247, and Below."""
    found = funnel_limits(table([0, *[2] * 19]), against=2)
    assert set(found["funnel_status"]) == set(found["funnel_status_998"]) == {"Similar"}
    found = funnel_limits(table([0, 0, *[4] * 18], people=[1000, 973, *[1000] * 18]), against=3.7)
    assert found["funnel_status"].tolist()[:2] == ["Below", "Similar"]  # 3.7 and 3.6 expected
    assert found["funnel_status_998"].iloc[0] == "Similar"


@pytest.mark.parametrize(("expected", "first_above"), [(10, 18), (50, 65)])
def test_status_is_by_the_exact_tails(expected, first_above):
    """P(X ≥ 17 given 10) is .0270 and P(X ≥ 18) .0143; P(X ≥ 65 given 50) .0236, P(X ≥ 64) .0325."""
    found = funnel_limits(table([first_above - 1, first_above, *[expected] * 40]), against=expected)
    assert found["funnel_status"].tolist()[:2] == ["Similar", "Above"]
    assert stats.poisson.sf(first_above - 1, expected) <= 0.025 < stats.poisson.sf(first_above - 2, expected)


def test_phi_is_corrected_for_the_tenths_that_are_drawn_in():
    """Of twenty wards by chance alone, the mean square of drawn-in scores is about .7: φ is 1 on average."""
    random = np.random.default_rng(1)
    phi = [funnel_limits(table(random.poisson(50, 20)), against=50)["funnel_phi"].iloc[0] for _ in range(200)]
    assert np.mean(phi) == pytest.approx(1, abs=0.1)


def test_status_by_the_limits_around_twenty():
    """P(X ≤ 11 given 20) is .0214 and P(X ≤ 12) .0390; P(X ≥ 30) .0218 and P(X ≥ 29) .0343."""
    found = funnel_limits(table([11, 12, 29, 30, *[20] * 40]), against=20)
    assert found["funnel_status"].tolist()[:5] == ["Below", "Similar", "Similar", "Above", "Similar"]
    assert set(found["funnel_status_998"]) == {"Similar"}
    assert not found["funnel_adjusted"].any()


def test_one_very_different_district_gets_wider_limits():
    plain = funnel_limits(table([100, 98, 102, 101, 99]), against=100)
    wide = funnel_limits(table([120, 80, 150, 60, 95]), against=100)
    assert not plain["funnel_adjusted"].any()
    assert wide["funnel_adjusted"].all()
    assert (wide["funnel_upper"] > plain["funnel_upper"]).all()
    tau2 = wide["funnel_tau2"].iloc[0]
    assert wide["funnel_upper_998"].iloc[0] == pytest.approx(100 * np.exp(3.090232 * np.sqrt(0.01 + tau2)))


def test_the_target_is_the_rate_of_all_wards_unless_given():
    found = funnel_limits(table([10, 30], people=[1000, 3000]))
    assert found["funnel_target"].tolist() == [10, 10]
    assert found["funnel_expected"].tolist() == [10, 30]


def test_a_ward_without_people_has_no_place_in_the_funnel():
    found = funnel_limits(table([10, 5, 12], people=[1000, 0, 1000]))
    assert found["funnel_target"].iloc[0] == 11
    assert found.iloc[1][["funnel_lower", "funnel_upper", "funnel_phi"]].isna().all()
    assert pd.isna(found["funnel_status"].iloc[1])


@given(st.lists(st.integers(0, 2000), min_size=2, max_size=20).filter(any), st.randoms())
def test_the_outer_limits_hold_the_inner_ones_and_order_does_not_matter(counts, random):
    given_table = table(counts)
    before = given_table.copy(deep=True)
    found = funnel_limits(given_table)
    assert (found["funnel_lower_998"] <= found["funnel_lower"]).all()
    assert (found["funnel_upper_998"] >= found["funnel_upper"]).all()
    assert (found["funnel_lower"] < found["funnel_target"]).all()
    assert (found["funnel_upper"] > found["funnel_target"]).all()
    order = list(range(len(counts)))
    random.shuffle(order)
    pd.testing.assert_frame_equal(funnel_limits(given_table.iloc[order]).sort_index(), found.sort_index())
    pd.testing.assert_frame_equal(given_table, before)
