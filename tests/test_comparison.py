"""compare: the rate ratio to the rest, its interval, and what it says."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import wardmap as wm
from wardmap import schema
from wardmap.errors import AlignmentError, ColumnClashError, InputError, MissingColumnError, TooFewWardsError
from wardmap.stats.intervals import rate_ratio


@pytest.fixture
def table(wards):
    """Two themes: one with a high ward, one of small numbers with zeros."""
    themes = ["all crime", "robbery"]
    index = pd.MultiIndex.from_product([themes, ["2016/17"], wards.index], names=schema.WARD_TABLE.index)
    incidents = [400, 100, 100, 100, 100, 3, 0, 1, 0, 0]
    return pd.DataFrame({"incidents": incidents, "population": 1000.0}, index=index)


def benchmarks(rates):
    """England's rate of each theme, per 1,000 people."""
    return pd.DataFrame({"England": pd.Series(rates)}).rename_axis("theme")


def mid_p_above(count, total, ratio, share=0.2):
    """P(X > count) + P(X = count) / 2 where the ward runs at `ratio` times the rest, by scipy."""
    part = ratio * share / (ratio * share + 1 - share)
    return stats.binom.sf(count, total, part) + stats.binom.pmf(count, total, part) / 2


# Inputs ---------------------------------------------------------------------------------------------


def test_what_cannot_be_compared(table):
    with pytest.raises(InputError, match="'England'"):
        wm.compare(table, against="England")
    with pytest.raises(InputError, match="between 0 and 1"):
        wm.compare(table, confidence=95)
    with pytest.raises(TooFewWardsError, match="one ward only"):
        wm.compare(table.xs("E05000001", level="ward_code", drop_level=False))
    with pytest.raises(MissingColumnError, match="add_rates"):
        wm.compare(table.drop(columns="population"))


def test_benchmarks_that_cannot_be_used(table):
    with pytest.raises(InputError, match="positive rate"):
        wm.compare(table, against=0)
    with pytest.raises(InputError, match="positive number of people"):
        wm.compare(table, against=74.2, per=-1)
    with pytest.raises(InputError, match=r"(?s)needs the index theme.*index found: None"):
        wm.compare(table, against=pd.DataFrame({"England": [74.2]}))
    with pytest.raises(AlignmentError, match=r"(?s)none of the table's themes.*'arson'"):
        wm.compare(table, against=benchmarks({"arson": 1.0}))
    twice = pd.concat([benchmarks({"robbery": 1.0})] * 2)
    with pytest.raises(InputError, match="two rows"):
        wm.compare(table, against=twice)


def test_a_benchmark_of_another_unit_is_refused(table):
    """800 crimes among 5,000 people, against a rate per 100,000 that is read as per 1,000."""
    with pytest.raises(
        InputError, match=r"(?s)another unit.*all crime, 2016/17: 800 found, 75,000.*per=100_000"
    ):
        wm.compare(table, against=15_000)
    rates = benchmarks({"all crime": 15_000.0})
    found = wm.compare(table, against=rates, per=100_000)
    assert found["England"].loc["all crime"].iloc[0] == pytest.approx(400 / 150)


def test_a_column_of_someone_else_is_not_overwritten(table):
    with pytest.raises(ColumnClashError, match="'ratio'"):
        wm.compare(table.assign(ratio=1.0))
    once = wm.compare(table)
    pd.testing.assert_frame_equal(wm.compare(once), once)


# Outputs --------------------------------------------------------------------------------------------


def test_five_wards_by_hand(table):
    found = wm.compare(table).loc[("all crime", "2016/17")]
    schema.check(wm.compare(table), schema.WARD_TABLE)
    # Quay: 400 of 1,000 people against 400 of 4,000; no months are known, so counts are binomial
    assert found.loc["E05000001", "ratio"] == 4
    lower, upper = found.loc["E05000001", ["ratio_lower", "ratio_upper"]]
    assert mid_p_above(400, 800, lower) == pytest.approx(0.025)
    assert mid_p_above(400, 800, upper) == pytest.approx(0.975)
    assert found.loc["E05000001", "ratio_method"].endswith("Poisson assumed.")
    assert found["status"].tolist() == ["Above", "Below", "Below", "Below", "Below"]


