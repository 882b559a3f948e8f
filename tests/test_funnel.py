"""Funnels: limits that chance gives, and those that allow for how wards differ anyway."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardmap.errors import InputError
from wardmap.rates import funnel_limits
from wardmap.rates.funnel import overdispersion


def table(counts, people=1000):
    cells = [("ASB", "2018", f"E{n:02d}") for n in range(len(counts))]
    index = pd.MultiIndex.from_tuples(cells, names=["theme", "period", "ward_code"])
    return pd.DataFrame({"incidents": counts, "population": people}, index=index)


@pytest.mark.parametrize("wrong", [{"against": 0}, {"against": np.inf}, {"per": 0}])
def test_options_out_of_range_are_named(wrong):
    with pytest.raises(InputError, match=str(next(iter(wrong.values())))):
        funnel_limits(table([1, 2]), **wrong)


def test_negative_counts_are_named():
    with pytest.raises(InputError, match="negative(.|\n)*E01"):  # noqa: RUF043
        funnel_limits(table([1, -2]))


def test_phi_and_tau2_equal_the_worked_example():
    """Spiegelhalter's formulas on O = 120, 80, 150, 60, 95 and E = 100, nothing winsorised."""
    found = overdispersion(np.array([120.0, 80, 150, 60, 95]), np.full(5, 100.0), winsorised=0)
    assert found == pytest.approx((10.220199, 0.117752), abs=1e-6)


def test_a_ward_without_incidents_calls_for_square_roots():
    phi, _ = overdispersion(np.array([0.0, 4, 9]), np.full(3, 4.0), winsorised=0)
    assert phi == pytest.approx(((2 * (0 - 2)) ** 2 + 0 + (2 * (3 - 2)) ** 2) / 3)


def test_chance_alone_has_no_variance_between_wards():
    assert overdispersion(np.full(4, 100.0), np.full(4, 100.0), winsorised=0) == (0, 0)


def test_limits_equal_those_published_for_the_expected_number():
    """Public Health England's test data for funnels: 1 and 5 expected; and Byar's table for 20."""
    found = funnel_limits(table([1, 5], people=[100, 500]), against=10)
    limits = found[["funnel_lower", "funnel_upper"]].mul(found["funnel_expected"] / 10, axis=0)
    assert limits.to_numpy() == pytest.approx(
        np.array([[0.025318, 5.571645], [1.623486, 11.668333]]), abs=5e-6
    )


def test_status_by_the_limits_around_twenty():
    """Around 20 the exact limits are 12.2165 and 30.8884 (chi-square), so 12 and 31 lie outside."""
    found = funnel_limits(table([12, 13, 30, 31, *[20] * 40]), against=20)
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
