"""Four verbs, one ratio: a ward whose people are not known is in no numerator and in no rest."""

import numpy as np
import pandas as pd
import pytest

import wardmap as wm
from wardmap import schema
from wardmap.stats import ratios


@pytest.fixture
def table(wards):
    """Of five wards the second has no known population; ASB stands beside a second theme."""
    index = pd.MultiIndex.from_product(
        [["ASB", "robbery"], ["2016/17"], wards.index], names=schema.WARD_TABLE.index
    )
    counts = [50, 50, 100, 0, 0, 4, 30, 2, 9, 5]
    people = [1000, np.nan, 2000, np.nan, np.nan, 1000, np.nan, 2000, 3000, 1500]
    return pd.DataFrame({"incidents": counts, "population": people}, index=index)


@pytest.mark.parametrize(("theme", "rest"), [("ASB", 1.0), ("robbery", 4 / 1000 / (16 / 6500))])
def test_the_four_verbs_agree(table, wards, theme, rest):
    codes = wards.index[:2].tolist()
    area = wm.place_area(wards, name="Docks", ward_codes=codes, table=table, theme=theme).iloc[0]
    baseline = wm.priority.area_baseline(table, name="Docks", ward_codes=codes).loc[theme]
    pooled = (
        wm.rates.compare_wards(table, ward_codes=codes, name="Docks").loc[theme].xs("rest", level="against")
    )
    single = wm.compare(table).loc[theme]["ratio"]
    assert [area["ratio_rest"], baseline.loc["Docks", "ratio_rest"], pooled["ratio"].item()] == (
        pytest.approx([rest] * 3, rel=1e-12)
    )
    assert single.iloc[0] == pytest.approx(rest, rel=1e-12)
    assert np.isnan(single.iloc[1])
    assert baseline["ratio_rest"].iloc[0] == pytest.approx(rest, rel=1e-12)
    assert np.isnan(baseline["ratio_rest"].iloc[1])
    district = wm.compare(table, against="district").loc[theme]["ratio"].iloc[0]
    assert area["ratio_district"] == pytest.approx(district, rel=1e-12)


def test_who_is_in_neither_is_said(table, wards):
    area = wm.place_area(wards, name="Docks", ward_codes=wards.index[:2], table=table, theme="robbery").iloc[
        0
    ]
    assert f"not known are in neither: '{wards.index[1]}'" in area["area_method"]
    assert area["incidents"] == 34
    baseline = wm.priority.area_baseline(table, name="Docks", ward_codes=wards.index[:2]).loc["robbery"]
    assert baseline.loc["Docks", "incidents"] == 34
    assert baseline.loc["Docks", "rate"] == pytest.approx(4.0)  # 4 incidents of the 1,000 that are known


def test_an_excess_is_over_the_rest_whose_people_are_known(table):
    """The rest runs at 4 in 1,000 without the unknown ward's 30, so nothing of it raises what is expected."""
    counts, people = np.array([10.0, 30, 8]), np.array([1000.0, 0, 2000])
    index = pd.MultiIndex.from_product([["ASB"], ["2018"], ["E1", "E2", "E3"]], names=table.index.names)
    three = pd.DataFrame({"incidents": counts, "population": people}, index=index)
    shares = wm.allocate(three, budget=10, by="excess")["need_share"]
    assert shares.tolist() == [1.0, 0.0, 0.0]
    assert ratios.expected_at_rest(ratios.each_to_rest(counts, people)).tolist()[0] == 4.0


@pytest.mark.parametrize(
    ("counts", "people", "expected"),
    [
        ([5, 0], [10, 10], [np.inf, 0.0]),
        ([0, 0], [10, 10], [np.nan, np.nan]),
        ([5, 5], [10, 0], [np.nan, np.nan]),
        ([5, np.nan, 5], [10, 10, 5], [0.5, np.nan, 2.0]),
    ],
)
def test_edges_of_the_ratio(counts, people, expected):
    found = ratios.ratio(ratios.each_to_rest(counts, people))
    assert found == pytest.approx(expected, nan_ok=True)


def test_groups_at_once_are_as_one_by_one():
    random = np.random.default_rng(0)
    group = random.integers(0, 7, 60)
    counts, people = random.integers(0, 40, 60), random.integers(0, 5, 60) * 100.0
    together = ratios.ratio(ratios.each_to_rest(counts, people, group))
    for number in range(7):
        alone = ratios.ratio(ratios.each_to_rest(counts[group == number], people[group == number]))
        np.testing.assert_array_equal(together[group == number], alone)