def test_small_numbers_are_exact_and_zeros_are_kept(table):
    found = wm.compare(table).loc[("robbery", "2016/17")]
    # three of four robberies among a fifth of the people
    assert found.loc["E05000001", "ratio"] == 12
    assert mid_p_above(3, 4, found.loc["E05000001", "ratio_lower"]) == pytest.approx(0.025)
    assert mid_p_above(3, 4, found.loc["E05000001", "ratio_upper"]) == pytest.approx(0.975)
    assert found.loc["E05000002", ["ratio", "ratio_lower"]].tolist() == [0, 0]
    assert found.loc["E05000002", "status"] == "Similar"


def test_nothing_anywhere_gives_nulls_not_a_status(table):
    found = wm.compare(table.assign(incidents=0))
    assert found[["ratio", "ratio_lower", "ratio_upper", "status"]].isna().all(axis=None)


def test_a_ward_without_people_is_in_no_rest(table):
    table.loc[(slice(None), slice(None), "E05000005"), "population"] = np.nan
    found = wm.compare(table).loc[("all crime", "2016/17")]
    assert np.isnan(found.loc["E05000005", "ratio"])
    assert found.loc["E05000001", "ratio"] == 4  # 400 in 1,000 against 300 in 3,000


def test_a_rest_without_incidents_has_a_lower_limit_only(table):
    """Half of s to the fifth is .025 at the lower limit."""
    table["incidents"] = [5, 0, 0, 0, 0] * 2
    first = wm.compare(table).iloc[0]
    assert np.isposinf(first["ratio"])
    assert np.isposinf(first["ratio_upper"])
    share = 0.05 ** (1 / 5)
    assert first["ratio_lower"] == pytest.approx(4 * share / (1 - share))
    assert first["status"] == "Above"


def test_a_second_comparison_stands_beside_the_first(table):
    found = wm.compare(wm.compare(table), confidence=0.998, into="strict")
    assert (found["strict_lower"] < found["ratio_lower"]).iloc[:5].all()
    assert {"status", "strict_status", "strict_method"} <= set(found.columns)
    assert "99.8%" in found["strict_method"].iloc[0]


def test_given_benchmarks_side_by_side(table):
    rates = benchmarks({"all crime": 150.0}).assign(county=[100.0])
    found = wm.compare(table, against=rates)
    quay = found.loc[("all crime", "2016/17", "E05000001")]
    assert quay["England"] == pytest.approx(400 / 150)
    lower, upper = quay["England_lower"] * 150, quay["county_upper"] * 100
    assert stats.poisson.sf(400, lower) + stats.poisson.pmf(400, lower) / 2 == pytest.approx(0.025)
    assert stats.poisson.sf(400, upper) + stats.poisson.pmf(400, upper) / 2 == pytest.approx(0.975)
    assert found.loc["all crime", "county_status"].tolist() == ["Above"] + ["Similar"] * 4
    assert found.loc["robbery", ["England", "England_status", "county_p"]].isna().all(axis=None)
    assert "taken as known" in found["county_method"].iloc[0]


def test_statuses_at_95_and_99_8_per_cent(table):
    """124 found where 100 are expected: the 95 % limits begin at 103, the 99.8 % ones below 100."""
    table["incidents"] = [124, 141, 100, 79, 70] * 2
    found = wm.compare(table, against=100).loc[("all crime", "2016/17")]
    assert found["status"].tolist() == ["Above", "Above", "Similar", "Below", "Below"]
    assert found["status_998"].tolist() == ["Similar", "Above", "Similar", "Similar", "Below"]


def test_against_the_district_and_against_the_rest_say_the_same(table):
    """r = RR / (1 - w + w RR): the ratio to the whole is closer to 1, the verdict is one."""
    rest = wm.compare(table)
    whole = wm.compare(table, against="district")
    first = whole.iloc[0]
    assert first["ratio"] == pytest.approx(400 / (800 / 5))
    assert first["ratio"] == pytest.approx(4 / (1 - 0.2 + 0.2 * 4))
    pd.testing.assert_series_equal(whole["status"], rest["status"])
    pd.testing.assert_series_equal(whole["ratio_p"], rest["ratio_p"])
    assert "the ward itself among them" in whole["ratio_method"].iloc[0]


def test_a_ward_that_holds_every_incident_against_the_district(table):
    table["incidents"] = [5, 0, 0, 0, 0] * 2
    first = wm.compare(table, against="district").iloc[0]
    assert first["ratio"] == 5  # all incidents among a fifth of the people
    assert first["ratio_upper"] == 5


def test_p_is_two_sided_and_follows_its_interval(table):
    found = wm.compare(table)
    # 3 of 4 robberies among a fifth of the people
    assert found.loc["robbery", "ratio_p"].iloc[0] == pytest.approx(2 * mid_p_above(3, 4, 1))
    assert found.loc["robbery", "ratio_p_above"].iloc[0] == pytest.approx(mid_p_above(3, 4, 1))
    assert found.loc["all crime", "ratio_p"].iloc[0] == pytest.approx(2 * mid_p_above(400, 800, 1), rel=1e-6)


# Dispersion -----------------------------------------------------------------------------------------


def test_a_published_rate_is_for_a_year(table):
    """Case N4: 30 incidents of 1,000 people in three months are 120 a year, 1.36 times a rate of 88."""
    quarter = table.assign(incidents=30, months=3)
    assert wm.compare(quarter, against=88.0)["ratio"].iloc[0] == pytest.approx(120 / 88)


def test_counts_that_vary_more_leave_more_doubt(table):
    plain, wide = wm.compare(table, dispersion=1), wm.compare(table, dispersion=2.0)
    pd.testing.assert_frame_equal(plain, wm.compare(table))
    pd.testing.assert_series_equal(plain["ratio"], wide["ratio"])
    assert (wide.loc["all crime", "ratio_lower"] < plain.loc["all crime", "ratio_lower"]).all()
    assert (wide.loc["all crime", "ratio_upper"] > plain.loc["all crime", "ratio_upper"]).all()
    assert (wide.loc["all crime", "ratio_p"] > plain.loc["all crime", "ratio_p"]).all()
    assert "vary 2.00 times as much" in wide["ratio_method"].iloc[0]
    # methods of the beta-binomial: the count's own probability by scipy, which is right away from the tails
    alpha, beta = 4 * 0.2, 4 * 0.8
    p = stats.betabinom.sf(3, 4, alpha, beta) + stats.betabinom.pmf(3, 4, alpha, beta) / 2
    assert wide.loc["robbery", "ratio_p_above"].iloc[0] == pytest.approx(p)


@pytest.mark.parametrize("bad", [0.5, float("inf"), True, pd.DataFrame({"phi": []})])
def test_a_dispersion_that_cannot_be_is_refused(table, bad):
    with pytest.raises(InputError, match="dispersion"):
        wm.compare(table, dispersion=bad)


def test_half_an_incident_is_not_tested(table):
    with pytest.raises(InputError, match="whole number"):
        wm.compare(table.assign(incidents=4.5))


# Invariants -----------------------------------------------------------------------------------------


@given(
    st.integers(0, 400),
    st.integers(0, 400),
    st.floats(1, 1e5),
    st.floats(1, 1e5),
    st.sampled_from([0.9, 0.95, 0.998]),
)
def test_turning_the_comparison_round_inverts_it(count, base, people, base_people, confidence):
    """RR of a to b is one over RR of b to a, limits included: so no side is favoured."""
    there = rate_ratio(
        *(np.array([v], dtype=float) for v in (count, people, base, base_people)), confidence=confidence
    )
    back = rate_ratio(
        *(np.array([v], dtype=float) for v in (base, base_people, count, people)), confidence=confidence
    )
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(there[1], 1 / back[2], rtol=1e-9)
        np.testing.assert_allclose(there[2], 1 / back[1], rtol=1e-9)
    if count and base:
        np.testing.assert_allclose(there[0], 1 / back[0])
        assert there[1] <= there[0] <= there[2]


def test_relabelling_and_reordering_wards_changes_nothing_else(table):
    found = wm.compare(table)
    shuffled = wm.compare(table.sample(frac=1, random_state=0)).reindex(found.index)
    pd.testing.assert_frame_equal(shuffled, found)
